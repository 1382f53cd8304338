"""What was worked out of the last pages is remembered, and of no more than fits."""

from __future__ import annotations

from collections.abc import Callable

import anyio
import pytest

from codexity import pipeline
from codexity.memo import Memo
from codexity.model import Limits, Page, Passage, Question
from codexity.stages.chunk import chunk
from gathering import Ear
from world import WORDS, Provider, Shelf, Web, hits, toolbox


def page(name: str, chars: int = 10) -> Page:
    return Page(url=f"/{name}", title=name, text=name[0] * chars)


class Work:
    """Says how often it was asked, and makes something new each time."""

    def __init__(self) -> None:
        self.done = 0

    def __call__(self) -> object:
        self.done += 1
        return object()


def test_an_equal_page_has_at_once_what_was_made_of_it() -> None:
    memo, work = Memo[object](), Work()
    first = memo.of(page("a"), work)
    assert memo.of(page("a"), work) is first
    assert work.done == 1


@pytest.mark.parametrize(
    "other",
    [
        page("b"),
        page("a", chars=11),
        Page(url="/a", title="another", text="a" * 10),
        Page(url="/a", title="a", text="a" * 10, published="2026-01-01"),
    ],
)
def test_a_page_that_differs_in_anything_is_another(other: Page) -> None:
    memo, work = Memo[object](), Work()
    first = memo.of(page("a"), work)
    assert memo.of(other, work) is not first


def test_what_else_it_hangs_on_tells_apart() -> None:
    memo, work = Memo[object](), Work()
    first = memo.of(page("a"), work, given=100)
    assert memo.of(page("a"), work, given=200) is not first
    assert memo.of(page("a"), work, given=100) is first


def test_those_not_used_for_longest_go_first() -> None:
    memo, work = Memo[object](most_chars=3_030), Work()
    a, b = memo.of(page("a"), work), memo.of(page("b"), work)
    memo.of(page("c"), work)
    assert memo.of(page("a"), work) is a
    memo.of(page("d"), work)
    assert memo.of(page("a"), work) is a
    assert memo.of(page("b"), work) is not b


def test_a_page_that_is_too_long_is_worked_out_each_time_and_takes_no_place() -> None:
    memo, work = Memo[object](most_chars=3_030), Work()
    kept = memo.of(page("a"), work)
    long = page("long", chars=2_031)
    first = memo.of(long, work)
    assert memo.of(long, work) is not first
    assert memo.of(page("a"), work) is kept


def test_many_pages_without_text_have_an_end() -> None:
    memo, work = Memo[object](most_chars=3_030), Work()
    first = memo.of(page("first", chars=0), work)
    for number in range(5_000):
        memo.of(Page(url=f"/{number}", title="", text=""), work)
    assert memo.of(page("first", chars=0), work) is not first


def test_what_failed_is_not_remembered() -> None:
    memo, work = Memo[object](), Work()

    def fail() -> object:
        raise RuntimeError

    with pytest.raises(RuntimeError):
        memo.of(page("a"), fail)
    assert memo.of(page("a"), work) is memo.of(page("a"), work)
    assert work.done == 1


async def test_a_page_that_two_questions_read_is_cut_once(monkeypatch: pytest.MonkeyPatch) -> None:
    cut: list[str] = []

    def seen(page: Page, *, words: int, checkpoint: Callable[[], None]) -> tuple[Passage, ...]:
        cut.append(page.url)
        return chunk(page, words=words, checkpoint=checkpoint)

    monkeypatch.setattr(pipeline, "chunk", seen)
    monkeypatch.setattr(pipeline, "_CUT", Memo[object]())
    first, second = "https://a.example/kestrel", "https://a.example/kestrel/2"
    for url in (first, first, second):
        web = Web(pages={url: WORDS})
        tools = toolbox(Provider("p", hits(url)), web=web, shelf=Shelf(pages={}))
        question = Question(text="How does a kestrel hover in one place?")
        with anyio.fail_after(5):
            await pipeline.answer(question, tools, Limits(), Ear(), anyio.Event())
    assert cut == [first, second]
