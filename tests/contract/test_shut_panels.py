"""What a page has shut is read where a control that can be seen opens it: tables of both."""

from __future__ import annotations

from collections.abc import AsyncGenerator

import pytest

from codexity.adapters.extract.process import ProcessExtractor
from codexity.ports import Extractor, Fetched

FILLER = "A heron waits in shallow water until a small fish comes near enough to be caught. " * 12
PANEL = "The kiosk at the pond has coffee on Sundays, but it is closed through all of February"
SHUT = "<div id=p hidden><p>{}</p></div>"

OPENED = {
    "a button that names it": f"<button aria-expanded=false aria-controls=p>Kiosk?</button>{SHUT}",
    "a small button": f"<button aria-controls=p style='width:9px;height:9px'></button>{SHUT}",
    "a box": f"<input type=checkbox aria-controls=p style='width:9px;height:9px'>{SHUT}",
    "a button behind it": f"{SHUT}<button aria-controls=p>Kiosk?</button>",
    "a heading's button": f"<h3><button aria-controls='q p'>Kiosk?</button></h3>{SHUT}",
    "a link that is a button": f"<a href=# role=button aria-controls=p>Kiosk?</a>{SHUT}",
    "an icon with a name": f"<a href=# aria-label='More' aria-controls=p></a>{SHUT}",
    "a tab": "<div role=tablist><button role=tab aria-controls=t>Kiosk</button></div>"
    "<div id=t role=tabpanel style='display:none'><p>{}</p></div>",
    "a tab that it is named by": "<div role=tablist><a role=tab id=k href=#x>Kiosk</a></div>"
    "<div role=tabpanel aria-labelledby=k hidden><p>{}</p></div>",
    "a tab that is a link": f"<a role=tab href=#p>Kiosk</a>{SHUT}",
    "Bootstrap's collapse": f"<a data-bs-toggle=collapse href=#p>Kiosk?</a>{SHUT}",
    "Bootstrap's accordion": "<button data-bs-toggle=collapse data-bs-target='#p'>Kiosk?</button>"
    "<div id=p style='height:0;overflow:hidden'><p>{}</p></div>",
    "Bootstrap's old modal": f"<button data-toggle=modal data-target='#p'>Kiosk?</button>{SHUT}",
    "a popover": "<button popovertarget=p>Kiosk?</button><div id=p popover><p>{}</p></div>",
    "a dialog": "<button commandfor=p command=show-modal>Kiosk?</button>"
    "<dialog id=p><p>{}</p></dialog>",
    "what is said to be shut next to it": "<button aria-expanded=false>Kiosk?</button>"
    "<div style='display:none'><p>{}</p></div>",
    "what is said to be shut behind its heading": "<h3><button aria-expanded=false>Kiosk?</button>"
    "</h3><div hidden><p>{}</p></div>",
    "details": "<details><summary>Kiosk?</summary><p>{}</p></details>",
    "visibility": "<button aria-controls=p>Kiosk?</button>"
    "<div id=p style='visibility:hidden'><p>{}</p></div>",
    "found when looked for": "<button aria-controls=p>Kiosk?</button>"
    "<div id=p hidden=until-found><p>{}</p></div>",
    "aria-hidden too": "<button aria-controls=p>Kiosk?</button>"
    "<div id=p style='display:none' aria-hidden=true><p>{}</p></div>",
    "Bootstrap's old heading": f"<div data-toggle=collapse data-target='#p'>Kiosk?</div>{SHUT}",
    "Bootstrap's class": "<button data-bs-toggle=collapse data-bs-target='.k'>Kiosk?</button>"
    "<div class=k hidden><p>{}</p></div>",
    "Foundation's toggle": f"<button data-toggle=p>Kiosk?</button>{SHUT}",
    "Foundation's tabs": f"<ul><li class=tabs-title><a href=#p>Kiosk</a></li></ul>{SHUT}",
    "Foundation's accordion": "<a href=# class=accordion-title>Kiosk?</a>"
    "<div style='display:none'><p>{}</p></div>",
    "Materialize's accordion": "<div class=collapsible-header>Kiosk?</div>"
    "<div style='display:none'><p>{}</p></div>",
    "UIkit's toggle": f"<button uk-toggle='target: #p'>Kiosk?</button>{SHUT}",
    "an item that names its tab": f"<ul><li data-tab=p>Kiosk</li></ul>{SHUT}",
    "tabs and panels that name nothing": "<ul role=tablist><li role=tab>Pond</li><li role=tab>Kiosk"
    "</li></ul><div><div role=tabpanel>Herons</div><div role=tabpanel hidden><p>{}</p></div></div>",
    "a handler": f"<button onclick=\"show(event, 'p')\">Kiosk?</button>{SHUT}",
    "a handler of a dialog": "<button onclick='p.showModal()'>Kiosk?</button>"
    "<dialog id=p><p>{}</p></dialog>",
    "a handler in a link": f"<a href=\"javascript:show('p')\">Kiosk?</a>{SHUT}",
    "a handler of what is next": "<b onclick='this.nextElementSibling.hidden=0'>Kiosk?</b>"
    "<div hidden><p>{}</p></div>",
    "Alpine's state": "<button @click='seen = !seen'>Kiosk?</button>"
    "<div x-show=seen style='display:none'><p>{}</p></div>",
    "Vue's state": "<button v-on:click='seen = true'>Kiosk?</button>"
    "<div v-show=seen style='display:none'><p>{}</p></div>",
    "a script": f"<button id=b>Kiosk?</button>{SHUT}<script>document.getElementById('b')"
    ".addEventListener('click', () => {{document.getElementById('p').hidden = false}})</script>",
    "a script for what is next": "<h3 class=q>Kiosk?</h3><div style='display:none'><p>{}</p></div>"
    "<script>$('.q').click(function () {{$(this).next().slideToggle()}})</script>",
    "a panel in a panel": "<button aria-controls=o>Pond</button><div id=o hidden>"
    f"<button aria-controls=p>Kiosk?</button>{SHUT}</div>",
    "a button in another panel": "<button aria-controls=o>Pond</button><div id=o hidden>"
    f"<button aria-controls=p>Kiosk?</button></div>{SHUT}",
}
NOT_OPENED = {
    "nobody": SHUT,
    "a button for another": f"<button aria-controls=q>Kiosk?</button>{SHUT}",
    "what is no control": f"<p aria-controls=p>Kiosk?</p>{SHUT}",
    "a link with nothing in it": f"<a href=# role=button aria-controls=p></a>{SHUT}",
    "a link with nothing to be seen in it": "<a href=# role=button aria-controls=p>"
    f"<b hidden>Kiosk?</b></a>{SHUT}",
    "a link to it": f"<a href=#p>Kiosk?</a>{SHUT}",
    "a link with a tiny word": "<a href=# role=button aria-controls=p>"
    f"<b style='font-size:0'>Kiosk?</b></a>{SHUT}",
    "a button without size": "<button aria-controls=p style='width:0;height:0;border:0;padding:0'>"
    f"</button>{SHUT}",
    "a box without size": f"<input type=checkbox aria-controls=p style='width:0;height:0'>{SHUT}",
    "a button next to it": "<button>Kiosk?</button><div hidden><p>{}</p></div>",
    "a handler for another": f"<button onclick=\"show('q')\">Kiosk?</button>{SHUT}",
    "a handler that cannot be seen": f"<span onclick=\"show('p')\"></span>{SHUT}",
    "a hidden handler": f"<button hidden onclick=\"show('p')\">Kiosk?</button>{SHUT}",
    "a link to it that is hidden": f"<a class=tab href=#p hidden>Kiosk</a>{SHUT}",
    "the state of another": "<button @click='other = 1'>Kiosk?</button>"
    "<div x-show=seen style='display:none'><p>{}</p></div>",
    "data about it": f"<a href=/x data-id=p>Kiosk?</a>{SHUT}",
    "a panel far from tabs": "<div><div><div><div><div role=tab>Pond</div></div></div></div></div>"
    "<div role=tabpanel hidden><p>{}</p></div>",
    "a panel near a hidden tab": "<div><div role=tab hidden>Kiosk</div>"
    "<div role=tabpanel hidden><p>{}</p></div></div>",
    "a script that does not listen": f"<button id=b>Kiosk?</button>{SHUT}<script>"
    "document.getElementById('b').x = document.getElementById('p').x</script>",
    "a script for what is hidden": f"<button hidden id=b>Kiosk?</button>{SHUT}<script>"
    "document.getElementById('b').addEventListener('click', () => "
    "document.getElementById('p'))</script>",
    "a heading before it": "<h3 class=q>Kiosk?</h3><div hidden><p>{}</p></div>"
    "<script>$('.r').click(function () {{$(this).next().slideToggle()}})</script>",
    "a hidden button": f"<button hidden aria-controls=p>Kiosk?</button>{SHUT}",
    "a button without colour": f"<div style='color:transparent'><a href=# aria-controls=p>Kiosk?"
    f"</a></div>{SHUT}",
    "a button far outside": "<div style='position:absolute;left:-9999px'>"
    f"<button aria-controls=p>Kiosk?</button></div>{SHUT}",
    "a hidden field": f"<input type=hidden aria-controls=p>{SHUT}",
    "its own button": "<div id=p hidden><button aria-controls=p>Kiosk?</button><p>{}</p></div>",
    "panels that open each other": "<div id=o hidden><button aria-controls=p>Kiosk?</button></div>"
    "<div id=p hidden><button aria-controls=o>Pond</button><p>{}</p></div>",
    "a panel in one that nobody opens": "<button aria-controls=p>Kiosk?</button><div hidden>"
    f"{SHUT}</div>",
    "a panel in what is invisible": "<button aria-controls=p>Kiosk?</button>"
    f"<div style='opacity:0'>{SHUT}</div>",
    "letters without size in a panel": "<button aria-controls=p>Kiosk?</button>"
    "<div id=p hidden><p style='font-size:0'>{}</p></div>",
    "a panel in a panel that is shut": "<button aria-controls=p>Kiosk?</button>"
    "<div id=p hidden><div hidden><p>{}</p></div></div>",
    "a hidden tab": "<div role=tablist hidden><a role=tab id=k href=#x>Kiosk</a></div>"
    "<div role=tabpanel aria-labelledby=k hidden><p>{}</p></div>",
    "a label that is no tab": "<h3 id=k>Kiosk</h3><div role=tabpanel aria-labelledby=k hidden>"
    "<p>{}</p></div>",
    "what opens what is not next to it": "<button aria-expanded=false>Kiosk?</button><p>Ducks.</p>"
    "<div hidden><p>{}</p></div>",
    "a hidden summary": "<details><summary style='color:transparent'>Kiosk?</summary><p>{}</p>"
    "</details>",
    "a template": "<button aria-controls=p>Kiosk?</button><template id=p><p>{}</p></template>",
}


