"""Of a page that is too long the parts are used that speak of the question, and that is told."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codexity.adapters.extract.blocks import Draft, laid_out
from codexity.excerpt import excerpt
from codexity.model import Limits, Page
from codexity.stages.read import read
from gathering import Ear, gathering
from world import Provider, Web, hits, toolbox

URL = "https://a.example/long"
FILLER = "Ropes are tarred in spring, and hung over the beam of the shed until they are dry."
TOLD = "The password of the lodge is marmalade."
QUESTION = "What is the password of the lodge?"


def long(told: str, place: int, of: int = 400) -> str:
    blocks = [f"{FILLER} Rope {number}." for number in range(of)]
    return "\n\n".join([*blocks[:place], told, *blocks[place:]])


@pytest.mark.parametrize("place", [0, 7, 200, 399, 400])
def test_what_speaks_of_the_question_is_kept_wherever_it_stands(place: int) -> None:
    text = long(TOLD, place)
    page = excerpt(Page(url=URL, title="", text=text), QUESTION, most=8_000)
    assert TOLD in page.text
    assert page.text.startswith(text[:500]), "and so is the beginning"
    assert len(page.text) <= 8_200
    assert page.left_out == len(text) - len(page.text)
    assert all(block in text for block in page.text.split("\n\n"))


def test_a_page_that_is_short_enough_is_itself() -> None:
    page = Page(url=URL, title="", text=long(TOLD, 3, 5))
    assert excerpt(page, QUESTION, most=len(page.text)) is page
    assert excerpt(page, QUESTION, most=len(page.text) - 1).left_out > 0


@pytest.mark.parametrize(
    "text",
    [
        "x" * 50_000,
        "word " * 10_000,
        "木" * 50_000,
        f"{FILLER} " * 600,
    ],
)
def test_text_without_pauses_is_bounded_too(text: str) -> None:
    page = excerpt(Page(url=URL, title="", text=text), QUESTION, most=6_000)
    assert 0 < len(page.text) <= 6_000


def drafts(number: int) -> list[Draft]:
    every = [Draft(text="Handbook", kind="heading", level=1)]
    for chapter in range(number):
        every.append(Draft(text=f"Chapter {chapter}", kind="heading", level=2))
        every += [Draft(text=f"{FILLER} Rope {chapter}.{at}.") for at in range(30)]
        row = (f"Lodge {chapter}", "marmalade" if chapter == number - 2 else f"key {chapter}")
        every.append(Draft(text=" ".join(row), kind="row", cells=row, header=("Lodge", "Password")))
    return every


def test_blocks_headings_and_pages_go_with_the_text() -> None:
    text, blocks = laid_out(drafts(20))
    starts = tuple(one.start for one in blocks if one.kind == "heading" and one.level == 2)
    whole = Page(url=URL, title="", text=text, blocks=blocks, page_starts=starts)
    page = excerpt(whole, "Which lodge has marmalade?", most=9_000)
    at = page.text.index("marmalade")
    assert page.headings_at(at) == ("Handbook", "Chapter 18")
    assert page.number_at(at) == whole.number_at(text.index("marmalade")) == 19
    assert len(page.page_starts) == 20
    told = {text[one.start : one.end] for one in blocks}
    for one in page.blocks:
        assert page.text[one.start : one.end] in told
    (row,) = [one for one in page.blocks if one.kind == "row" and one.start < at < one.end]
    assert [page.text[start:end] for start, end in row.cells] == ["Lodge 18", "marmalade"]


@settings(deadline=None, max_examples=80)
@given(
    st.lists(
        st.sampled_from(["a", "b c", FILLER, TOLD, "x" * 300, "。木。"]), min_size=1, max_size=40
    ),
    st.integers(min_value=1, max_value=900),
)
def test_every_place_stays_in_its_block(texts: list[str], most: int) -> None:
    kinds = ("heading", "paragraph", "item")
    text, blocks = laid_out(
        Draft(text=one, kind=kinds[at % 3], level=1 + at % 2) for at, one in enumerate(texts)
    )
    starts = tuple(one.start for one in blocks[::4])
    page = excerpt(
        Page(url=URL, title="", text=text, blocks=blocks, page_starts=starts), QUESTION, most=most
    )
    assert {page.text[one.start : one.end] for one in page.blocks} <= set(texts)
    assert [one.start for one in page.blocks] == sorted(one.start for one in page.blocks)
    assert list(page.page_starts) == sorted(page.page_starts)
    assert all(0 <= start <= len(page.text) for start in page.page_starts)


async def test_reading_uses_the_excerpt_and_the_run_says_so() -> None:
    text = long(TOLD, 380)
    web = Web(pages={URL: text, "https://b.example/": FILLER * 9})
    bounds = Limits(max_page_chars=8_000)
    page = await read(URL, tools=toolbox(web=web), limits=bounds, question=QUESTION)
    assert TOLD in page.text
    ear = Ear()
    await gathering(ear, web, (Provider("p", hits(*web.pages)),), limits=bounds)
    assert ear.skipped() == [("read", URL, "in_part")]


async def test_a_pdf_of_which_only_the_first_pages_were_read_is_told() -> None:
    class Thick(Web):
        async def extract(self, fetched: object, *, worth: float = 0.0) -> Page:
            return Page(url=URL, title="", text=FILLER * 9, page_starts=(0,), unread=4)

    ear = Ear()
    await gathering(ear, Thick(pages={URL: FILLER}), (Provider("p", hits(URL)),))
    assert ear.skipped() == [("read", URL, "in_part")]


def test_a_long_page_takes_time_in_proportion() -> None:
    def spent(count: int) -> float:
        page = Page(url=URL, title="", text=long(TOLD, 1, count))
        begin = time.process_time()
        excerpt(page, QUESTION, most=20_000)
        return time.process_time() - begin

    assert spent(20_000) < 12 * spent(4_000) + 0.5
