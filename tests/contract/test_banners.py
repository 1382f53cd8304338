"""Layers that ask for consent beside an article are not read as its text."""

from __future__ import annotations

from collections.abc import AsyncGenerator

import pytest

from codexity.adapters.extract.process import ProcessExtractor
from codexity.errors import Unreadable
from codexity.ports import Extractor, Fetched

ARTICLE = (
    "<h1>The mill in winter</h1><p>From the first of December the "
    "mill grinds on Saturdays only, and"
    " the shop beside it opens at nine.</p><p>Flour is sold by "
    "the kilo, as long as there is any.</p>"
)
ASKED = (
    "We use cookies and similar techniques to measure how this "
    "site is read, to show advertisements"
    " that suit you, and to remember what you chose. By clicking "
    "accept you agree to all of this, as"
    " our policy on cookies has it, and 187 partners of ours may "
    "read them as well."
)


@pytest.fixture(scope="module")
async def extractor() -> AsyncGenerator[ProcessExtractor]:
    async with ProcessExtractor(workers=1, seconds=20) as made:
        yield made


async def text_of(extractor: Extractor, body: str, title: str = "The mill in winter") -> str:
    source = (
        f"<!doctype html><html><head><meta charset=utf-8><title>{title}</title>"
        f"</head><body>{body}</body></html>"
    )
    fetched = Fetched(
        url="https://site.example/mill", media_type="text/html", charset=None, body=source.encode()
    )
    return (await extractor.extract(fetched)).text


TOOLS = [
    '<div id="onetrust-consent-sdk"><div id="onetrust-banner-sdk" role="region">{}</div></div>',
    '<div id="CybotCookiebotDialog" lang="en">{}</div>',
    '<div id="usercentrics-cmp-ui">{}</div>',
    '<div id="didomi-host"><div class="didomi-popup-container">{}</div></div>',
    '<div class="qc-cmp2-container" id="qc-cmp2-container">{}</div>',
    '<div id="sp_message_container_12345">{}</div>',
    '<div class="cky-consent-container cky-box-bottom-left">{}</div>',
    '<div class="cc-window cc-banner cc-type-info">{}</div>',
    '<div id="cmplz-cookiebanner-container"><div class="cmplz-cookiebanner">{}</div></div>',
    '<div id="BorlabsCookieBox">{}</div>',
    '<div class="klaro"><div class="cookie-notice">{}</div></div>',
    '<div id="iubenda-cs-banner">{}</div>',
    '<div id="tarteaucitronRoot">{}</div>',
    '<div id="truste-consent-track">{}</div>',
    '<div id="cmpbox">{}</div>',
    '<div class="fc-consent-root">{}</div>',
    '<div id="hs-eu-cookie-confirmation">{}</div>',
    '<div id="sliding-popup" class="sliding-popup-bottom">{}</div>',
]


@pytest.mark.parametrize("tool", TOOLS)
@pytest.mark.parametrize("buttons", ["", "<button>Accept all</button><button>Reject all</button>"])
@pytest.mark.parametrize("where", ["before", "behind"])
async def test_layers_of_known_tools_are_not_read(
    extractor: Extractor, tool: str, buttons: str, where: str
) -> None:
    layer = tool.format(f"<h2>Your privacy</h2><p>{ASKED}</p>{buttons}")
    page = f"<div id=content>{ARTICLE}</div>"
    text = await text_of(extractor, layer + page if where == "before" else page + layer)
    assert "opens at nine" in text
    assert "by the kilo" in text
    assert "partners" not in text
    assert "cookies" not in text


