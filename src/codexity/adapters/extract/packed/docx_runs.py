"""The words of a paragraph of a DOCX document, without those that its reader does not see."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from codexity.adapters.extract.packed.archive import attribute, local
from codexity.adapters.extract.packed.docx_styles import Style, inner, is_on, number_of
from codexity.adapters.extract.packed.tree import add, say
from codexity.adapters.extract.text.markdown_inline import shown_address

if TYPE_CHECKING:
    from lxml.etree import (
        _Element as Element,  # pyright: ignore[reportPrivateUsage]  it has no public name
    )

_UNREAD: Final = frozenset(
    """del moveFrom pPr rPr instrText delText delInstrText Fallback sdtPr sectPr tblPr
    commentReference annotationRef""".split()
)
_RAISED: Final = {"superscript": "sup", "subscript": "sub"}
_WHITE: Final = frozenset({"ffffff", "fefefe", "fdfdfd"})
_TINY: Final = 4
"""Half points: two points are less than a millimetre."""

Links = list[tuple[str, str]]


class Runs:
    """Says paragraphs; `relations` are what links lead to."""

    def __init__(self, styles: dict[str, Style], relations: dict[str, str]) -> None:
        self._styles = styles
        self._relations = relations

    def say(
        self, holder: Element, paragraph: Element, *, in_table: bool = False
    ) -> tuple[list[Element], Links]:
        """Puts its words into an element of HTML; gives the boxes in it, and its links."""
        style = self._styles.get(attribute(inner(paragraph, "pPr", "pStyle"), "val"), Style())
        boxes: list[Element] = []
        links: Links = []
        waiting = list(reversed(paragraph))
        while waiting:
            element = waiting.pop()
            name = local(element)
            if name == "txbxContent":
                boxes.append(element)
            elif name == "r":
                if not self._is_hidden(element, style, in_table=in_table):
                    _run(holder, element)
                    waiting += [one for one in reversed(element) if _may_hold_box(one)]
            elif name == "t":
                say(holder, element.text or "")
            elif name == "hyperlink":
                links += self._link(element)
                waiting += reversed(element)
            elif name not in _UNREAD:
                waiting += reversed(element)
        return boxes, links

    def _link(self, element: Element) -> Links:
        target = self._relations.get(attribute(element, "id"), "")
        words = " ".join("".join(one.text or "" for one in element.iter("{*}t")).split())
        address = shown_address(target, words) if target else ""
        return [(words, address)] if words and address else []

    def _is_hidden(self, run: Element, paragraph: Style, *, in_table: bool) -> bool:
        properties = inner(run, "rPr")
        own = is_on(properties, "vanish")
        styled = self._styles.get(attribute(inner(properties, "rStyle"), "val"), Style())
        if own if own is not None else styled.is_hidden or paragraph.is_hidden:
            return True
        size = number_of(inner(properties, "sz"))
        if size is not None and size <= _TINY:
            return True
        color = attribute(inner(properties, "color"), "val").lower()
        shaded = any(inner(one, "shd") is not None for one in (properties, _of(run)))
        lit = inner(properties, "highlight") is not None
        return color in _WHITE and not in_table and not shaded and not lit


def _of(run: Element) -> Element | None:
    """The properties of the paragraph that a run stands in."""
    around = next((one for one in run.iterancestors() if local(one) == "p"), None)
    return inner(around, "pPr")


def _may_hold_box(element: Element) -> bool:
    return local(element) in {"AlternateContent", "drawing", "pict", "object"}


def _run(holder: Element, run: Element) -> None:
    properties = inner(run, "rPr")
    struck = is_on(properties, "strike") or is_on(properties, "dstrike")
    raised = _RAISED.get(attribute(inner(properties, "vertAlign"), "val"), "")
    bold = is_on(properties, "b") and not len(holder) and not (holder.text or "").strip()
    tag = "del" if struck else raised or ("b" if bold else "")
    text = "".join(_words(run))
    if text:
        say(add(holder, tag) if tag else holder, text)


def _words(run: Element) -> list[str]:
    found: list[str] = []
    for one in run:
        match local(one):
            case "t":
                found.append(one.text or "")
            case "tab" | "br" | "cr" | "ptab":
                found.append("\n" if local(one) in {"br", "cr"} else " ")
            case "noBreakHyphen":
                found.append("-")
            case _:
                pass
    return found
