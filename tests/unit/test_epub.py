"""EPUB books, chapter by chapter, as their readers see them."""

from __future__ import annotations

import pytest

from codexity.adapters.extract.html.whole import as_html
from packing import EPUB, epub, packed
from reading import page, refusal, rows, told

CHAPTER = "<h1>Pumps</h1><p>They are loud.</p>"


def test_chapters_are_read_in_the_order_of_the_spine_and_contents_are_not() -> None:
    found = page(epub(CHAPTER, "<h1>Gates</h1><p>They shut.</p>"), EPUB)
    assert told(found) == [
        ("heading", "Pumps"),
        ("paragraph", "They are loud."),
        ("heading", "Gates"),
        ("paragraph", "They shut."),
    ]
    assert found.title == "Of boats"


def test_a_chapter_keeps_its_structure() -> None:
    body = (
        "<ol><li>oars</li><li>rope</li></ol><pre>if gate:\n    shut()</pre>"
        "<table><tr><th>Gate</th><th>Fee</th></tr><tr><td>Upper</td><td>310</td></tr></table>"
        "<blockquote><p>Shut it.</p></blockquote><p>10<sup>6</sup> litres</p>"
    )
    found = page(epub(body), EPUB)
    assert told(found)[:3] == [
        ("item", "oars"),
        ("item", "rope"),
        ("code", "if gate:\n    shut()"),
    ]
    assert [one.marker for one in found.blocks[:2]] == ["1.", "2."]
    assert rows(found)[1] == (("Gate", "Fee"), ("Upper", "310"))
    assert told(found)[-2:] == [("quotation", "Shut it."), ("paragraph", "10⁶ litres")]


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ('<p><a id="p1"/>one</p><p>two</p>', "one\n\ntwo"),
        ("<p>&eacute;t&eacute;&nbsp;&mdash; x &amp; &lt;y&gt;</p>", "été — x & <y>"),
        ("<p>one<br/>two</p><script/><p>three</p>", "one two\n\nthree"),
        ("<p>&nosuch; word</p>", "&nosuch; word"),
        ("<p>open <b>bold</p><p>next</p>", "open bold\n\nnext"),
        ('<svg:svg xmlns:svg="s"><svg:text>drawn</svg:text></svg:svg><p>x</p>', "x"),
    ],
)
def test_chapters_are_xml(body: str, text: str) -> None:
    assert page(epub(body), EPUB).text == text


def test_what_is_no_xml_at_all_is_left_to_the_reader_of_html() -> None:
    assert as_html("<") == "<"
    entities = '<!DOCTYPE html [<!ENTITY a "ha">]><html><body><p>&a;</p></body></html>'
    assert as_html(entities) == entities


HIDDEN = {
    "by its style": '<p style="display:none">poison</p>',
    "by its attribute": "<p hidden='hidden'>poison</p>",
    "by a sheet of the book": '<p class="off">poison</p>',
    "struck out": "<p>kept <del>poison</del> words and more of them</p>",
    "by the sheet of the chapter": "<style>.own{display:none}</style><p class='own'>poison</p>",
}
CSS = "/* p.off{} */ .off { display : none }  .on{display:block}"


@pytest.mark.parametrize("name", HIDDEN)
def test_what_nobody_sees_is_not_read(name: str) -> None:
    found = page(epub(f"{HIDDEN[name]}<p>Shut the gate.</p>", css=CSS), EPUB)
    assert "poison" not in found.text
    assert "Shut the gate." in found.text


def test_what_a_sheet_shows_is_read() -> None:
    assert page(epub('<p class="on">honest</p>', css=CSS), EPUB).text == "honest"


MODIFIED = "<meta property='dcterms:modified'>2020-01-02T00:00:00Z</meta>"


@pytest.mark.parametrize(
    ("metadata", "published", "modified"),
    [
        ("<dc:date>2019-05-06</dc:date>", "2019-05-06", None),
        (f"<dc:date>2019-05-06T10:00:00Z</dc:date>{MODIFIED}", "2019-05-06", "2020-01-02"),
        ("<dc:date event='modification'>2020-01-02</dc:date><dc:date>2019-05-06</dc:date>",
         "2019-05-06", "2020-01-02"),
        ("<dc:date>1931</dc:date>", None, None),
    ],
)  # fmt: skip
def test_its_dates_are_those_of_its_package(
    metadata: str, published: str | None, modified: str | None
) -> None:
    found = page(epub(CHAPTER, metadata=metadata), EPUB)
    assert (found.published, found.modified) == (published, modified)
    assert found.published_from == ("meta" if published else None)
    assert found.title == "Pumps"


def test_who_wrote_it_and_what_it_is_about_are_told() -> None:
    metadata = (
        "<dc:creator>Ulla Berg</dc:creator><dc:publisher>Tarn</dc:publisher>"
        "<dc:description>All about pumps.</dc:description>"
    )
    assert told(page(epub(CHAPTER, metadata=metadata), EPUB))[:3] == [
        ("pair", "author: Ulla Berg"),
        ("pair", "publisher: Tarn"),
        ("pair", "description: All about pumps."),
    ]


def locks(*paths: str) -> str:
    inner = "".join(f"<d><c><CipherReference URI='{one}'/></c></d>" for one in paths)
    return f"<encryption>{inner}</encryption>"


def test_a_book_with_a_lock_is_told_and_one_with_locked_fonts_is_read() -> None:
    assert "(DRM)" in refusal(epub(CHAPTER, locks=locks("book/part%201.xhtml")), EPUB)
    assert "loud" in page(epub(CHAPTER, locks=locks("book/font.otf")), EPUB).text


@pytest.mark.parametrize(
    ("files", "why"),
    [
        ({"a": "b"}, "holds no META-INF/container.xml"),
        ({"META-INF/container.xml": "<c/>"}, "names no package"),
        ({"META-INF/container.xml": "<c><rootfile full-path='x.opf'/></c>"}, "names no package"),
        ({"META-INF/container.xml": "<c"}, "XML is damaged"),
        ({"META-INF/container.xml": "<c><rootfile full-path='x'/></c>", "x": "<p/>"}, "no text"),
    ],
)
def test_a_book_that_is_none_is_told(files: dict[str, str | bytes], why: str) -> None:
    assert why in refusal(packed(files, EPUB), EPUB)


def test_a_chapter_that_is_gone_costs_no_book() -> None:
    manifest = (
        "<package><manifest><item id='a' href='gone.xhtml' media-type='application/xhtml+xml'/>"
        "<item id='b' href='../book.xhtml' media-type='application/xhtml+xml'/></manifest>"
        "<spine><itemref idref='a'/><itemref idref='b'/><itemref idref='c'/></spine></package>"
    )
    files: dict[str, str | bytes] = {
        "META-INF/container.xml": "<c><rootfile full-path='OPS/main.opf'/></c>",
        "OPS/main.opf": manifest,
        "book.xhtml": "<html><body><p>Here.</p></body></html>",
    }
    assert page(packed(files, EPUB), EPUB).text == "Here."
