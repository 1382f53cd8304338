"""AsciiDoc documents as blocks, without their marks."""

from __future__ import annotations

import pytest

from codexity.adapters.extract.text.asciidoc import read_asciidoc
from reading import rows, told

OWN = "/library/own/lock-1a2b"

SOURCE = """// a remark
= Of *gates*
Ulla Berg <ulla@lock.example>
v1.2, 2024-03-05
:port: 8443
:toc:

The port is {port}.footnote:[In the shed.]
See https://shop.example/x[the shop] and <<locks,the locks>>.

[[locks]]
== Locks

.What to do
. first
.. second
. third
+
Behind it.

* [x] done
** deeper
- other

Gate:: The upper one.
Fee::
  310 crowns

[source,python]
----
if gate:
    shut()
----

 literal
   text

____
Shut it at night.
____

////
not read
////

NOTE: Wet paint.

[WARNING]
====
Do not open.
====
"""


def test_a_document_of_all_that_people_write() -> None:
    page = read_asciidoc(SOURCE, OWN)
    assert (page.title, page.published, page.published_from) == ("Of gates", "2024-03-05", "meta")
    assert told(page) == [
        ("heading", "Of gates"),
        ("pair", "author: Ulla Berg <ulla@lock.example>"),
        ("pair", "version: 1.2"),
        ("paragraph", "The port is 8443.[1] See the shop and the locks."),
        ("pair", "the shop: https://shop.example/x"),
        ("heading", "Locks"),
        ("paragraph", "What to do"),
        ("item", "first"),
        ("item", "second"),
        ("item", "third"),
        ("paragraph", "Behind it."),
        ("item", "done"),
        ("item", "deeper"),
        ("item", "other"),
        ("pair", "Gate: The upper one."),
        ("pair", "Fee: 310 crowns"),
        ("code", "if gate:\n    shut()"),
        ("code", "literal\n  text"),
        ("quotation", "Shut it at night."),
        ("paragraph", "Note: Wet paint."),
        ("paragraph", "Warning:"),
        ("paragraph", "Do not open."),
        ("item", "In the shed."),
    ]
    items = [(one.level, one.marker) for one in page.blocks if one.kind == "item"]
    assert items[:3] == [(1, "1."), (2, "a."), (1, "2.")]
    assert items[3:] == [(2, "[x]"), (3, ""), (4, ""), (1, "[1]")]
    assert page.headings_at(page.text.index("Shut it at night")) == ("Of gates", "Locks")


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("*bold*, _it_ and `code`", "bold, it and code"),
        ("**b**old and __i__t", "bold and it"),
        ("*_both_*", "both"),
        ("snake_case_name and 2*3*4", "snake_case_name and 2*3*4"),
        ("a * b * c", "a * b * c"),
        ("[.small]#words#", "words"),
        ("kept [line-through]#poison# words", "kept words"),
        ('"`quoted`"', "“quoted”"),
        ("10^6^ and H~2~O", "10⁶ and H2O"),
        ("`+{port}+` stays", "{port} stays"),
        ("{nosuch} and {nbsp}x", "{nosuch} and x"),
        ("link:guide.html[the guide]", "the guide"),
        ("https://lamps.example/", "https://lamps.example/"),
        ("https://lamps.example[]", "https://lamps.example"),
        ("mailto:ulla@lock.example[Ulla]", "Ulla\n\nUlla: ulla@lock.example"),
        ('https://lamps.example/[a shop^,role="x"]', "a shop\n\na shop: https://lamps.example/"),
        ("xref:other.adoc#top[there] and <<top>>", "there and top"),
        ("kbd:[Ctrl+C], menu:File[Save]", "Ctrl+C, File > Save"),
        ("image:lamp.png[a lamp, 20] is lit", "a lamp is lit"),
        ("a ((lamp)) is(((light,lamp))) lit", "a lamp is lit"),
        ("std::vector and C++", "std::vector and C++"),
        ("--option is one", "--option is one"),
        ("one +\ntwo", "one two"),
        ("\\*not bold*", "*not bold*"),
    ],
)  # fmt: skip
def test_marks_are_no_text(source: str, text: str) -> None:
    assert read_asciidoc(source, OWN).text == text


