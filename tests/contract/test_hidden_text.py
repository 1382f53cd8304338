"""What a page hides is not read, and what it shows is: two tables, through the real extraction."""

from __future__ import annotations

from collections.abc import AsyncGenerator

import pytest

from codexity.adapters.extract.process import ProcessExtractor
from codexity.model import Page
from codexity.ports import Extractor, Fetched
from hiding import FILLER, HIDDEN, LEAKS, REST, SECRET, SHOWN, article, whole


@pytest.fixture(scope="module")
async def extractor() -> AsyncGenerator[ProcessExtractor]:
    async with ProcessExtractor(workers=1, seconds=20) as made:
        yield made


def document(source: str) -> Fetched:
    return Fetched(
        url="https://pond.example/", media_type="text/html", charset=None, body=source.encode()
    )


async def read(extractor: Extractor, carrier: str, text: str = SECRET) -> Page:
    return await extractor.extract(document(article(carrier, text)))


def found(page: Page) -> bool:
    return "zanzibar" in f"{page.title} {page.text}"


@pytest.mark.parametrize("text", [SECRET, f"{SECRET}. " * 40], ids=["small", "most of the page"])
async def test_hidden_text_is_not_read(extractor: Extractor, text: str) -> None:
    leaked: set[str] = set()
    for name, carrier in HIDDEN.items():
        page = await read(extractor, carrier, text)
        assert FILLER.strip() in page.text, name
        assert REST.strip() in page.text, name
        leaked |= {name} if found(page) else set()
    assert len(HIDDEN) >= 31
    assert leaked == LEAKS
    assert len(leaked) <= 4


async def test_visible_text_stays(extractor: Extractor) -> None:
    lost = {
        name
        for name, carrier in SHOWN.items()
        if SECRET not in (await read(extractor, carrier)).text
    }
    assert lost == set()


@pytest.mark.parametrize("marks", ["\u200b", "\u2060", "\u200e", "\u202e", "\u00ad", "\ufeff"])
async def test_marks_that_are_not_seen_part_no_word(extractor: Extractor, marks: str) -> None:
    page = await read(extractor, "<p>{}</p>", marks.join(SECRET))
    assert SECRET in page.text


async def test_a_script_is_no_text_that_is_hidden(extractor: Extractor) -> None:
    script = f"<script>{'let words = of + scripts; ' * 400}</script>"
    assert not found(await read(extractor, f"<div hidden>{script}<p>{{}}</p></div>"))
    shown = await read(extractor, f"<div>{script}<p>{{}}</p></div>")
    assert found(shown)
    assert "scripts" not in shown.text


@pytest.mark.parametrize(
    "cover",
    ["<div style='visibility:hidden'>{}</div>", "<main style='opacity:0'>{}</main>"],
)
async def test_a_page_that_would_be_blank_is_read(extractor: Extractor, cover: str) -> None:
    # Its scripts show it as a whole, once they have come.
    herons = f"<h1>Herons</h1><p>{FILLER}</p><p style='font-size:0'>{SECRET}</p>"
    page = await extractor.extract(document(whole(cover.format(herons))))
    assert FILLER.strip() in page.text
    assert not found(page)
    part = whole(f"<p>{REST}</p>{cover.format(f'<p>{SECRET}</p>')}")
    assert not found(await extractor.extract(document(part)))


async def test_what_is_streamed_behind_a_page_is_read(extractor: Extractor) -> None:
    react = '<div hidden id="S:1"><p>{}</p></div><script>$RC("B:1","S:1")</script>'
    marko = '<div id=af7 style="display:none"><p>{}</p></div><script>$af(7)</script>'
    for carrier in (react, marko):
        assert found(await read(extractor, carrier))
        assert not found(await read(extractor, carrier.replace("<script>$", "<script>x")))


async def test_data_that_says_what_the_page_shows_is_read(extractor: Extractor) -> None:
    data = '<script type="application/ld+json">{{"@type":"Article","articleBody":"{}"}}</script>'
    thin = f"<ul><li><a href=/>{FILLER}</a></li></ul>"
    same = await extractor.extract(document(whole(data.format(FILLER.strip()) + thin)))
    assert FILLER.strip() in same.text
    other = whole(data.format(f"{SECRET}. " * 5) + thin)
    assert not found(await extractor.extract(document(other)))
