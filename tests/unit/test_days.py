"""Days are read as people write them."""

from __future__ import annotations

import pytest

from codexity.adapters.extract.days import day_in


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2024-03-05T10:00:00+01:00", "2024-03-05"),
        ("20240305T100000Z", "2024-03-05"),
        ("2024/3/5", "2024-03-05"),
        ("Tue, 05 Mar 2024 10:00:00 GMT", "2024-03-05"),
        ("Sept. 5, 2023", "2023-09-05"),
        ("5 August 2023", "2023-08-05"),
        ("5. Mai 2023", "2023-05-05"),
        ("5 août 2023", "2023-08-05"),
        ("5 de agosto de 2023", "2023-08-05"),
        ("5 luglio 2023", "2023-07-05"),
        ("5 juli 2023", "2023-07-05"),
        ("5 lipca 2023", "2023-07-05"),
        ("5 января 2023 г.", "2023-01-05"),
        ("5 Ekim 2023", "2023-10-05"),
        ("２０２４年３月５日", "2024-03-05"),
        ("2024 年 3 月 5 日", "2024-03-05"),
        ("05.03.2024", "2024-03-05"),
        ("05/03/2024", None),
        ("12 Angry 2024", None),
        ("March 2024", None),
        ("2024", None),
        ("31 February 2024", None),
        ("5 March 1954", None),
        ("5 March 2094", None),
        ("Version 12024-03-05", None),
        ("2024-03-051", None),
    ],
)
def test_days_are_read_as_people_write_them(text: str, day: str | None) -> None:
    assert day_in(text) == day
