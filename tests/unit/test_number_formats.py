"""Numbers of spreadsheets as a reader sees them."""

from __future__ import annotations

import pytest

from codexity.adapters.extract.packed.number_formats import format_of


@pytest.mark.parametrize(
    ("code", "value", "shown"),
    [
        ("General", "520", "520"),
        ("General", "3.14159265358979", "3.14159265359"),
        ("General", "1E+20", "1e+20"),
        ("General", "words", "words"),
        ("0", "2.6", "3"),
        ("0.00", "2.5", "2.50"),
        ("#,##0", "1240000", "1,240,000"),
        ('#,##0.00 "kr"', "1240.5", "1,240.50 kr"),
        ("[$€-407] #,##0.00", "-12", "-€ 12.00"),
        ("$#,##0", "1240", "$1,240"),
        ('"$"#,##0_);("$"#,##0)', "-1240", "-$1,240"),
        ("0%", "0.25", "25%"),
        ("0.0%", "0.255", "25.5%"),
        ("0.00E+00", "12345", "12345"),
        ("# ?/?", "0.5", "0.5"),
        ("#,##0,", "1240000", "1240000"),
        ("@", "42", "42"),
        (";;;", "42", ""),
        ("00000", "1", "1"),
        ("yyyy-mm-dd", "45356", "2024-03-05"),
        ("d/m/yy", "45356", "2024-03-05"),
        ("dd/mm/yyyy hh:mm", "45356.604166667", "2024-03-05 14:30"),
        ("h:mm AM/PM", "0.302083333", "07:15"),
        ("h:mm:ss", "0.302094907", "07:15:01"),
        ("[h]:mm", "1.25", "30:00"),
        ('[$-409]d "of" mmmm', "45356", "2024-03-05"),
        ("mmm-yy", "45356", "2024-03-05"),
        ("yyyy-mm-dd", "1", "1900-01-01"),
        ("yyyy-mm-dd", "-5", "-5"),
        ("yyyy-mm-dd", "9e9", "9e9"),
        ("0.00", "nan", "nan"),
        ("0.00", "1e400", "1e400"),
        ("0." + "0" * 5_000, "1", "1.000000000000000"),
        ('"' * 3, "1", "1"),
        ("[", "1", "1"),
    ],
)
def test_a_number_is_shown_as_its_format_has_it(code: str, value: str, shown: str) -> None:
    assert format_of(170, {170: code}).shown(value) == shown


@pytest.mark.parametrize(
    ("number", "value", "shown"),
    [(0, "2.5", "2.5"), (9, "0.25", "25%"), (14, "45356", "2024-03-05"), (20, "0.5", "12:00"),
     (27, "45356", "2024-03-05"), (46, "1.5", "36:00"), (4, "1240", "1,240.00"), (99, "2", "2")],
)  # fmt: skip
def test_numbers_that_every_workbook_knows_need_no_code(
    number: int, value: str, shown: str
) -> None:
    assert format_of(number, {}).shown(value) == shown
