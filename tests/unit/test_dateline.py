"""The day that a document gives for itself."""

from __future__ import annotations

import pytest

from codexity.adapters.extract.text.dateline import dateline, day, day_in_name
from codexity.adapters.extract.text.markdown import read_markdown
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
        "2022年3月7日（月）",
        "令和4年3月7日",
        "2022. 3. 7.",
        "7 марта 2022 г.",
        "7 marca 2022",
        "7. března 2022",
        "7 Mart 2022",
        "2022. március 7.",
        "٧ مارس ٢٠٢٢",
        "7-Mar-2022",
        "Mon, 7 Mar 2022 09:14:02 +0100",
        "Date: 2022-03-07 09:14",
        "**Date:** 7 March 2022",
        "Last updated: 7 March 2022",
        "Stand: 7.3.2022",
        "Mis à jour le 7 mars 2022",
        "As of 7 March 2022",
        "Posted on March 7, 2022 by Ida",
        "By Ida, 7 March 2022",
        "2022-03-07 (Mon)",
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
        "Marathon 12 2019",
        "3/7/22",
    ],
)
def test_what_is_no_dateline_is_no_day(line: str) -> None:
    assert dateline([line]) is None
    assert day(line) is None


@pytest.mark.parametrize(
    ("line", "expected"), [("28/3/2022", "2022-03-28"), ("3/28/2022", "2022-03-28")]
)
def test_figures_are_a_day_where_one_can_be_no_month(line: str, expected: str) -> None:
    assert dateline([line]) == expected


@pytest.mark.parametrize(
    "line",
    [
        "Born: 7 March 1961",
        "Due 7 March 2022",
        "Deadline: 2022-03-07",
        "Next meeting: 7 March 2022",
        "Valid until 7 March 2022",
        "Pay by 7 March 2022",
        "Geboren am 7. März 1961",
        "Gültig bis 7.3.2022",
        "Née le 7 mars 1961",
        "Vence: 7 de marzo de 2022",
        "7 March 2022 – 9 March 2022",
    ],
)
def test_the_day_of_something_else_is_no_dateline(line: str) -> None:
    assert dateline([line]) is None
    for read in (read_plain, read_markdown):
        assert read(f"{line}\n\nThe gate of the lock is shut.", "/library/a/b").published is None


@pytest.mark.parametrize(
    "block",
    [
        "- 2022-03-07: rope was bought\n- 2022-03-09: rope was cut",
        "| Day | Fee |\n|---|---|\n| 7 March 2022 | 12 |",
        "```\n2022-03-07\n```",
        "Name: Ida\nMember: 7 March 2022\nBerth: 12",
    ],
)
def test_a_day_of_a_list_or_table_is_not_the_documents(block: str) -> None:
    page = read_markdown(f"{block}\n\nThe gate is shut.", "/library/a/b")
    assert page.published is None
    labelled = read_markdown(f"- Date: 2022-03-07\n- Berth: 12\n\n{block}", "/library/a/b")
    assert labelled.published == "2022-03-07", "the control"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("2022-3-7.md", "2022-03-07"),
        ("2022_03_07.md", "2022-03-07"),
        ("7.3.2022 Protokoll.docx", "2022-03-07"),
        ("Protokoll 07.03.2022.md", "2022-03-07"),
        ("28-03-2022.md", "2022-03-28"),
        ("03_28_2022 fees.csv", "2022-03-28"),
        ("Minutes 7 March 2022.odt", "2022-03-07"),
        ("minutes_7_march_2022.md", "2022-03-07"),
        ("March 7, 2022.md", "2022-03-07"),
        ("Brief vom 7. März 2022.txt", "2022-03-07"),
        ("2022年3月7日.md", "2022-03-07"),
        ("202203070914 heron.md", "2022-03-07"),
        ("20220307091402.md", "2022-03-07"),
        ("scan_20220307_0914.pdf", "2022-03-07"),
        ("07-03-2022.md", None),
        ("v1.2.2022.md", None),
        ("192.168.1.2022.md", None),
        ("2022-W11.md", None),
        ("2999-01-01.md", None),
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