@pytest.fixture(scope="module")
async def extractor() -> AsyncGenerator[ProcessExtractor]:
    async with ProcessExtractor(workers=1, seconds=20) as made:
        yield made


def document(body: str) -> Fetched:
    source = f"<!doctype html><html><head><meta charset=utf-8></head><body><article>{body}"
    return Fetched(
        url="https://pond.example/",
        media_type="text/html",
        charset=None,
        body=f"{source}</article></body></html>".encode(),
    )


async def is_read(extractor: Extractor, carrier: str, text: str) -> bool:
    body = f"<h1>Herons</h1><p>{FILLER}</p>{carrier.format(text)}<p>{FILLER}</p>"
    page = await extractor.extract(document(body))
    assert FILLER.strip() in page.text
    return PANEL in page.text


@pytest.mark.parametrize("text", [PANEL, f"{PANEL}. " * 40], ids=["small", "most of the page"])
async def test_a_panel_is_read_where_a_control_opens_it(extractor: Extractor, text: str) -> None:
    opened = {name for name, carrier in OPENED.items() if await is_read(extractor, carrier, text)}
    assert opened == set(OPENED)


@pytest.mark.parametrize("text", [PANEL, f"{PANEL}. " * 40], ids=["small", "most of the page"])
async def test_a_panel_that_nothing_opens_is_not_read(extractor: Extractor, text: str) -> None:
    opened = {
        name for name, carrier in NOT_OPENED.items() if await is_read(extractor, carrier, text)
    }
    assert opened == set()


