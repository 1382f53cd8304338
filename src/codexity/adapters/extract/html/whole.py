"""The whole text of HTML that has no menus around it: a chapter of a book, what a cell shows."""

from __future__ import annotations

import re
from html.entities import html5
from typing import Final

from codexity.adapters.extract.blocks import Draft
from codexity.adapters.extract.hidden_text.hidden import strip_hidden
from codexity.adapters.extract.hidden_text.sheets import own_sheets
from codexity.adapters.extract.html.leaves import leaves_of
from codexity.adapters.extract.html.looks import write_looks
from codexity.adapters.extract.html.markup import drop, lighten, parsed
from codexity.adapters.extract.html.spelling import spell_out, spell_pictures

_ENTITY = re.compile(r"&([A-Za-z][A-Za-z0-9]{1,31});")
_HEAD: Final = 2_000
_OF_XML: Final = frozenset({"amp", "lt", "gt", "quot", "apos"})
_PROLOGUE = re.compile(
    r"\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!DOCTYPE[^>\[]{0,1000}(?:\[|>))?", re.IGNORECASE
)


def whole_text(source: str, css: str = "") -> list[Draft]:
    """The blocks of a document without what nobody sees; `css` are sheets that it links to."""
    if "<html" not in source[:_HEAD].lower():
        source = f"<html><body>{source}</body></html>"
    tree = parsed(source)
    if tree is None:
        return []
    if css:
        linked = tree.makeelement("style")
        linked.text = css
        tree.insert(0, linked)
    sheets = own_sheets(tree)
    spell_pictures(tree)
    lighten(tree)
    write_looks(tree, sheets, without_scripts=True)
    strip_hidden(tree, source, sheets)
    spell_out(tree, f"{source}{css}")
    drop(tree, list(tree.iter("head", "title")))
    return [one.draft for one in leaves_of(tree)]


def as_html(source: str) -> str:
    """XHTML as HTML has it, where an element that is closed at once holds nothing.

    Entities are read by their names in HTML, and what is damaged as far as it goes.
    """
    from lxml.etree import XMLParser, XMLSyntaxError, fromstring, tostring

    parser = XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=True,
        remove_pis=True, remove_comments=True,
    )  # fmt: skip
    spelt = _ENTITY.sub(_spelt, source)
    if prologue := _PROLOGUE.match(spelt):
        if prologue[0].endswith("["):
            return source
        spelt = spelt[prologue.end() :]
    try:
        root = fromstring(spelt.encode("utf-8", "replace"), parser=parser)
    except XMLSyntaxError:
        root = None
    if root is None:
        return source
    for element in root.iter("*"):
        element.tag = str(element.tag).rpartition("}")[2].rpartition(":")[2] or "div"
    return tostring(root, method="html", encoding="unicode")


def _spelt(entity: re.Match[str]) -> str:
    return entity[0] if entity[1] in _OF_XML else html5.get(f"{entity[1]};", entity[0])
