"""The words of a paragraph of an OpenDocument, without those that its reader does not see."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from codexity.adapters.extract.packed.archive import attribute, local
from codexity.adapters.extract.packed.odf_styles import INHERITED, OdfStyle, Styles
from codexity.adapters.extract.packed.tree import add, say
from codexity.adapters.extract.text.markdown_inline import shown_address

if TYPE_CHECKING:
    from lxml.etree import (
        _Element as Element,  # pyright: ignore[reportPrivateUsage]  it has no public name
    )

_UNREAD: Final = frozenset(
    """annotation annotation-end note-body tracked-changes deletion ruby-text title desc script
    hidden-text object object-ole image event-listeners forms bibliography-source
    table-of-content-source""".split()
)
_MOST_SPACES: Final = 100

Links = list[tuple[str, str]]


class Words:
    """Says paragraphs, one after the other; `notes` are the bodies of those met so far."""

    def __init__(self, styles: Styles) -> None:
        self.notes: list[Element] = []
        self._styles = styles

    def say(self, holder: Element, paragraph: Element) -> tuple[list[Element], Links]:
        """Puts its words into an element of HTML; gives the boxes in it, and its links."""
        saying = _Saying(self._styles, holder, paragraph)
        saying.run(paragraph)
        self.notes += saying.notes
        return saying.boxes, saying.links


class _Saying:
    """One paragraph being said."""

    def __init__(self, styles: Styles, holder: Element, paragraph: Element) -> None:
        self.boxes: list[Element] = []
        self.links: Links = []
        self.notes: list[Element] = []
        self._styles = styles
        self._holder = holder
        self._top = styles.of("paragraph", attribute(paragraph, "style-name"))
        self._open = ""
        self._pieces: list[str] = []
        self._link: tuple[str, int] | None = None
        self._said: list[str] = []

    def run(self, paragraph: Element) -> None:
        """Walks through it; what stands between its elements is said as it is met."""
        waiting: list[tuple[str, Element | None, OdfStyle]] = [("", paragraph, self._top)]
        while waiting:
            tail, element, style = waiting.pop()
            if element is None:
                self._say(tail, style)
                continue
            if local(element) == "a":
                self._begin_link(element)
            elif element is not paragraph and self._taken(element, style):
                continue
            within = self._within(element, style)
            held: list[tuple[str, Element | None, OdfStyle]] = [(element.text or "", None, within)]
            for one in element:
                held += [("", one, within), (one.tail or "", None, within)]
            if local(element) == "a":
                held.append(("\0", None, within))
            waiting += reversed(held)
        self._put()

    def _taken(self, element: Element, style: OdfStyle) -> bool:
        """Whether nothing more is in an element for this paragraph."""
        match local(element):
            case "s":
                count = attribute(element, "c")
                spaces = int(count) if count.isdecimal() and len(count) < 5 else 1
                self._say(" " * min(spaces, _MOST_SPACES), style)
            case "tab":
                self._say(" ", style)
            case "line-break":
                self._say("\n", style)
            case "text-box":
                self.boxes.append(element)
            case "note":
                self.notes.append(element)
                return False
            case "note-citation":
                self._say("".join(element.itertext()), OdfStyle(raised="sup"))
            case "hidden-paragraph":
                return attribute(element, "is-hidden") == "true"
            case name:
                return name in _UNREAD or not name
        return True

    def _within(self, element: Element, style: OdfStyle) -> OdfStyle:
        """How the words in an element look: as its style says, else as those around it."""
        if local(element) != "span":
            return style
        own = self._styles.of("text", attribute(element, "style-name"))
        return OdfStyle(
            **{
                name: getattr(style, name) if getattr(own, name) is None else getattr(own, name)
                for name in INHERITED
            }
        )

    def _begin_link(self, element: Element) -> None:
        self._link = attribute(element, "href"), len(self._said)

    def _say(self, text: str, style: OdfStyle) -> None:
        if text == "\0":
            self._end_link()
            return
        if not text or style.is_unseen:
            return
        tag = "del" if style.is_struck else style.raised or ""
        if tag != self._open:
            self._put()
            self._open = tag
        self._pieces.append(text)
        self._said.append(text)

    def _end_link(self) -> None:
        if self._link is None:
            return
        (target, begin), self._link = self._link, None
        words = " ".join("".join(self._said[begin:]).split())
        address = shown_address(target, words) if target else ""
        if words and address:
            self.links.append((words, address))

    def _put(self) -> None:
        if self._pieces:
            around = add(self._holder, self._open) if self._open else self._holder
            say(around, "".join(self._pieces))
            self._pieces.clear()
