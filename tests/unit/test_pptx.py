"""PPTX presentations, slide by slide."""

from __future__ import annotations

import pytest

from packing import PPTX, packed, pptx, shape
from reading import page, refusal, rows, told


def run(text: str, properties: str = "", of_paragraph: str = "") -> str:
    return f"<a:p><a:pPr {of_paragraph}/><a:r><a:rPr {properties}/><a:t>{text}</a:t></a:r></a:p>"


def test_slides_have_their_titles_first_then_their_lists_and_boxes() -> None:
    body = shape("oars", run("thin", of_paragraph='lvl="1"'), "rope", place="body")
    found = page(pptx(body + shape("Pumps", place="title"), shape("A box.")), PPTX)
    assert told(found) == [
        ("heading", "Pumps"),
        ("item", "oars"),
        ("item", "thin"),
        ("item", "rope"),
        ("paragraph", "A box."),
    ]
    assert [one.level for one in found.blocks[1:4]] == [1, 2, 1]
    assert found.title == "Pumps"


@pytest.mark.parametrize(
    ("paragraph", "kind"),
    [
        ("<a:p><a:pPr><a:buNone/></a:pPr><a:r><a:t>word</a:t></a:r></a:p>", "paragraph"),
        ("<a:p><a:pPr><a:buChar char='-'/></a:pPr><a:r><a:t>word</a:t></a:r></a:p>", "item"),
        ("<a:p><a:r><a:t>word</a:t></a:r></a:p>", "item"),
    ],
)
def test_what_has_a_bullet_is_an_item(paragraph: str, kind: str) -> None:
    assert told(page(pptx(shape(paragraph, place="body")), PPTX)) == [(kind, "word")]


def test_tables_links_and_notes() -> None:
    cells = "".join(f"<a:tc><a:txBody>{run(one)}</a:txBody></a:tc>" for one in ("Gate", "Fee"))
    values = "".join(f"<a:tc><a:txBody>{run(one)}</a:txBody></a:tc>" for one in ("Upper", "310"))
    table = (
        "<p:graphicFrame><a:tbl><a:tblPr firstRow='1'/>"
        f"<a:tr>{cells}</a:tr><a:tr>{values}</a:tr></a:tbl></p:graphicFrame>"
    )
    link = (
        "<a:p><a:r><a:rPr><a:hlinkClick xmlns:r='r' r:id='rId2'/></a:rPr><a:t>the shop</a:t>"
        "</a:r></a:p>"
    )
    body = pptx(
        table + shape(link), notes=shape("Say it.", place="body"), links="https://lamps.example/"
    )
    found = page(body, PPTX)
    heads = ("Gate", "Fee")
    assert rows(found) == [((), heads), (heads, ("Upper", "310"))]
    assert told(found)[2:] == [
        ("paragraph", "the shop (https://lamps.example/)"),
        ("paragraph", "Say it."),
    ]


HIDDEN = {
    "a hidden slide": shape("a hidden slide of poison"),
    "struck out": shape(run("poison", 'strike="sngStrike"')),
    "the number of the slide": shape("poison", place="sldNum"),
    "a hidden shape": shape("poison").replace("<p:nvSpPr>", '<p:nvSpPr><p:cNvPr hidden="1"/>'),
}


@pytest.mark.parametrize("name", HIDDEN)
def test_what_nobody_sees_is_not_read(name: str) -> None:
    shut = shape("Shut the gate.")
    assert page(pptx(shut, HIDDEN[name]), PPTX).text == "Shut the gate."


@pytest.mark.parametrize(
    ("properties", "text"),
    [('strike="noStrike"', "10 honest"), ('baseline="0"', "10 honest"), ('b="1"', "10 honest")],
)
def test_what_can_be_seen_is_read(properties: str, text: str) -> None:
    assert page(pptx(shape(run("10 honest", properties))), PPTX).text == text


def test_raised_figures_and_breaks() -> None:
    inner = (
        "<a:p><a:r><a:t>10</a:t></a:r><a:r><a:rPr baseline='30000'/><a:t>6</a:t></a:r>"
        "<a:r><a:t> litres</a:t></a:r><a:br/><a:r><a:t>each</a:t></a:r></a:p>"
    )
    assert page(pptx(shape(inner)), PPTX).text == "10⁶ litres each"


def test_dates_and_title_are_those_of_its_properties() -> None:
    core = "<c><title>Of pumps</title><created>2021-03-04T10:00:00Z</created></c>"
    found = page(pptx(shape("word"), core=core), PPTX)
    assert (found.title, found.published, found.published_from) == (
        "Of pumps",
        "2021-03-04",
        "meta",
    )


def test_a_presentation_that_is_none_is_told() -> None:
    assert "holds no ppt/presentation.xml" in refusal(packed({"a": "b"}), PPTX)
    assert "no text" in refusal(pptx(shape("")), PPTX)
