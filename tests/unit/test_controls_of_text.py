"""Controls that texts have: separators of records and fields, the end of a text of DOS."""

from __future__ import annotations

import pytest

from reading import page, refusal, rows

PLAIN = "text/plain"


@pytest.mark.parametrize(
    "source",
    [
        "bell\x1fbrass\x1ebuoy\x1fsteel",
        "bell\tbrass\x1dbuoy\tsteel",
        "bell\x1fbrass\x1cbuoy\x1fsteel",
        "bell\tbrass\r\nbuoy\tsteel\r\n\x1a",
    ],
)
def test_separators_part_records_and_fields(source: str) -> None:
    assert [cells for _, cells in rows(page(source, PLAIN))] == [
        ("bell", "brass"),
        ("buoy", "steel"),
    ]


@pytest.mark.parametrize("control", ["\x01", "\x07", "\x10", "\x18", "\x7f"])
def test_other_controls_are_no_text(control: str) -> None:
    assert "not text" in refusal(f"ab{control}cd{control}", PLAIN)
