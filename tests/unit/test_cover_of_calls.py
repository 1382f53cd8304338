"""Functions in questions: own documents that have the word only as a word do not answer."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

from codexity.model import Page, Passage
from codexity.stages.chunk import chunk
from codexity.stages.cover import cover

OFFICE = Path(__file__).resolve().parents[1] / "questions" / "office"
FUNCTIONS = (
    "any(iterable): true where one is. Of an empty list it gives False. all(iterable): true where"
    " every one is. max(values): the largest. print(value): writes a line. open(file): opens a file"
    " to read. next(iterator): the following value. sum(values): of an empty list it gives 0."
)


def passages(pages: Iterable[tuple[str, str]]) -> tuple[Passage, ...]:
    return tuple(
        one
        for name, text in pages
        for one in chunk(
            Page(url=f"/library/own/{name}", title=name, text=text, via="library"), words=150
        )
    )


@pytest.fixture(scope="module")
def office() -> tuple[Passage, ...]:
    files = sorted(one for one in OFFICE.rglob("*") if one.suffix in {".md", ".txt"})
    return passages((one.stem, one.read_text(encoding="utf-8")) for one in files)


@pytest.mark.parametrize(
    "question",
    [
        "what does any() of an empty list give",
        "all() of an empty list",
        "what does print() do with a line",
        "can open() read a file",
        "what does next() give of an iterator",
        "sum() of an empty list",
        "what is max() of the values",
    ],
)
def test_a_function_is_not_covered_by_its_word(office: tuple[Passage, ...], question: str) -> None:
    assert not cover(question, office).answers
    assert cover(question, passages([("functions", FUNCTIONS)])).answers


@pytest.mark.parametrize(
    "question", ["who empties the dishwasher", "how long did it take until the building was empty"]
)
def test_a_question_to_the_office_is_covered(office: tuple[Passage, ...], question: str) -> None:
    assert cover(question, office).answers
