"""Second hops: a page that a better one names is evidence, and what it tells is said first."""

from __future__ import annotations

import pytest

from codexity.adapters.rank.bm25 import Bm25
from codexity.model import Limits, Page
from codexity.naming import led_to
from codexity.stages.choose import choose
from codexity.stages.chunk import chunk
from codexity.stages.quote import quote

LIMITS = Limits()
ASKED = "The ferry Corvina was built by a shipyard founded by whom?"


def page(title: str, text: str) -> Page:
    return Page(url=f"https://example.org/{title}", title=title, text=text)


FERRY = page("Corvina", "The ferry Corvina was built by Hollin Marine in 1931.")
YARD = page("Hollin Marine", "The shipyard was founded by Agnete Borch, a rope maker.")
OTHERS = [
    page(f"Ferries of {place}", f"Who built the ferry of {place} founded a shipyard at {place}.")
    for place in ("Arle", "Bront", "Culm", "Dorr")
]


async def chosen(*pages: Page) -> list[str]:
    passages = [one for each in pages for one in chunk(each, words=LIMITS.passage_words)]
    evidence = await choose(ASKED, passages, ranker=Bm25(), limits=LIMITS, max_sources=3)
    return [one.page.title for one in evidence]


async def test_a_page_that_the_best_names_has_the_last_place() -> None:
    assert await chosen(FERRY, *OTHERS, YARD) == ["Corvina", "Ferries of Arle", "Hollin Marine"]


async def test_a_page_that_nothing_names_has_none() -> None:
    yard = page("Hollin and sons", YARD.text)
    assert "Hollin and sons" not in await chosen(FERRY, *OTHERS, yard)


@pytest.mark.parametrize(("title", "first"), [("Hollin Marine", True), ("Ships", False)])
async def test_the_page_about_the_named_is_said_before_what_names_it(
    title: str, *, first: bool
) -> None:
    yard = page(title, "Agnete Borch founded the shipyard of Hollin Marine with two ropes.")
    passages = [one for each in (FERRY, yard) for one in chunk(each, words=100)]
    evidence = await choose(ASKED, passages, ranker=Bm25(), limits=LIMITS, max_sources=3)
    said = [one.text for one in quote(ASKED, evidence, limits=LIMITS)]
    assert [yard.text in one for one in said] == ([True, False] if first else [False, True])


@pytest.mark.parametrize(
    ("text", "titles", "question", "expected"),
    [
        ("She was born in Young.", ["Old", "Young, New South Wales"], "Where?", 1),
        ("He starred in Charmed.", ["Charmed (series)"], "Which series?", 0),
        ("Ask the Harbour Office.", ["Office", "Harbour Office"], "Who?", 1),
        ("Ask the harbour office.", ["Harbour Office"], "Who?", None),
        ("Ask the Harbour Office.", ["Harbour Office"], "Who runs the harbour office?", None),
        ("Ask the Harbour Offices.", ["Harbour Office"], "Who?", None),
        ("See Q.", ["Q", ""], "Who?", None),
        ("It says nothing.", [], "Who?", None),
    ],
)
def test_a_title_is_named_as_it_is_written(
    text: str, titles: list[str], question: str, expected: int | None
) -> None:
    assert led_to(text, titles, question) == expected
