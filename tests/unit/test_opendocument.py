"""OpenDocuments as blocks: texts, workbooks, presentations, without what nobody sees."""

from __future__ import annotations

import pytest

from packing import ODP, ODS, ODT, odf, ods, odt, packed
from reading import page, refusal, rows, told


def style(name: str, text: str = "", family: str = "text", parent: str = "", **more: str) -> str:
    of_paragraph = more.get("paragraph", "")
    return (
        f'<style:style style:name="{name}" style:family="{family}"'
        f' style:parent-style-name="{parent}"><style:text-properties {text}/>'
        f"<style:paragraph-properties {of_paragraph}/></style:style>"
    )


def p(text: str, of: str = "") -> str:
    return f'<text:p text:style-name="{of}">{text}</text:p>'


def span(text: str, of: str) -> str:
    return f'<text:span text:style-name="{of}">{text}</text:span>'


NUMBERS = """<text:list-style style:name="N"><text:list-level-style-number text:level="1"
style:num-format="{kind}" text:start-value="{start}"/><text:list-level-style-number text:level="2"
style:num-format="1" text:display-levels="2"/></text:list-style>"""
BULLETS = """<text:list-style style:name="N"><text:list-level-style-bullet text:level="1"/>
</text:list-style>"""


def listed(*items: str, more: str = "") -> str:
    inner = "".join(f"<text:list-item>{one}</text:list-item>" for one in items)
    return f'<text:list text:style-name="N" {more}>{inner}</text:list>'


def test_headings_paragraphs_quotations_and_code_are_told() -> None:
    body = (
        p("Of gates", "Title") + '<text:h text:outline-level="2">Locks</text:h>'
        f"{p('They<text:s text:c=' + chr(34) + '3' + chr(34) + '/>shut.')}"
        f"{p('Shut it.', 'Quotations')}{p('if gate:', 'Own')}{p('    shut()', 'Own')}"
    )
    own = style("Own", family="paragraph", parent="Preformatted_20_Text")
    shared = style("Preformatted_20_Text", family="paragraph") + style("Title", family="paragraph")
    shared += style("Quotations", family="paragraph")
    found = page(odt(body, styles=own, shared=shared), ODT)
    assert told(found) == [
        ("heading", "Of gates"),
        ("heading", "Locks"),
        ("paragraph", "They shut."),
        ("quotation", "Shut it."),
        ("code", "if gate:\n    shut()"),
    ]
    assert [one.level for one in found.blocks[:2]] == [1, 2]
    assert found.title == "Of gates"


@pytest.mark.parametrize(
    ("styles", "markers"),
    [(NUMBERS.format(kind="1", start=1), ["1.", "2."]), (BULLETS, ["", ""]),
     (NUMBERS.format(kind="a", start=1), ["a.", "b."]), ("", ["", ""]),
     (NUMBERS.format(kind="I", start=4), ["IV.", "V."])],
)  # fmt: skip
def test_items_have_their_numbers(styles: str, markers: list[str]) -> None:
    found = page(odt(listed(p("oars"), p("rope")) + p("Behind it."), styles=styles), ODT)
    assert [(one.kind, one.marker) for one in found.blocks[:2]] == [("item", m) for m in markers]
    assert found.blocks[2].kind == "paragraph"


def test_items_within_items_and_lists_that_go_on() -> None:
    styles = NUMBERS.format(kind="1", start=1)
    inner = listed(p("thin"), p("thick"))
    body = listed(p("oars"), p("rope") + inner) + p("Then:")
    body += listed(p("gate"), more='text:continue-numbering="true"') + listed(p("anew"))
    found = page(odt(body, styles=styles), ODT)
    items = [
        (one.level, one.marker, found.text[one.start : one.end])
        for one in found.blocks
        if one.kind == "item"
    ]
    assert items == [
        (1, "1.", "oars"),
        (1, "2.", "rope"),
        (2, "", "2.1 thin"),
        (2, "", "2.2 thick"),
        (1, "3.", "gate"),
        (1, "1.", "anew"),
    ]


def row(*cells: str, more: str = "") -> str:
    inner = "".join(
        one if one.startswith("<") else f"<table:table-cell>{p(one)}</table:table-cell>"
        for one in cells
    )
    return f"<table:table-row {more}>{inner}</table:table-row>"


def table(*inner: str, more: str = "") -> str:
    return f"<table:table {more}>{''.join(inner)}</table:table>"


