"""Raised and lowered figures are written by one set of rules, in whatever kind of document."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

import pdfs
from codexity.adapters.extract.html.page import read_html
from codexity.adapters.extract.pdf.reader import read_pdf
from codexity.adapters.extract.text.markdown import read_markdown
from codexity.adapters.extract.text.org import read_org
from codexity.model import Page

_REST = "<p>The keeper of the pond counts what swims in it in spring and before the frost.</p>" * 4
_PIECE = re.compile(r"\{([\^_])([^{}]*)\}")


def in_html(source: str) -> Page:
    tags = {"^": "sup", "_": "sub"}
    body = _PIECE.sub(lambda one: f"<{tags[one[1]]}>{one[2]}</{tags[one[1]]}>", source)
    return read_html(f"<main><p>{body}</p>{_REST}</main>", "https://a.example/")


def in_markdown(source: str) -> Page:
    tags = {"^": "sup", "_": "sub"}
    body = _PIECE.sub(lambda one: f"<{tags[one[1]]}>{one[2]}</{tags[one[1]]}>", source)
    return read_markdown(body, "/library/notes/pond")


def in_pandoc(source: str) -> Page:
    body = _PIECE.sub(lambda one: {"^": f"^{one[2]}^", "_": f"~{one[2]}~"}[one[1]], source)
    return read_markdown(body, "/library/notes/pond")


def in_org(source: str) -> Page:
    return read_org(_PIECE.sub(r"\1{\2}", source), "/library/notes/pond")


def in_pdf(source: str) -> Page:
    drawn = [b"BT 72 700 Td\n"]
    for at, piece in enumerate(re.split(r"\{(\^[^{}]*|_[^{}]*)\}", source)):
        size, rise = {"^": (7, 4), "_": (7, -2)}[piece[0]] if at % 2 else (11, 0)
        shown = piece[at % 2 :].encode("cp1252")
        drawn.append(b"/F %d Tf %d Ts (%s) Tj\n" % (size, rise, shown))
    return read_pdf(pdfs.of_streams([b"".join((*drawn, b"ET\n"))]), "https://a.example/a.pdf")


READERS = (in_html, in_markdown, in_pandoc, in_org, in_pdf)


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize(
    ("source", "text", "altered"),
    [
        ("The pond holds 10{^5} litres.", "The pond holds 10⁵ litres.", "⁵"),
        ("It gave 4·10{^12} seeds.", "It gave 4·10¹² seeds.", "¹²"),
        ("A field of 40 km{^2} lies bare.", "A field of 40 km² lies bare.", "²"),
        ("Heat is E = mc{^2} here.", "Heat is E = mc² here.", "²"),
        ("In 1904{^7} the elm fell.", "In 1904[7] the elm fell.", "[7]"),
        ("The smith{^2} knew.", "The smith[2] knew.", "[2]"),
        ("The elm fell.{^13} It was old.", "The elm fell.[13] It was old.", "[13]"),
        ("The 3{^rd} gate is shut.", "The 3rd gate is shut.", None),
        ("Water is H{_2}O and wet.", "Water is H2O and wet.", None),
        ("No figure is raised in 1904.", "No figure is raised in 1904.", None),
    ],
)
def test_figures_are_written_alike(
    reader: Callable[[str], Page], source: str, text: str, altered: str | None
) -> None:
    page = reader(source)
    first = page.blocks[0]
    assert page.text[first.start : first.end] == text
    found = [page.text[start:end] for start, end in first.altered]
    assert found == ([] if altered is None else [altered])


def test_a_link_to_a_note_makes_its_number_one() -> None:
    page = in_markdown("A hall of 40 m{^[2](#note-2)} and of 30 m{^2}.")
    assert page.text == "A hall of 40 m[2] and of 30 m²."
