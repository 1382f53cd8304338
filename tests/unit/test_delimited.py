"""Tables of values (CSV, TSV) as rows with the heads of their columns."""

from __future__ import annotations

import pytest

from reading import page, rows, told

CSV = "text/csv"
HEAD = ("Gate", "Fee")
TABLES = {
    "commas": "Gate,Fee\nUpper,310\nLower,280\n",
    "semicolons, for the comma is a decimal sign": "Gate;Fee\nUpper;3,10\nLower;2,80\n",
    "tabs": "Gate\tFee\nUpper\t310\nLower\t280\n",
    "bars": "Gate|Fee\nUpper|310\nLower|280\n",
    "a spreadsheet's own line": "sep=;\r\nGate;Fee\r\nUpper;310\r\nLower;280\r\n",
    "that line in quotes": '"sep=,"\nGate,Fee\nUpper,310\nLower,280\n',
    "every value quoted": '"Gate","Fee"\n"Upper","310"\n"Lower","280"\n',
    "blanks behind the commas": 'Gate, Fee\n"Upper", "310"\nLower, 280\n',
    "a mark of its encoding": "\ufeffGate,Fee\nUpper,310\nLower,280\n",
    "line breaks of old Macs": "Gate,Fee\rUpper,310\rLower,280\r",
    "empty lines between": "Gate,Fee\n\nUpper,310\n\n\nLower,280",
    "words only": "Gate,Fee\nUpper,free\nLower,dear\n",
}


@pytest.mark.parametrize("name", TABLES)
def test_each_row_knows_the_heads_of_its_columns(name: str) -> None:
    found = rows(page(TABLES[name], CSV))
    assert found[0] == ((), HEAD)
    assert [(heads, cells[0]) for heads, cells in found[1:]] == [(HEAD, "Upper"), (HEAD, "Lower")]
    assert all(len(cells) == 2 for _, cells in found)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1252", "utf-8-sig"])
def test_encodings_of_spreadsheets(encoding: str) -> None:
    body = "Straße;Größe\nÄckerweg;ölig, aber grün\nBürgermeisterallee;schön\n".encode(encoding)
    assert rows(page(body, CSV))[1] == (("Straße", "Größe"), ("Äckerweg", "ölig, aber grün"))


@pytest.mark.parametrize(
    ("source", "cells"),
    [
        ('Who,Said\nIda,"Shut it, please"\n', ("Ida", "Shut it, please")),
        ('Who,Said\nIda,"Shut ""it"" now"\n', ("Ida", 'Shut "it" now')),
        ('Who,Said\nIda,"Shut it\nat night"\n', ("Ida", "Shut it at night")),
        ('Who,Said\nIda,"Shut \\"it\\" now"\n', ("Ida", 'Shut "it" now')),
        ("Who;Said\nIda;Shut it, please\n", ("Ida", "Shut it, please")),
        ("Who,Said\nIda's,Shut it\n", ("Ida's", "Shut it")),
    ],
)
def test_quoted_values_are_one(source: str, cells: tuple[str, ...]) -> None:
    assert rows(page(source, CSV))[1] == (("Who", "Said"), cells)


@pytest.mark.parametrize(
    "source", ['Who,Age\n"Ida,31\nOle,44\nUna,9\n', 'Who,Age\nIda,31\nOle,"44\nUna,9\n']
)
def test_a_quotation_mark_without_its_other_swallows_nothing(source: str) -> None:
    found = rows(page(source, CSV))
    assert [cells[0] for _, cells in found[1:]] == ["Ida", "Ole", "Una"]
    assert all(heads == ("Who", "Age") for heads, _ in found[1:])


@pytest.mark.parametrize(
    "source", ["1,2,3\n4,5,6\n", "Ida,31\nOle,44\n", "2024-01-02,7\n2024-01-03,8\n", "a,a\nb,c\n"]
)
def test_a_first_row_that_names_no_columns_is_no_head(source: str) -> None:
    assert all(heads == () for heads, _ in rows(page(source, CSV)))


def test_years_are_heads() -> None:
    found = rows(page("Country,2019,2020\nNorway,5,6\n", CSV))
    assert found[1] == (("Country", "2019", "2020"), ("Norway", "5", "6"))


def test_what_stands_above_the_heads_is_told_apart() -> None:
    source = "Statement\nHolder;Ida Lund\n\nDay;What;Sum;Rest\n2.1.;Rope;-5;95\n3.1.;Tar;-6;89\n"
    found = page(source, CSV)
    assert told(found)[:2] == [("paragraph", "Statement"), ("pair", "Holder: Ida Lund")]
    assert rows(found)[1][0] == ("Day", "What", "Sum", "Rest")


def test_rows_that_are_too_short_or_long_keep_their_heads() -> None:
    found = rows(page("A,B,C\n1,,3\n4\n5,6,7,8\n", CSV))
    assert found[1:] == [
        (("A", "C"), ("1", "3")),
        (("A",), ("4",)),
        (("A", "B", "C", ""), ("5", "6", "7", "8")),
    ]


def test_a_huge_table_ends_at_its_bound() -> None:
    found = page("Gate,Fee\n" + "Upper,310\n" * 60_000, CSV)
    assert (len(found.blocks), found.unread) == (50_000, 1)
    assert page("Gate,Fee\n" + "Upper,310\n" * 600, CSV).unread == 0, "the control"
    wide = ",".join(f"column number {at}" for at in range(400)) + "\n"
    assert page(wide + (",".join(["x"] * 400) + "\n") * 9_000, CSV).unread == 1
