"""Which quotations stand behind a citation, and what a terminal links it to."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from codexity.edges.cli.growing import Growing
from codexity.edges.quotations import cited, parted, quotations_of
from codexity.model import Answer, Claim, Quotation, Source

ONE, TWO = (Quotation(index=1, text=text, link=f"https://a.example/#{text}") for text in "xy")
OTHER = Quotation(index=2, text="z", link="https://b.example/#z")
TEXT = "Rye [1]. Oats [1][2]. Hay [2]."
CLAIMS = (
    Claim(start=0, end=8, citations=(1,), support="quoted", quotes=(ONE,)),
    Claim(start=9, end=21, citations=(1, 2), support="quoted", quotes=(TWO, OTHER, ONE)),
)


def test_a_citation_has_what_its_claim_has_of_the_source_that_it_names() -> None:
    assert list(cited(TEXT, CLAIMS)) == [(ONE,), (TWO, ONE), (OTHER,), ()]
    assert list(cited(TEXT, ())) == [()] * 4


def test_what_is_quoted_of_a_source_comes_once_in_the_order_of_the_answer() -> None:
    def source(index: int) -> Source:
        url = "https://c.example/"
        return Source(
            index=index, title="t", url=url, site="s", published=None, quote="own", link=url
        )

    assert quotations_of(source(1), CLAIMS) == (ONE, TWO)
    assert quotations_of(source(2), CLAIMS) == (OTHER,)
    own = Quotation(index=3, text="own", link="https://c.example/")
    assert quotations_of(source(3), CLAIMS) == (own,)


@pytest.mark.parametrize(
    ("text", "of_the_answer", "beside"),
    [
        ("Rye [3]. Oats [1].", [1, 3], [2]),
        ("Rye [2].", [2], [1, 3]),
        ("Rye [1][2][3]. Hay [12].", [1, 2, 3], []),
        ("Rye.", [1, 2, 3], []),
        ("", [1, 2, 3], []),
    ],
)
def test_sources_that_are_not_cited_are_parted_from_those_that_are(
    text: str, of_the_answer: list[int], beside: list[int]
) -> None:
    sources = tuple(
        Source(index=at, title="t", url="u", site="s", published=None, quote="q", link="u")
        for at in (1, 2, 3)
    )
    answer = Answer(question="q", text=text, status="completed", sources=sources)
    assert [[one.index for one in part] for part in parted(answer)] == [of_the_answer, beside]


@pytest.mark.parametrize("as_markdown", [False, True])
@pytest.mark.parametrize("pieces", [1, 2, 5, 100])
def test_a_citation_is_asked_for_with_its_place_however_the_text_comes(
    pieces: int, *, as_markdown: bool
) -> None:
    asked: set[tuple[int, int]] = set()

    def link(place: int, number: int) -> str | None:
        asked.add((place, number))
        return f"https://{place}.example/"

    shown = io.StringIO()
    console = Console(file=shown, force_terminal=True, width=20, legacy_windows=False)
    growing = Growing(console, as_markdown=as_markdown, link=link)
    text = "Rye\n\n- one [2]\n- two and three and four five [1] [3]\n\nOats [1]\n\nHay [2] now."
    for at in range(0, len(text), pieces):
        growing.add(text[at : at + pieces])
    growing.end()

    assert asked == {(0, 2), (1, 1), (2, 3), (3, 1), (4, 2)}
    last = shown.getvalue()
    assert [f"https://{place}.example/" in last for place in range(5)] == [True] * 5
