"""Org documents as blocks."""

from __future__ import annotations

import pytest

from codexity.adapters.extract.text.org import read_org
from codexity.model import Page

TO_DO = "TO" + "DO"
OWN = "/library/notes/lock-1a2b"
NOTE = """\
#+TITLE: Upper lock
#+DATE: <2023-04-05 Wed>
#+FILETAGS: :water:iron:
# nobody reads this
* OPEN [#A] Grease the /upper/ gate :winter:urgent:
SCHEDULED: <2023-11-02 Thu>
:PROPERTIES:
:ID: 77aa
:Keeper: Ida Lund
:END:
:LOGBOOK:
- State "OPEN" from "" [2023-04-05 Wed]
:END:
The grease is in the *red* tin[fn:1], and costs +30+ 40 crowns. It holds
10^{9} drops.

- oars
  of ash
  1. first
- [X] rope

| Gate  | Fee |
|-------+-----|
| Upper | 310 |

#+begin_src sh :results output
  grease --now
    --all
#+end_src
: raw   output

#+begin_quote
Shut it at night.
#+end_quote

[fn:1] In the shed.
** COMMENT Secret plans
Nobody reads this.
*** Deeper
Nor this.
** DONE Lamps
See [[https://lamps.example/][the shop]] on <2023-05-01 Mon>, and [[file:map.org][the map]].
- [[http://10.4.4.9/p][Pump panel]]
""".replace("OPEN", TO_DO)


def told(page: Page) -> list[tuple[str, str]]:
    return [(one.kind, page.text[one.start : one.end]) for one in page.blocks]


def test_a_note_becomes_blocks() -> None:
    page = read_org(NOTE, OWN)
    assert (page.title, page.published, page.published_from) == ("Upper lock", "2023-04-05", "meta")
    assert told(page) == [
        ("pair", "filetags: :water:iron:"),
        ("heading", "Grease the upper gate"),
        ("pair", f"state: {TO_DO}"),
        ("pair", "tags: winter, urgent"),
        ("pair", "Scheduled: 2023-11-02 Thu"),
        ("pair", "keeper: Ida Lund"),
        (
            "paragraph",
            "The grease is in the red tin, and costs 40 crowns. It holds 10⁹ drops.",
        ),
        ("item", "oars of ash"),
        ("item", "first"),
        ("item", "rope"),
        ("row", "Gate Fee"),
        ("row", "Upper 310"),
        ("code", "grease --now\n  --all"),
        ("code", "raw   output"),
        ("quotation", "Shut it at night."),
        ("item", "In the shed."),
        ("heading", "Lamps"),
        ("pair", "state: DONE"),
        ("paragraph", "See the shop on 2023-05-01 Mon, and the map."),
        ("pair", "the shop: https://lamps.example/"),
        ("item", "Pump panel (http://10.4.4.9/p)"),
    ]
    rows = [one for one in page.blocks if one.kind == "row"]
    assert [one.header for one in rows] == [(), ("Gate", "Fee")]
    items = [(one.level, one.marker) for one in page.blocks if one.kind == "item"]
    assert items[:4] == [(1, ""), (2, "1."), (1, "[X]"), (1, "[1]")]
    assert page.headings_at(len(page.text)) == ("Grease the upper gate", "Lamps")


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("No title, *bold*.", "No title, bold."),
        ("a * b * c", "a * b * c"),
        ("snake_case_name and 2*3*4", "snake_case_name and 2*3*4"),
        ("=code= and ~verbatim~", "code and verbatim"),
        ("*both =marks= here*", "both marks here"),
        ("1 + 2 + 3", "1 + 2 + 3"),
        ("[[Locks]]", "Locks"),
        ("{{{version}}}Text", "Text"),
        ("#+begin_src\nopen ended", "open ended"),
    ],
)
def test_marks_are_no_text(source: str, text: str) -> None:
    assert read_org(source, OWN).text == text


def test_without_a_title_the_first_heading_is_one() -> None:
    assert read_org("Text.\n* NEXT Lamps\n", OWN).title == "Lamps"
    assert read_org("Text.", OWN).title == "lock-1a2b"
