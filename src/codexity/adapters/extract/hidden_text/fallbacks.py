"""What stands in a page for browsers that know less than today's, and is shown by none of these."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Final

from codexity.adapters.extract.html.markup import drop

if TYPE_CHECKING:
    from lxml.etree import XPath
    from lxml.etree import (
        _Element as Element,  # pyright: ignore[reportPrivateUsage]  it has no public name
    )
    from lxml.html import HtmlElement

_NEVER_SHOWN: Final = (
    *("template", "noscript", "noembed", "noframes", "datalist"),
    *("video", "audio", "meter", "progress", "mphantom"),
)
_TEX: Final = "application/x-tex"
_NAMES_IN_TEX = re.compile(r"\\(?:begin|end)\{\w+\*?\}|\\[A-Za-z]+")
_WORD = re.compile(r"[^\W\d_]{3,}")


def strip_fallbacks(tree: HtmlElement) -> bool:
    """Takes out what is never shown, whatever its style says; returns whether anything was.

    That is the content of elements for browsers without scripts, frames or players, titles within
    the body, brackets around ruby that are words, what a shadow tree has no slot for, and notes on
    formulas: but for TeX that says what the formula shows, which is how formulas survive.

    Source: HTML, "Rendering", "The template element", "The rp element"; MathML Core, "Semantics
    and Presentation"; DOM, "Finding slots and slottables".
    """
    hosts = [root.getparent() for root in _shadows()(tree)]
    for host in hosts:
        if host is not None:
            _keep_slotted(host)
    found = list(tree.iter(*_NEVER_SHOWN))
    found += [one for one in tree.iter("rp") if _WORD.search("".join(one.itertext()))]
    found += [one for one in tree.iter("annotation", "annotation-xml") if not _is_source(one)]
    found += tree.iterfind("body//title")
    drop(tree, found)
    return bool(found)


@cache
def _shadows() -> XPath:
    from lxml.etree import XPath

    return XPath("descendant::template[@shadowrootmode]")


def _keep_slotted(host: Element) -> None:
    """Takes out of an element what the shadow tree that is drawn in its place has no slot for."""
    slots = {slot.get("name", "") for slot in host.iterfind("template[@shadowrootmode]//slot")}
    light = [child for child in host if child.tag != "template"]
    drop(host, [child for child in light if child.get("slot", "") not in slots])
    if "" not in slots:
        host.text = " "
        for child in host:
            child.tail = " "


def _is_source(note: Element) -> bool:
    """Whether a note on a formula is the TeX of what the formula shows."""
    formula = next(note.iterancestors("math"), None)
    if formula is None or note.get("encoding") != _TEX:
        return False
    parts = (part for part in formula.iter() if part.tag not in {"annotation", "annotation-xml"})
    shown = "".join("".join(part.text or "" for part in parts).split())
    return all(word in shown for word in _WORD.findall(_NAMES_IN_TEX.sub(" ", note.text or "")))
