"""XLSX workbooks as tables, each value as it is shown, without what nobody sees."""

from __future__ import annotations

import pytest

from packing import XLSX, cell, sheet, xlsx
from reading import page, rows, told

STYLES = """<numFmts><numFmt numFmtId="170" formatCode="#,##0.00 &quot;kr&quot;"/>
<numFmt numFmtId="171" formatCode=";;;"/></numFmts>
<fonts><font/><font><color rgb="FFFFFFFF"/></font><font><strike/></font><font><sz val="1"/></font>
<font><color theme="0"/></font></fonts>
<fills><fill><patternFill patternType="none"/></fill>
<fill><patternFill patternType="solid"><fgColor rgb="FF000000"/></patternFill></fill></fills>
<cellXfs><xf/><xf fontId="1"/><xf fontId="2"/><xf fontId="3"/><xf numFmtId="171"/>
<xf fontId="1" fillId="1"/><xf numFmtId="14"/><xf numFmtId="170"/><xf fontId="4"/></cellXfs>"""
HEADS = ("Berth", "Fee", "Season")
ROWS = (HEADS, ("North", 520, "Summer"), ("South", 610, "Winter"))
TABLE = [((), HEADS), (HEADS, ("North", "520", "Summer")), (HEADS, ("South", "610", "Winter"))]


def test_a_sheet_is_a_table_with_the_heads_of_its_columns() -> None:
    found = page(xlsx(sheet(*ROWS), names=("Fees",)), XLSX)
    assert told(found)[0] == ("heading", "Fees")
    assert rows(found) == TABLE


@pytest.mark.parametrize(
    ("name", "count", "is_told"),
    [("Fees", 1, True), ("Sheet1", 1, False), ("Tabelle 1", 1, False), ("Feuil1", 1, False),
     ("Sheet1", 2, True), ("Sheet music", 1, True)],
)  # fmt: skip
def test_a_sheet_is_named_where_its_name_says_something(
    name: str, count: int, is_told: bool
) -> None:
    found = page(xlsx(*[sheet(*ROWS)] * count, names=(name,)), XLSX)
    assert (("heading", name) in told(found)) == is_told


@pytest.mark.parametrize(
    ("style", "value", "shown"),
    [(0, 520, "520"), (0, 0.30000000000000004, "0.3"), (7, 1240.5, "1,240.50 kr"),
     (6, 45356, "2024-03-05"), (99, 3, "3")],
)  # fmt: skip
def test_a_value_is_read_as_its_format_shows_it(style: int, value: float, shown: str) -> None:
    made = f"<sheetData><row>{cell('A1', 'Fee')}{cell('B1', value, style)}</row></sheetData>"
    assert page(xlsx(made, styles=STYLES), XLSX).text.endswith(shown)


STRINGS = """<si><t>plain</t></si><si><r><t>two </t></r><r><rPr><b/></rPr><t>runs</t></r></si>
<si><r><rPr><strike/></rPr><t>poison</t></r><r><t>kept</t></r></si>
<si><t>漢字</t><rPh sb="0" eb="2"><t>poison</t></rPh></si>"""


@pytest.mark.parametrize(
    ("kind", "value", "shown"),
    [("s", "0", "plain"), ("s", "1", "two runs"), ("s", "2", "kept"), ("s", "3", "漢字"),
     ("str", "of a formula", "of a formula"), ("b", "1", "TRUE"), ("b", "0", "FALSE"),
     ("d", "2024-03-05", "2024-03-05"), ("e", "#REF!", ""), ("s", "99", ""), ("s", "-1", "")],
)  # fmt: skip
def test_cells_of_each_type_are_read(kind: str, value: str, shown: str) -> None:
    row = f'<row>{cell("A1", "end")}<c r="B1" t="{kind}"><f>A1</f><v>{value}</v></c></row>'
    found = page(xlsx(f"<sheetData>{row}</sheetData>", strings=STRINGS), XLSX)
    assert found.text == f"end {shown}".strip()


HIDDEN = {
    "white on white": f"<row>{cell('A9', 'poison', 1)}</row>",
    "white by the theme": f"<row>{cell('A9', 'poison', 8)}</row>",
    "struck out": f"<row>{cell('A9', 'poison', 2)}</row>",
    "tiny": f"<row>{cell('A9', 'poison', 3)}</row>",
    "of a format that shows nothing": f"<row>{cell('A9', 7_331, 4)}</row>",
    "a hidden row": f'<row hidden="1">{cell("A9", "poison")}</row>',
    "a hidden column": f"<row>{cell('D9', 'poison')}</row>",
}
SHOWN = {
    "white on black": f"<row>{cell('A9', 'honest', 5)}</row>",
    "a folded row": f'<row hidden="1" outlineLevel="1">{cell("A9", "honest")}</row>',
    "a folded column": f"<row>{cell('E9', 'honest')}</row>",
}
COLUMNS = (
    '<cols><col min="4" max="4" hidden="1"/>'
    '<col min="5" max="5" hidden="1" outlineLevel="1"/></cols>'
)


