"""Text that a page holds and does not show is taken out of its tree."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final, Literal

from codexity.adapters.extract.hidden_text import visibility
from codexity.adapters.extract.hidden_text.aria import spell_questions, unmute
from codexity.adapters.extract.hidden_text.cascade import write_sheets
from codexity.adapters.extract.hidden_text.disclosure import Panel, open_panels
from codexity.adapters.extract.hidden_text.fallbacks import strip_fallbacks
from codexity.adapters.extract.hidden_text.visibility import TextStyle, declared, inherited
from codexity.adapters.extract.html.markup import drop
from codexity.adapters.extract.marked import marked

if TYPE_CHECKING:
    from lxml.etree import (
        _Element as Element,  # pyright: ignore[reportPrivateUsage]  it has no public name
    )
    from lxml.html import HtmlElement

_NO_TEXT = frozenset({"script", "style", "head", "title"})
_SEEN: Final = (TextStyle(), None)
_BARE: Final = (TextStyle(paper="#ffffff"), None)
_MARKS: Final = ("style", "hidden", "popover", "bgcolor", "background")
_MARKED_TAGS: Final = ("font", "dialog", "details")
"""What may hide text: every element that is hidden bears one of these, or stands in one."""
_LINKED = re.compile(rb"stylesheet(?<!\wstylesheet)\b")
_MOST_COVERS: Final = 3
_DEEPEST_COVER: Final = 30


def strip_hidden(tree: HtmlElement, source: str, css: bytes) -> None:
    """Takes what no reader can see out of the tree of a page with this source.

    What is invisible goes, however much of the page it is: without size or colour, transparent,
    clipped, far outside. What is shut (`display: none`, `hidden`, a folded panel, a dialog) stays
    where a control of the page that can be seen opens it, or the scripts that stream it, and goes
    else. `aria-hidden` says what is read aloud, and hides nothing. A page that would be blank is
    taken for one that its scripts show as a whole.

    Judged by attributes, inline styles and what the page's own stylesheets, `css`, make invisible.
    """
    strip_fallbacks(tree)
    if css:
        write_sheets(tree, css)
    hidden = _HiddenText(tree, source)
    for _ in range(_MOST_COVERS):
        cover = hidden.cover()
        if cover is None:
            break
        for name in ("style", "hidden"):
            cover.attrib.pop(name, None)
        hidden = _HiddenText(tree, source)
    hidden.show_opened()
    hidden.take_out()
    unmute(tree)
    spell_questions(tree)


_HEAD: Final = 20_000
"""Nearly every page links its stylesheets in so many characters."""


class _HiddenText:
    """What is hidden in a tree: invisible, or shut in panels."""

    def __init__(self, top: HtmlElement, source: str) -> None:
        self._top = top
        self._paper = _SEEN if _may_be_coloured(source) else _BARE
        self._elements: list[Element] = []
        self._texts: list[tuple[Element, Literal["text", "tail"]]] = []
        self._panels: list[Panel] = []
        self._places: dict[Element, tuple[TextStyle, Panel | None] | None] = {}
        self._said: dict[str, Mapping[str, str]] = {}
        self._invisible: dict[str, bool] = {}
        self._look_through(top)
        open_panels(top, self._panels, self._place, source)

    def cover(self) -> Element | None:
        """The hidden element without which nothing at all would be seen of the page."""
        shut = {panel.element for panel in self._panels if not panel.is_seen}
        element = self._top.find("body")
        for _ in range(_DEEPEST_COVER):
            if element is None or element in shut:
                return element
            if self._places.get(element, _SEEN) is None:
                return element
            tails = (child.tail or "" for child in element)
            holding = [child for child in element if _holds_anything(child)]
            if len(holding) != 1 or "".join((element.text or "", *tails)).strip():
                return None
            element = holding[0]
        return None

    def show_opened(self) -> None:
        """Takes the marks that extractors go by off the panels that are open."""
        opened = [panel.element for panel in self._panels if panel.is_seen]
        for element in opened:
            for name in ("style", "hidden", "popover"):
                element.attrib.pop(name, None)
            if element.tag == "dialog":
                element.tag = "div"

    def take_out(self) -> None:
        """Takes out all that is invisible, and the panels that nobody can open."""
        shut = [panel for panel in self._panels if not panel.is_seen]
        texts = self._texts + [text for panel in shut for text in panel.texts]
        elements = self._elements + [panel.element for panel in shut if panel.whole]
        # The texts first: what stands behind an element moves when it is taken out.
        for element, part in texts:
            setattr(element, part, " ")
        drop(self._top, elements)

    def _look_through(self, top: HtmlElement) -> None:
        """Looks at what may hide, and at all below where letters are seen to be lost."""
        for element in marked(top, _MARKS, _MARKED_TAGS):
            if element in self._places:
                continue
            around = self._around(element)
            if around is None:
                self._places[element] = None
                continue
            said = self._declared(element)
            style = inherited(around[0], element, said)
            if element is not top and self._goes(element, said):
                continue
            panel = self._panel(element, around[1], said, whole=element is not top)
            if style.lost or style.invisible:
                self._walk(element, (around[0], panel))
            else:
                self._places[element] = style, panel

    def _around(self, element: Element) -> tuple[TextStyle, Panel | None] | None:
        """The style that an element inherits and the panel around it; None within what goes."""
        found: tuple[TextStyle, Panel | None] | None = self._paper
        passed: list[Element] = []
        for one in element.iterancestors():
            if one in self._places:
                found = self._places[one]
                break
            passed.append(one)
            if one.tag == "head":
                found = None
                break
        # What has no mark has what it inherits; each is passed once, however deep a page is.
        self._places.update(dict.fromkeys(passed, found))
        return found

    def _place(self, element: Element) -> tuple[bool, Panel | None]:
        found = self._places.get(element) if element in self._places else self._around(element)
        if found is None:
            return False, None
        style, panel = found
        return not style.lost, panel

    def _goes(self, element: Element, said: Mapping[str, str]) -> bool:
        """Whether an element is invisible with all that it holds; it is kept for its end if so."""
        style = element.get("style", "")
        goes = self._invisible.get(style)
        if goes is None:
            # Most styles of a page are those of many elements.
            goes = self._invisible[style] = visibility.is_invisible(said)
        if not goes:
            return False
        self._elements.append(element)
        self._places[element] = None
        return True

    def _declared(self, element: Element) -> Mapping[str, str]:
        style = element.get("style", "")
        said = self._said.get(style)
        if said is None:
            said = self._said[style] = declared(element)
        return said

    def _panel(
        self, element: Element, within: Panel | None, said: Mapping[str, str], *, whole: bool
    ) -> Panel | None:
        """The panel in which an element stands: its own, if it is shut."""
        whole = whole and visibility.is_shut(element, said)
        if not whole and said.get("visibility") not in {"hidden", "collapse"}:
            return within
        panel = Panel(element=element, within=within, whole=whole)
        self._panels.append(panel)
        return panel

    def _walk(self, top: Element, around: tuple[TextStyle, Panel | None]) -> None:
        """Keeps the text that is hidden at and below an element by what it inherits."""
        from lxml.etree import iterwalk

        places = [around]
        walk = iterwalk(top, events=("start", "end"))
        for event, element in walk:
            if event == "end":
                places.pop()
                if element is not top:
                    self._text(element, "tail", *places[-1])
                continue
            said = self._declared(element)
            style, panel = inherited(places[-1][0], element, said), places[-1][1]
            if element is not top:
                if element.tag in _NO_TEXT or self._goes(element, said):
                    places.append((style, panel))
                    walk.skip_subtree()
                    continue
                panel = self._panel(element, panel, said, whole=True)
            places.append((style, panel))
            self._places[element] = style, panel
            self._text(element, "text", style, panel)

    def _text(
        self, element: Element, part: Literal["text", "tail"], style: TextStyle, panel: Panel | None
    ) -> None:
        text = element.text if part == "text" else element.tail
        if not text or text.isspace():
            return
        if style.lost:
            self._texts.append((element, part))
        elif style.invisible and panel is not None:
            panel.texts.append((element, part))


def _may_be_coloured(source: str) -> bool:
    """Whether a stylesheet may make the paper of a page another than white."""
    if _LINKED.search(source[:_HEAD].encode("utf-8", "replace").lower()):
        return True
    lower = source.encode("utf-8", "replace").lower()
    return (
        _LINKED.search(lower) is not None
        or b"color-scheme" in lower
        or b"@import" in lower
        or (b"<style" in lower and b"background" in lower)
    )


def _holds_anything(element: Element) -> bool:
    """Whether something of an element could be seen: text, or a picture."""
    if element.tag in _NO_TEXT:
        return False
    if element.tag == "img" or element.find(".//img") is not None:
        return True
    parts = (part for part in element.iter() if part.tag not in _NO_TEXT)
    return any(
        (part.text or "").strip() or (part is not element and (part.tail or "").strip())
        for part in parts
    )