async def test_many_panels_that_open_one_another_are_followed(extractor: Extractor) -> None:
    chain = "".join(
        f"<div id=p{at} hidden><button aria-controls=p{at + 1}>More</button></div>"
        for at in range(5_000)
    )
    last = "<div id=p5000 hidden><p>{}</p></div>"
    assert await is_read(extractor, f"<button aria-controls=p0>More</button>{chain}{last}", PANEL)
    assert not await is_read(extractor, chain + last, PANEL)


async def test_panels_that_share_a_name_take_what_grows_with_their_number(
    extractor: Extractor,
) -> None:
    each = "<div id=o class=o hidden><a role=button aria-controls=o data-target='.o'>More</a></div>"
    body = f"<button aria-controls='o p'>More</button>{each * 5_000}{SHUT}"
    assert await is_read(extractor, body, PANEL)


@pytest.mark.parametrize(
    "question",
    [
        "<div><button aria-expanded=false aria-controls=p>{}</button>",
        "<div><h3><button aria-expanded=false aria-controls=p>{}</button></h3>",
        "<div><button data-bs-toggle=collapse data-bs-target='#p'>{}</button>",
    ],
)
async def test_the_question_stands_before_its_answer(extractor: Extractor, question: str) -> None:
    asked = "Is the kiosk open on Sundays?"
    body = f"<p>{FILLER}</p>{question.format(asked)}{SHUT.format(PANEL)}</div><p>{FILLER}</p>"
    text = (await extractor.extract(document(body))).text
    assert text.index(asked) < text.index(PANEL)
    # What opens nothing is no text, and neither is a word that names a button.
    plain = question.replace("aria-expanded=false", "").replace("data-bs-toggle=collapse", "")
    body = f"<p>{FILLER}</p>{plain.format(asked)}</div>{question.format('More')}</div>"
    text = (await extractor.extract(document(f"{body}<p>{FILLER}</p>"))).text
    assert asked not in text
    assert "More" not in text
