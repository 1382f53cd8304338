"""Headings of plain text that have no marks of their own, or marks on both sides."""

from __future__ import annotations

import pytest

from codexity.adapters.extract.text.plain_text import read_plain


def headings(text: str) -> list[str]:
    page = read_plain(text, "/library/documents/note")
    return [page.text[one.start : one.end] for one in page.blocks if one.kind == "heading"]


@pytest.mark.parametrize(
    "line", ["--- Cellar ---", "== Cellar ==", "*** Cellar ***", "~~ Cellar ~~"]
)
def test_a_line_between_marks_is_a_heading(line: str) -> None:
    assert "Cellar" in headings(f"House book\n\nKeys hang there.\n\n{line}\nmeter: left wall\n")


@pytest.mark.parametrize("line", ["---", "--- Cellar", "- Cellar -", "a --- b --- c", "-----"])
def test_other_lines_with_marks_are_none(line: str) -> None:
    assert headings(f"House book\n\nKeys hang there, and\n{line}\nmeter: left wall\n") == [
        "House book"
    ]


LISTS = (
    "SHOP\n\nbaker\n- rolls\n- yeast\n\nchemist\nplasters\ncough syrup\n\nhardware\nscrews\nglue\n"
)


def test_first_lines_head_their_groups_where_a_text_is_written_so() -> None:
    assert headings(LISTS) == ["SHOP", "baker", "chemist", "hardware"]


@pytest.mark.parametrize(
    "text",
    [
        LISTS.replace("- ", ""),  # nothing tells a first line from an item
        LISTS.replace("baker\n", "Buy at the baker's today.\n"),
        LISTS.replace("chemist\n", "chemist: open till 6\n"),
        LISTS.replace("\nhardware\nscrews\nglue\n", ""),  # too few to be a habit
    ],
)
def test_first_lines_of_other_texts_are_none(text: str) -> None:
    assert headings(text) == ["SHOP"]
