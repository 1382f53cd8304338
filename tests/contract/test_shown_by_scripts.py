"""What only looks as if a script or a sheet showed a hidden text opens nothing: imitations."""

from __future__ import annotations

from collections.abc import AsyncGenerator

import pytest

from codexity.adapters.extract.process import ProcessExtractor
from codexity.ports import Extractor, Fetched
from hiding import FILLER, REST, SECRET, whole

SHUT = "<div id=late class=later style='display:none'><p>{}</p></div>"
FADED = "<div id=late class=later style='opacity:0'><p>{}</p></div>"
BY_ID = "document.getElementById('late')"
SHOWS = f"{BY_ID}.style.display = 'block'; {BY_ID}.style.opacity = 1;"
WAITS = (
    "let wait = setInterval(function () {"
    "var late = document.getElementsByClassName('later');"
    "if (late.length > 0 && getComputedStyle(late[0])['display'] === 'block') "
    "clearInterval(wait)}, 100);"
)

IMITATIONS = {
    "a wait for what nothing shows": f"<script>{WAITS}</script>",
    "a wait of jQuery's": "<script>setInterval(() => $('.later').is(':visible'), 100)</script>",
    "an observer that only looks": "<script>new IntersectionObserver(() => 0)"
    f".observe({BY_ID})</script>",
    "a line comment": f"<script>// {SHOWS}\n</script>",
    "a comment": f"<script>/* {SHOWS} */</script>",
    "a comment of the page": f"<!-- <script>{SHOWS}</script> -->",
    "a string": f'<script>let help = "{SHOWS}"</script>',
    "a template of a string": f"<script>let help = `${{0}} {SHOWS}`</script>",
    "a branch that is never taken": f"<script>if (false) {{ {SHOWS} }}</script>",
    "a function that nobody calls": f"<script>function open() {{ {SHOWS} }}</script>",
    "what follows an error": f"<script>throw new Error(); {SHOWS}</script>",
    "what does not parse": f"<script>let = = 1; {SHOWS}</script>",
    "an event that never comes": "<script>document.addEventListener('heronlanded', () => "
    f"{{ {SHOWS} }})</script>",
    "what is shut again": f"<script>{SHOWS} {BY_ID}.style.display = 'none';"
    f"{BY_ID}.style.opacity = 0</script>",
    "a type that is not run": f"<script type=text/plain>{SHOWS}</script>",
    "a template of scripts": f"<script type=text/template>{SHOWS}</script>",
    "data": '<script type="application/json">{"shows": "#late", "display": "block"}</script>',
    "for browsers of old": f"<script nomodule>{SHOWS}</script>",
    "a script with a source": f"<script src=/pond.js>{SHOWS}</script>",
    "a script in a template": f"<template><script>{SHOWS}</script></template>",
    "a script in a field": f"<textarea><script>{SHOWS}</script></textarea>",
    "code that is told": f"<pre>{SHOWS}</pre>",
    "the handler of a picture that comes": f'<img src=/heron.png onerror="{SHOWS}">',
    "a name that it shares": "<p class='later'>A heron.</p><script>"
    "document.querySelector('p.later').style.display = 'block'</script>",
    "a sheet that an inline style beats": "<style>.later{display:block;opacity:1}</style>",
    "a sheet for another": "<style>p.later{display:block!important;opacity:1!important}</style>",
    "a sheet in a comment": "<style>/* .later{display:block!important} */</style>",
    "keyframes that nothing uses": "<style>@keyframes in{to{opacity:1;display:block}}</style>",
    "keyframes of another": "<style>@keyframes in{to{opacity:1}}.heron{animation:in 1s forwards}"
    "</style>",
    "a class for cloaks": "<style>[v-cloak]{display:none}</style>",
}


@pytest.fixture(scope="module")
async def extractor() -> AsyncGenerator[ProcessExtractor]:
    async with ProcessExtractor(workers=1, seconds=20) as made:
        yield made


async def is_read(extractor: Extractor, body: str) -> bool:
    source = whole(f"<article><h1>Herons</h1><p>{FILLER}</p>{body}<p>{REST}</p></article>")
    page = await extractor.extract(
        Fetched(
            url="https://pond.example/",
            media_type="text/html",
            charset=None,
            body=source.encode(),
        )
    )
    assert FILLER.strip() in page.text
    assert REST.strip() in page.text
    return "zanzibar" in f"{page.title} {page.text}"


@pytest.mark.parametrize("text", [SECRET, f"{SECRET}. " * 40], ids=["small", "most of the page"])
@pytest.mark.parametrize("hidden", [SHUT, FADED], ids=["shut", "faded"])
async def test_what_only_looks_as_if_it_showed_a_text_does_not(
    extractor: Extractor, hidden: str, text: str
) -> None:
    carrier = hidden.format(text)
    before = {
        name for name, shows in IMITATIONS.items() if await is_read(extractor, shows + carrier)
    }
    behind = {
        name for name, shows in IMITATIONS.items() if await is_read(extractor, carrier + shows)
    }
    assert (before, behind) == (set(), set())
    # The same text is read where it is not hidden.
    assert await is_read(extractor, f"<div><p>{text}</p></div>")