def seen(row: str, before: str = "") -> str:
    data = f"{before}{COLUMNS}<sheetData><row>{cell('A1', 'Shut the gate.')}</row>{row}</sheetData>"
    return page(xlsx(data, styles=STYLES), XLSX).text


@pytest.mark.parametrize("name", HIDDEN)
def test_what_nobody_sees_is_not_read(name: str) -> None:
    assert seen(HIDDEN[name]) == "Shut the gate."


@pytest.mark.parametrize("name", SHOWN)
def test_what_can_be_seen_or_unfolded_is_read(name: str) -> None:
    assert "honest" in seen(SHOWN[name])


def test_rows_that_a_filter_hides_are_read_for_it_can_be_taken_off() -> None:
    hidden = HIDDEN["a hidden row"]
    assert "poison" in seen(hidden, '<sheetPr filterMode="1"/>')
    assert "poison" not in seen(hidden, '<sheetPr filterMode="0"/>')


@pytest.mark.parametrize("state", ["hidden", "veryHidden", "visible"])
def test_hidden_sheets_are_not_read(state: str) -> None:
    body = xlsx(sheet(("gate",)), sheet(("poison",)), names=("Open", "Hidden"))
    assert "poison" not in page(body, XLSX).text
    other = xlsx(sheet(("gate",)), sheet(("honest",)), names=("Open", f"With {state}"))
    assert "honest" in page(other, XLSX).text, "the control"


def test_joined_heads_are_said_with_those_below_them_and_joined_cells_in_each_row() -> None:
    merged = '<mergeCells><mergeCell ref="B1:C1"/><mergeCell ref="A3:A4"/></mergeCells>'
    data = sheet(
        ("Gate", "Fee", None, "Day"),
        (None, "Summer", "Winter", None),
        ("Upper", 310, 280, "Monday"),
        (None, 320, 290, "Tuesday"),
        after=merged,
    )
    heads = ("Gate", "Fee Summer", "Fee Winter", "Day")
    assert rows(page(xlsx(data), XLSX)) == [
        ((), heads),
        (heads, ("Upper", "310", "280", "Monday")),
        (heads, ("Upper", "320", "290", "Tuesday")),
    ]


def test_tables_and_lines_of_one_sheet_are_told_apart() -> None:
    lines = (
        *(("Fees of the harbour",), (), *ROWS, (), ("East", 300, "Summer"), ()),
        *(("Phone:", "555 0182"), ("Room:", 2.08), ()),
        *(("Paid at the desk, in coins.",), (), ("Boat", "Crew"), ("Anna", 3)),
    )
    found = page(xlsx(sheet(*lines)), XLSX)
    assert rows(found) == [
        *TABLE,
        (HEADS, ("East", "300", "Summer")),
        ((), ("Boat", "Crew")),
        (("Boat", "Crew"), ("Anna", "3")),
    ]
    assert [one for one in told(found) if one[0] != "row"] == [
        ("heading", "Fees of the harbour"),
        ("pair", "Phone: 555 0182"),
        ("pair", "Room: 2.08"),
        ("paragraph", "Paid at the desk, in coins."),
    ]


def test_cells_stand_where_they_say_and_else_behind_each_other() -> None:
    placed = "<sheetData><row r='1'><c r='B1'><v>1</v></c><c r='D1'><v>2</v></c></row></sheetData>"
    bare = "<sheetData><row><c><v>1</v></c><c><v>2</v></c></row></sheetData>"
    for data in (placed, bare):
        assert rows(page(xlsx(data), XLSX)) == [((), ("1", "2"))]


def test_the_address_behind_a_cell_and_the_dates_of_the_workbook_are_told() -> None:
    core = (
        "<c><title>Of fees</title><created>2021-03-04T10:00:00Z</created>"
        "<modified>2022-05-06T10:00:00Z</modified></c>"
    )
    after = '<hyperlinks><hyperlink ref="A1" r:id="rId1"/></hyperlinks>'
    body = xlsx(sheet(("the shop", "open"), after=after), links="https://lamps.example/", core=core)
    found = page(body, XLSX)
    assert found.text == "the shop (https://lamps.example/) open"
    assert (found.title, found.published, found.published_from) == ("Of fees", "2021-03-04", "meta")
    assert (found.modified, found.modified_from) == ("2022-05-06", "meta")


def test_days_are_counted_from_the_first_one_of_the_workbook() -> None:
    row = f"<sheetData><row>{cell('A1', 43894, 6)}</row></sheetData>"
    later = xlsx(row, styles=STYLES, workbook='<workbookPr date1904="1"/>')
    assert page(later, XLSX).text == "2024-03-05"
    assert page(xlsx(row, styles=STYLES), XLSX).text == "2020-03-04"
