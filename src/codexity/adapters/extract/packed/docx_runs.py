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
        is_on_ground = in_table or inner(paragraph, "pPr", "shd") is not None
        boxes: list[Element] = []
        links: Links = []
        words = _Words(holder)
        waiting = list(reversed(paragraph))
        while waiting:
            element = waiting.pop()
            name = local(element)
            if name == "txbxContent":
                boxes.append(element)
            elif name == "r":
                if not self._is_hidden(element, style, is_on_ground=is_on_ground):
                    words.say_run(element)
                    waiting += [one for one in reversed(element) if _may_hold_box(one)]
            elif name == "t":
                words.say(element.text or "")
            elif name == "hyperlink":
                links += self._link(element)
                waiting += reversed(element)
            elif name not in _UNREAD:
                waiting += reversed(element)
        words.put()
        return boxes, links

    def _link(self, element: Element) -> Links:
        target = self._relations.get(attribute(element, "id"), "")
        words = " ".join("".join(one.text or "" for one in element.iter("{*}t")).split())
        address = shown_address(target, words) if target else ""
        return [(words, address)] if words and address else []

    def _is_hidden(self, run: Element, paragraph: Style, *, is_on_ground: bool) -> bool:
        properties = inner(run, "rPr")
        own = is_on(properties, "vanish")
        styled = self._styles.get(attribute(inner(properties, "rStyle"), "val"), Style())
        if own if own is not None else styled.is_hidden or paragraph.is_hidden:
            return True
        size = number_of(inner(properties, "sz"))
        if size is not None and size <= _TINY:
            return True
        color = attribute(inner(properties, "color"), "val").lower()
        shaded = is_on_ground or inner(properties, "shd") is not None
        lit = inner(properties, "highlight") is not None
        return color in _WHITE and not shaded and not lit


def _may_hold_box(element: Element) -> bool:
    return local(element) in {"AlternateContent", "drawing", "pict", "object"}


class _Words:
    """The words of a paragraph on their way into an element: together, since each way copies it."""

    def __init__(self, holder: Element) -> None:
        self._holder = holder
        self._waiting: list[str] = []

    def say(self, text: str) -> None:
        self._waiting.append(text)

    def put(self) -> None:
        if self._waiting:
            say(self._holder, "".join(self._waiting))
            self._waiting.clear()

    def say_run(self, run: Element) -> None:
        text = "".join(_words(run))
        if not text:
            return
        tag = self._tag(run)
        if tag:
            self.put()
            say(add(self._holder, tag), text)
        else:
            self.say(text)

    def _tag(self, run: Element) -> str:
        """How its letters differ from others; what is bold counts at the start alone."""
        properties = inner(run, "rPr")
        if is_on(properties, "strike") or is_on(properties, "dstrike"):
            return "del"
        if raised := _RAISED.get(attribute(inner(properties, "vertAlign"), "val"), ""):
            return raised
        if not is_on(properties, "b") or self._holder.find("*") is not None:
            return ""
        self.put()
        return "" if (self._holder.text or "").strip() else "b"


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