HIDDEN = (
    "// poison",
    "////\npoison\n////",
    "[comment]\n--\npoison\n--",
    "[comment]\n====\npoison\n====",
    "ifdef::poison[]",
    "include::poison.adoc[]",
    ":name: poison",
    "[#poison]",
    "++++\n<b>poison</b>\n++++",
)


@pytest.mark.parametrize("source", HIDDEN)
def test_what_is_for_no_reader_is_not_read(source: str) -> None:
    assert read_asciidoc(f"Shut it.\n\n{source}\n\nThen go.", OWN).text == "Shut it.\n\nThen go."


@pytest.mark.parametrize("source", ["//not a remark", "a // b", "/ a", "https://x.example//y"])
def test_what_only_looks_like_a_remark(source: str) -> None:
    expected = "" if source.startswith("//") else source
    assert read_asciidoc(f"Shut it.\n\n{source}", OWN).text.endswith(expected)


@pytest.mark.parametrize(
    ("source", "level"),
    [("== Locks", 2), ("=== Locks ===", 3), ("## Locks", 2), ("Locks\n-----", 2),
     ("Locks\n~~~~~", 3), ("[#id.role]\n== Locks", 2)],
)  # fmt: skip
def test_titles_of_each_kind(source: str, level: int) -> None:
    page = read_asciidoc(f"{source}\n\nThey shut.", OWN)
    assert told(page) == [("heading", "Locks"), ("paragraph", "They shut.")]
    assert page.blocks[0].level == level


HEADS = ("Gate", "Fee")


@pytest.mark.parametrize(
    "table",
    [
        "|===\n|Gate |Fee\n\n|Upper |310\n|===",
        '[options="header"]\n|===\n|Gate |Fee\n|Upper |310\n|===',
        "[%header,cols=2*]\n|===\n|Gate\n|Fee\n|Upper\n|310\n|===",
        '[%header,cols="1,^2a"]\n|===\n|Gate\n|Fee\n\n|Upper\n|310\n|===',
        ",===\nGate,Fee\n\nUpper,310\n,===",
        '[%header,format="csv"]\n|===\nGate,Fee\n"Upper",310\n|===',
    ],
)
def test_tables_of_each_form(table: str) -> None:
    assert rows(read_asciidoc(table, OWN)) == [((), HEADS), (HEADS, ("Upper", "310"))]


def test_cells_that_reach_further_and_those_that_are_repeated() -> None:
    table = (
        "[%header]\n|===\n|Gate |Fee |Day\n.2+|Upper |310 |Monday\n|280 |Tuesday\n"
        "2+|Lower and middle |Friday\n3*|same\n|a \\| b |*c* |\n|==="
    )
    heads = ("Gate", "Fee", "Day")
    assert rows(read_asciidoc(table, OWN)) == [
        ((), heads),
        (heads, ("Upper", "310", "Monday")),
        (heads, ("Upper", "280", "Tuesday")),
        (("Gate", "Day"), ("Lower and middle", "Friday")),
        (heads, ("same", "same", "same")),
        (("Gate", "Fee"), ("a | b", "c")),
    ]


def test_without_a_title_the_first_heading_is_one() -> None:
    assert read_asciidoc("Text.\n\n== Lamps\n", OWN).title == "Lamps"
    assert read_asciidoc("Text.", OWN).title == "lock-1a2b"


def test_attributes_bring_no_more_than_a_bounded_text() -> None:
    found = read_asciidoc(f":a: {'x' * 300}\n\n" + "{a} " * 50_000, OWN)
    assert len(found.text) < 1_300_000
    assert "{a}" in found.text
    nested = ":a: xx\n:b: {a}{a}\n:c: {b}{b}\n:d: {c}{c}\n\n{d}"
    assert read_asciidoc(nested, OWN).text == "x" * 16
