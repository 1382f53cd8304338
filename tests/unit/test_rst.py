"""reStructuredText: headings, fields, literal blocks and directives are no garbled plain text."""

from __future__ import annotations

import pytest

from codexity.adapters.extract.text.rst import read_rst
from codexity.model import Page

HANDBOOK = """\
=============
Pond Handbook
=============

:Author: Ida Lund
:Place: the upper pond,
   behind the mill
:Date: 2021-05-04

The sluice
==========

Open it with ``sluice up``; see :ref:`keys <where-keys-are>` and the `mill
<https://mill.example/>`_. It is *slow* [#ice]_.

.. _where-keys-are:

Keys
----

They hang here::

    hall
      left of the door

    office

.. [#ice] Not in winter.
"""


def told(source: str) -> list[tuple[str, str]]:
    page = read(source)
    return [(one.kind, page.text[one.start : one.end]) for one in page.blocks]


def read(source: str) -> Page:
    return read_rst(source, "/library/notes/pond")


def test_a_document_is_read_as_it_is_printed() -> None:
    assert told(HANDBOOK) == [
        ("heading", "Pond Handbook"),
        ("pair", "Author: Ida Lund"),
        ("pair", "Place: the upper pond, behind the mill"),
        ("pair", "Date: 2021-05-04"),
        ("heading", "The sluice"),
        (
            "paragraph",
            "Open it with sluice up; see keys and the mill (https://mill.example/). It is slow.",
        ),
        ("heading", "Keys"),
        ("paragraph", "They hang here:"),
        ("code", "hall\n  left of the door\noffice"),
        ("item", "Not in winter."),
    ]
    page = read(HANDBOOK)
    assert (page.title, page.published, page.published_from) == (
        "Pond Handbook",
        "2021-05-04",
        "meta",
    )
    assert page.headings_at(page.text.index("hall")) == ("The sluice", "Keys")


@pytest.mark.parametrize(
    ("source", "blocks"),
    [
        (".. code-block:: c\n   :linenos:\n\n   if (n)\n     go();", [("code", "if (n)\n  go();")]),
        ("::\n\n    a = 1\n    b = 2", [("code", "a = 1\nb = 2")]),
        (
            "- first::\n\n      a = 1\n\n  It goes on.",
            [("item", "first:"), ("code", "a = 1"), ("paragraph", "It goes on.")],
        ),
        (".. note:: It is shut.", [("paragraph", "It is shut.")]),
        (
            ".. warning::\n\n   Thin *ice*.\n\n   Keep off.",
            [
                ("paragraph", "Thin ice."),
                ("paragraph", "Keep off."),
            ],
        ),
        (
            ".. figure:: a.png\n   :alt: The pond\n\n   In spring.",
            [
                ("paragraph", "The pond"),
                ("paragraph", "In spring."),
            ],
        ),
        (
            ".. list-table:: T\n   :header-rows: 1\n\n   * - A\n     - B\n   * - Punt\n     - 4",
            [("paragraph", "T"), ("row", "A B"), ("row", "Punt 4")],
        ),
        ("#. one\n#. two", [("item", "one"), ("item", "two")]),
        ("| Mill Lane 4\n| Ulm", [("paragraph", "Mill Lane 4"), ("paragraph", "Ulm")]),
        (
            ":param n: how many\n:returns: nothing",
            [
                ("pair", "param n: how many"),
                ("pair", "returns: nothing"),
            ],
        ),
        (".. A comment\n   of two lines.\n\nA word.", [("paragraph", "A word.")]),
        (".. contents::\n   :depth: 2\n\nA word.", [("paragraph", "A word.")]),
        (
            "sluice\n    What holds\n    the pond.",
            [
                ("paragraph", "sluice"),
                ("paragraph", "What holds the pond."),
            ],
        ),
        (
            "He said:\n\n    It is\n    deep.",
            [
                ("paragraph", "He said:"),
                ("paragraph", "It is deep."),
            ],
        ),
        # What only looks like markup.
        (
            "It takes 2*3*4 of snake_case and *args.",
            [
                ("paragraph", "It takes 2*3*4 of snake_case and *args."),
            ],
        ),
        ("Noon is at 12:00: not later.", [("paragraph", "Noon is at 12:00: not later.")]),
        ("Two dots .. are no comment.", [("paragraph", "Two dots .. are no comment.")]),
    ],
)
def test_a_kind_of_block(source: str, blocks: list[tuple[str, str]]) -> None:
    assert told(source) == blocks


def test_cells_with_marks_across_them_are_found() -> None:
    page = read("====  ====\nSign  Tone\n====  ====\n*a    b*\nc     d\n====  ====")
    rows = [[page.text[start:end] for start, end in one.cells] for one in page.blocks]
    assert rows == [["Sign", "Tone"], ["*a", "b*"], ["c", "d"]]


def test_directives_within_directives_end() -> None:
    nested = "\n".join(f"{'   ' * depth}.. note::\n" for depth in range(500)) + "   " * 500 + "deep"
    assert read(nested).text.endswith("deep")