OWN = {
    "en": (
        '<div class="cookie-bar"><p>This site uses cookies so that '
        "you need not sign in again.</p></div>"
    ),
    "en by a button": (
        "<div><p>We use cookies to count our readers.</p><p><a href=#>Got it</a></p></div>"
    ),
    "en dialog": (
        '<div role="dialog" aria-label="Cookies"><p>We value your privacy. '
        "Choose what we may keep.</p></div>"
    ),
    "de": (
        '<div class="cookie-hinweis"><p>Wir verwenden Cookies, um unsere '
        "Seite besser zu machen.</p></div>"
    ),
    "de by a button": (
        "<section><p>Diese Website verwendet Cookies. Näheres steht "
        "in der Erklärung.</p><button>Alle akzeptieren</button></section>"
    ),
    "fr": (
        '<div id="bandeau-cookies"><p>Nous utilisons des cookies pour '
        "mesurer la fréquentation.</p></div>"
    ),
    "fr by a button": (
        "<div><p>Ce site utilise des cookies et des traceurs.</p><button>"
        "Tout accepter</button></div>"
    ),
    "es": '<div class="aviso-cookies"><p>Utilizamos cookies propias y de terceros.</p></div>',
    "it": "<div><p>Questo sito utilizza cookie tecnici.</p><button>Accetta tutti</button></div>",
    "pt": (
        "<div><p>Usamos cookies para melhorar a sua experiência.</p><button>Aceitar</button></div>"
    ),
    "nl": (
        "<div><p>Wij gebruiken cookies om de site te verbeteren.</p>"
        "<button>Alle cookies toestaan</button></div>"
    ),
    "sv": '<div class="kakor"><p>Vi använder kakor för att webbplatsen ska fungera.</p></div>',
    "fi": (
        "<div><p>Käytämme evästeitä sivuston kehittämiseen.</p><button>"
        "Hyväksy kaikki</button></div>"
    ),
    "pl": (
        "<div><p>Używamy plików cookies w celach statystycznych.</p>"
        "<button>Akceptuję</button></div>"
    ),
    "ru": (
        "<div><p>Мы используем файлы cookie, чтобы сайт работал лучше.</p>"
        "<button>Принять</button></div>"
    ),
    "ja": "<div><p>当サイトではクッキーを使用しています。</p><button>同意する</button></div>",
    "zh": "<div><p>我们使用 Cookie 来改进服务。</p><button>全部接受</button></div>",
    "ko": "<div><p>이 사이트는 쿠키를 사용합니다.</p><button>모두 동의</button></div>",
}


@pytest.mark.parametrize("language", OWN)
async def test_layers_of_a_sites_own_are_not_read(extractor: Extractor, language: str) -> None:
    text = await text_of(extractor, f"<div id=content>{ARTICLE}</div>{OWN[language]}")
    assert text.endswith("as long as there is any.")


@pytest.mark.parametrize("layer", [TOOLS[0], TOOLS[4], "<div>{}<button>Accept all</button></div>"])
async def test_a_page_that_only_asks_is_a_wall(extractor: Extractor, layer: str) -> None:
    with pytest.raises(Unreadable) as refused:
        await text_of(extractor, layer.format(f"<h2>Your privacy</h2><p>{ASKED}</p>"))
    assert refused.value.code == "consent_wall"


MORE = "".join(
    f"<p>Stone {number} of the mill is dressed twice a year by a man who comes from afar,"
    " and who learned it from his father. He brings his own hammers.</p>"
    for number in range(1, 6)
)
ABOUT = {
    "an article": (
        "How banners ask",
        (
            "<article><h1>How banners ask</h1><div class='example'><p>We use cookies to improve"
            " your experience, says nearly every one of them, and nobody reads on.</p>"
            f"<button>Accept all</button></div>{MORE}</article>"
        ),
        "nobody reads on",
    ),
    "a policy": (
        "Cookie policy",
        (
            "<main><h1>Cookie policy</h1><div class='policy'><p>We use cookies for three things:"
            " the basket, the language, and a count of visits that is kept for a week.</p>"
            f"<button>Accept all</button></div>{MORE}</main>"
        ),
        "kept for a week",
    ),
    "a recipe": (
        "Oat biscuits",
        (
            "<div class='cookie-recipe'><h1>Oat biscuits</h1><div class='cookie-steps'>"
            "<p>Roll the dough"
            " thin, cut forty cookies, and bake them for nine minutes until "
            "their rim is brown.</p></div>"
            "<button>OK</button></div>"
        ),
        "forty cookies",
    ),
    "a question": (
        "Parking",
        (
            "<div><h1>Parking</h1><p>Cars may stand on the meadow while "
            "the mill is open, and a ticket costs"
            " two crowns at the shop.</p><button>OK</button></div>"
        ),
        "two crowns",
    ),
}


@pytest.mark.parametrize("kind", ABOUT)
async def test_what_speaks_of_them_is_read(extractor: Extractor, kind: str) -> None:
    title, body, words = ABOUT[kind]
    assert words in await text_of(extractor, body, title)


@pytest.mark.parametrize(
    "body",
    [
        "<div class=cookie>" * 1_500,
        "<p><a>OK</a>We use cookies " * 40_000,
        "<b>" * 200 + "we " * 400_000,
    ],
)
async def test_hostile_pages_are_looked_through_in_time(extractor: Extractor, body: str) -> None:
    told = ""
    try:
        await text_of(extractor, f"<main>{ARTICLE}</main>{body}")
    except Unreadable as error:
        told = error.code
    assert told != "timeout"
