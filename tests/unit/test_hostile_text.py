"""Pages made to take long take no longer than their sentences would, all of them."""

from __future__ import annotations

import time
from functools import cache

import pytest

from codexity.adapters.rank.bm25 import Bm25
from codexity.model import Limits, Page, Passage
from codexity.stages.choose import choose
from codexity.stages.chunk import chunk
from codexity.stages.quote import quote
from codexity.text import asked, blocks, sentences, stems

LIMITS = Limits()
MOST_TIMES = 60
"""Some of these have 200,000 sentences, 45 times those of prose; what grows with their square took
hundreds of times as long."""
QUESTION = "What does the heron eat?"
PROSE = "The heron waits in the shallow water until a small fish comes near enough to be caught. "
HOSTILE = {
    "dots": ("Contents ", "."),
    "initials": ("", "A. "),
    "titles": ("", "Heron Ed. Dr. "),
    "dots and spaces": ("", ". "),
    "dots and quotes": ("", '."'),
    "mixed marks": ("", "!?…"),
    "brackets that close": ("Heron.", ")"),
    "brackets that open": ("Heron. ", "("),
    "footnotes": ("Heron", ".[1]"),
    "footnotes left open": ("Heron", ".[ 1 "),
    "numbers in brackets": ("", "[1 2 3 "),
    "blank lines with spaces": ("heron", "\n \n \n"),
    "lines of a letter": ("", "h\n \n \n"),
    "spaces behind a mark": ("Heron.", " "),
    "one word": ("", "x"),
    "one word of humps": ("", "aB"),
    "one word of underscores": ("", "_"),
    "no sentence's end": ("", "heron water fish "),
    "one line a block": ("", "h\n\n"),
    "short lines": ("", "heron fish\n"),
    "headings": ("", "heron food label\n\n"),
    "colons": ("", "heron:\n\n"),
    "calls left open": ("", "heron("),
    "arrows": ("", "f(x) -> "),
    "full stops without spaces": ("", "鷺。"),
    "full stops alone": ("", "。 "),
    "dandas": ("", "h। "),
}


def page(before: str, again: str) -> Page:
    text = (before + again * (400_000 // len(again)))[:400_000]
    return Page(url="https://pond.example/", title="Heron", text=f"{text}\n\nHerons eat fish.")


async def seconds(read: Page) -> float:
    """What the way from page to answer takes of the processor; its results are looked at."""
    begin = time.process_time()
    spans = [span for block in blocks(read.text) for span in sentences(read.text, *block)]
    passages = chunk(read, words=LIMITS.passage_words)
    evidence = await choose(QUESTION, passages, ranker=Bm25(), limits=LIMITS, max_sources=5)
    answer = quote(QUESTION, evidence, limits=LIMITS)
    spent = time.process_time() - begin
    assert all(start < end for start, end in spans)
    assert all(read.text.startswith(one.text, one.start) for one in passages)
    assert answer
    for source in evidence:
        assert source.source.quote in read.text
        assert 0 < len(source.source.quote) <= 300
    return spent


@pytest.fixture(scope="module")
async def ordinary() -> float:
    await seconds(page("", PROSE))
    return max([await seconds(page("", PROSE)) for _ in range(2)])


@pytest.mark.parametrize("name", HOSTILE)
async def test_no_page_takes_longer_than_its_sentences_do(name: str, ordinary: float) -> None:
    assert await seconds(page(*HOSTILE[name])) < MOST_TIMES * ordinary


async def test_evidence_is_made_beside_the_event_loop_and_of_a_part_of_the_page() -> None:
    pages = [
        Page(url=f"https://n{at}.example/", title=f"n{at}", text=_lines(at)) for at in range(8)
    ]
    passages = [
        Passage(page=one, start=0, text="heron fish", stems=("heron", "fish", f"n{at}"))
        for at, one in enumerate(pages)
    ]
    in_loop, in_all = time.thread_time(), time.process_time()
    evidence = await choose(QUESTION, passages, ranker=Bm25(), limits=LIMITS, max_sources=8)
    in_loop, in_all = time.thread_time() - in_loop, time.process_time() - in_all
    assert len(evidence) == 8
    assert all("number 199 " in one.source.quote for one in evidence), "the best of those seen"
    assert in_loop < 0.3 * in_all


@cache
def _lines(page: int) -> str:
    """Short lines, then long ones of which each fits better than the one before."""
    long = (
        f"In pond {page} number {at} live{' heron' * at} birds of the reeds" for at in range(400)
    )
    return "heron fish\n" * 5_000 + "\n\n".join(long)


def test_a_question_of_many_words_looks_for_a_bounded_number_of_stems() -> None:
    many = " ".join(f"w{at}" for at in range(160))
    assert len(asked(many)) < 1_000
    assert "removeprefix" in asked("how do I remove prefix")


def test_a_long_word_is_taken_in_slices() -> None:
    assert {len(one) for one in stems("x" * 250)} == {100, 50}
    assert stems("x" * 100) == ("x" * 100,)
