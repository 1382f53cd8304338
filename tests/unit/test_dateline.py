"""The day that a document gives for itself."""

from __future__ import annotations

import pytest

from codexity.adapters.extract.text.dateline import dateline, day, day_in_name
from codexity.adapters.extract.text.plain_text import read_plain


@pytest.mark.parametrize(
    "line",
    [
        "2022-03-07",
        "Date: 2022-03-07",
        "7 March 2022",
        "March 7th, 2022",
        "Monday, 7 March 2022",
        "Ulm, 7. März 2022",
        "Ulm, den 7.3.2022",
        "Minutes of the board, 7 March 2022",
        "2022-03-07 - Minutes of the board",
        "Ulm, le 7 mars 2022",
        "Ulm, 7 de marzo de 2022",
        "2022年3月7日",
    ],
)
def test_a_dateline_is_found(line: str) -> None:
    assert dateline(["Minutes", line, "The board met."]) == "2022-03-07"


@pytest.mark.parametrize(
    "line",
    [
        "The lock was sold on 7 March 2022 to a firm.",
        "2022-03-07 09:14:02 pump started at 1200 rpm",
        "3/7/2022",
        "31 February 2022",
        "7 March 2999",
        "Berth 12, 340 crowns",
        "Version 2022.3",
    ],
)
def test_what_is_no_dateline_is_no_day(line: str) -> None:
    assert dateline([line]) is None
    assert day(line) is None


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("2022-03-07-minutes.md", "2022-03-07"),
        ("minutes_20220307.txt", "2022-03-07"),
        ("minutes 2022.03.07.pdf", "2022-03-07"),
        ("minutes-2022-03.md", None),
        ("part-120220307.md", None),
        ("2022-13-07.md", None),
    ],
)
def test_a_name_may_have_a_day(name: str, expected: str | None) -> None:
    assert day_in_name(name) == expected


def test_a_day_far_below_is_no_dateline() -> None:
    lines = [f"Line {at} of the text says something." for at in range(9)]
    text = "\n\n".join([*lines, "7 March 2022"])
    assert read_plain(text, "/library/a/b").published is None
    assert read_plain(f"Ulm, 7 March 2022\n\n{text}", "/library/a/b").published == "2022-03-07"