HEAD = row("Gate", "Fee")
BOLD = "".join(
    f"<table:table-cell>{p(one, 'Strong')}</table:table-cell>" for one in ("Gate", "Fee")
)


@pytest.mark.parametrize(
    "head",
    [f"<table:table-header-rows>{HEAD}</table:table-header-rows>",
     f"<table:table-row>{BOLD}</table:table-row>"],
)  # fmt: skip
def test_rows_know_their_heads_and_the_cells_that_reach_into_them(head: str) -> None:
    spanned = f'<table:table-cell table:number-rows-spanned="2">{p("Upper")}</table:table-cell>'
    body = table(head, row(spanned, "310"), row("<table:covered-table-cell/>", "280"))
    strong = style("Strong", 'fo:font-weight="bold"', family="paragraph")
    found = rows(page(odt(body, styles=strong), ODT))
    heads = ("Gate", "Fee")
    assert found == [((), heads), (heads, ("Upper", "310")), (heads, ("Upper", "280"))]


STYLES = (
    style("Off", 'text:display="none"')
    + style("White", 'fo:color="#ffffff"')
    + style("Lit", 'fo:color="#FFFFFF" fo:background-color="#000000"')
    + style("Tiny", 'fo:font-size="1pt"')
    + style("Struck", 'style:text-line-through-style="solid"')
    + style("Unstruck", 'style:text-line-through-style="none"')
    + style("Above", 'style:text-position="super 58%"')
    + style("OffP", 'text:display="none"', family="paragraph")
    + style("Heir", family="paragraph", parent="OffP")
    + style("Shown", 'text:display="true"')
    + style("WhiteP", 'fo:color="#ffffff"', "paragraph", paragraph='fo:background-color="#003300"')
    + style("Loop", family="paragraph", parent="Loop")
)
HIDDEN = {
    "hidden letters": p(span("poison", "Off")),
    "a hidden paragraph": p("poison", "OffP"),
    "one by what its style is based on": p("poison", "Heir"),
    "white": p(span("poison", "White")),
    "tiny": p(span("poison", "Tiny")),
    "struck out": p(span("poison", "Struck")),
    "within what is hidden": p(span(span("poison", "Above"), "Off")),
    "a comment": p("<office:annotation><text:p>poison</text:p></office:annotation>"),
    "deleted": "<text:tracked-changes><text:deletion><text:p>poison</text:p></text:deletion>"
    "</text:tracked-changes>",
    "a hidden section": f'<text:section text:display="none">{p("poison")}</text:section>',
    "contents": f"<text:table-of-content>{p('poison')}</text:table-of-content>",
    "a hidden table": table(row("poison", "b"), more='table:style-name="T"'),
}
SHOWN = {
    "shown again": p(span("honest", "Shown"), "OffP"),
    "white on a ground": p(span("honest", "Lit")),
    "white on that of the paragraph": p("honest", "WhiteP"),
    "not struck": p(span("honest", "Unstruck")),
    "a section": f"<text:section>{p('honest')}</text:section>",
    "a style that is its own": p("honest", "Loop"),
    "a box": p(f"<draw:frame><draw:text-box>{p('honest')}</draw:text-box></draw:frame>"),
    "inserted": p('<text:change-start text:change-id="c"/>honest<text:change-end/>'),
}
HIDDEN_TABLE = (
    '<style:style style:name="T" style:family="table">'
    '<style:table-properties table:display="false"/></style:style>'
)


@pytest.mark.parametrize("name", HIDDEN)
def test_what_nobody_sees_is_not_read(name: str) -> None:
    body = HIDDEN[name] + p("Shut the gate.")
    assert page(odt(body, styles=STYLES + HIDDEN_TABLE), ODT).text == "Shut the gate."


@pytest.mark.parametrize("name", SHOWN)
def test_what_can_be_seen_is_read(name: str) -> None:
    assert "honest" in page(odt(SHOWN[name] + p("Shut it."), styles=STYLES), ODT).text


def test_raised_figures_links_notes_and_breaks() -> None:
    note = (
        "<text:note><text:note-citation>1</text:note-citation><text:note-body>"
        f"{p('In the shed.')}</text:note-body></text:note>"
    )
    link = '<text:a xlink:href="https://lamps.example/">the shop</text:a>'
    body = p(f"10{span('6', 'Above')} litres.{note} See {link}<text:line-break/>and<text:tab/>on.")
    found = told(page(odt(body + p("Then."), styles=STYLES), ODT))
    assert found == [
        ("paragraph", "10⁶ litres.[1] See the shop and on."),
        ("pair", "the shop: https://lamps.example/"),
        ("paragraph", "In the shed."),
        ("paragraph", "Then."),
    ]


def test_title_and_dates() -> None:
    meta = (
        "<dc:title>Of gates</dc:title><meta:creation-date>2021-03-04T10:00:00</meta:creation-date>"
        "<dc:date>2022-05-06T10:00:00</dc:date>"
    )
    for media_type, body in ((ODT, odt(p("words"), meta=meta)), (ODS, ods(SHEET, meta=meta))):
        found = page(body, media_type)
        assert (found.title, found.published, found.modified) == (
            "Of gates",
            "2021-03-04",
            "2022-05-06",
        )
        assert (found.published_from, found.modified_from) == ("meta", "meta")


HEADS = ("Berth", "Fee", "Season")
SHEET = table(
    row(*HEADS), row("North", "520", "Summer"), row("South", "610", "Winter"),
    more='table:name="Fees"',
)  # fmt: skip


def test_a_sheet_is_a_table_however_often_its_blank_cells_are_repeated() -> None:
    blank = '<table:table-cell table:number-columns-repeated="16000"/>'
    rest = row(blank, more='table:number-rows-repeated="1048000"')
    found = page(ods(SHEET.replace("</table:table>", f"{rest}</table:table>")), ODS)
    assert told(found)[0] == ("heading", "Fees")
    assert rows(found) == [
        ((), HEADS),
        (HEADS, ("North", "520", "Summer")),
        (HEADS, ("South", "610", "Winter")),
    ]


def test_values_that_are_repeated_are_said_again_within_bounds() -> None:
    again = (
        f'<table:table-cell table:number-columns-repeated="99999999">{p("7")}</table:table-cell>'
    )
    body = ods(table(row("x", again, more='table:number-rows-repeated="99999999"')))
    found = rows(page(body, ODS))
    assert len(found) == 100
    assert found[0][1][:3] == ("x", "7", "7")
    assert len(found[0][1]) == 101


UNSEEN = {
    "a hidden row": row("poison", "b", more='table:visibility="collapse"'),
    "a hidden column": row("a", "<table:table-cell/>", "poison"),
    "white": row(f'<table:table-cell table:style-name="W">{p("poison")}</table:table-cell>'),
    "a comment": row(
        f"<table:table-cell><office:annotation>{p('poison')}</office:annotation></table:table-cell>"
    ),
}
WHITE = style("W", 'fo:color="#ffffff"', family="table-cell")
COLUMNS = (
    '<table:table-column table:number-columns-repeated="2"/>'
    '<table:table-column table:visibility="collapse"/>'
)


@pytest.mark.parametrize("name", UNSEEN)
def test_what_nobody_sees_of_a_workbook_is_not_read(name: str) -> None:
    body = ods(table(COLUMNS, row("Shut", "it"), UNSEEN[name]), styles=WHITE)
    assert "poison" not in page(body, ODS).text


def test_hidden_sheets_are_not_read_and_folded_and_filtered_rows_are() -> None:
    hidden = table(row("poison", "b"), more='table:style-name="T" table:name="Off"')
    filtered = row("honest", "b", more='table:visibility="filter"')
    folded = row("kept", "b", more='table:visibility="collapse"')
    open_sheet = table(
        row("a", "b"), filtered, f"<table:table-row-group>{folded}</table:table-row-group>"
    )
    text = page(ods(hidden, open_sheet, styles=HIDDEN_TABLE), ODS).text
    assert "poison" not in text
    assert "honest" in text
    assert "kept" in text


def test_slides_have_their_titles_and_lists() -> None:
    def frame(inner: str, kind: str) -> str:
        return (
            f'<draw:frame presentation:class="{kind}"><draw:text-box>{inner}</draw:text-box>'
            "</draw:frame>"
        )

    slide = frame(p("Pumps"), "title") + frame(listed(p("oars"), p("rope")), "outline")
    found = page(odf("presentation", f"<draw:page>{slide}</draw:page>"), ODP)
    assert told(found) == [("heading", "Pumps"), ("item", "oars"), ("item", "rope")]


LOCKED = "<m><e><manifest:encryption-data xmlns:manifest='m'/></e></m>"


@pytest.mark.parametrize("media_type", [ODT, ODS, ODP])
def test_a_locked_document_is_told_to_be_locked(media_type: str) -> None:
    body = packed({"META-INF/manifest.xml": LOCKED, "content.xml": b"\x07\x01"})
    assert refusal(body, media_type) == "It is locked with a password."
