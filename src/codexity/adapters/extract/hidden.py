"""Text that a page holds and does not show is taken out of its tree."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final, Literal

from codexity.adapters.extract import styles
from codexity.adapters.extract.markup import letters, text_length

if TYPE_CHECKING:
    from lxml.etree import XPath
    from lxml.etree import (
        _Element as Element,  # pyright: ignore[reportPrivateUsage]  it has no public name
    )
    from lxml.html import HtmlElement

_MOST_OF_TEXT = 0.2
_NEVER_SHOWN = frozenset({"template", "noscript", "noembed", "noframes", "datalist"})
_NO_TEXT = frozenset({"script", "style", "head", "title"})
_TINY_TEXT: Final = 2.0
_TINY_BOX: Final = 1.0
_OUTSIDE: Final = 500.0
_FAR_OUTSIDE: Final = 5_000.0
_ALIKE: Final = 8
_NOTHING: Final[Mapping[str, str]] = {}
_MOVED = re.compile(r"translate(?:x|y|3d)?\(([^()]*)\)")
_SHRUNK = re.compile(r"scale(?:x|y|3d)?\(\s*0*\.?0*\s*[,)]")
_CLIPPED = re.compile(
    r"inset\(\s*(?:[5-9]\d|100)(?:\.\d+)?%|(?:circle|ellipse)\(\s*0|polygon\([\s0,px%]*\)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shown:
    """What an element's text inherits. `paper` is "" where the background is not known."""

    size: float = 16.0
    unseen: bool = False
    ink: str = ""
    paper: str = ""

    @property
    def lost(self) -> bool:
        """Whether text cannot be seen, though its element takes its place."""
        if self.size < _TINY_TEXT or (self.ink and styles.transparent(self.ink)):
            return True
        if not self.ink or not self.paper:
            return False
        ink, paper = styles.colour(self.ink), styles.colour(self.paper)
        if ink is None or paper is None:
            return False
        return all(abs(one - other) <= _ALIKE for one, other in zip(ink, paper, strict=True))


_PLAIN: Final = _Shown()


def strip_hidden(tree: HtmlElement) -> bool:
    """Takes what no reader sees out of the tree; returns whether anything was.

    Judged by attributes and inline styles alone: measured on WCXB, reading stylesheets as well
    costs 2.6 points of F1, since scripts show later what they hide. For the same reason a page
    stays as it is where this would take more than a fifth of its text, but for what is never shown
    (`<template>`, `<noscript>`). What scripts are used to show later (menus, tabs, pictures that
    fade in) and what they are not (letters without size or colour, far outside) are judged apart:
    a quarter of WCXB's pages have more than a fifth of the first.
    """
    never = list(tree.iter(*_NEVER_SHOWN))
    for element in never:
        _drop(element)
    found = _Found()
    found.look_through(tree)
    kinds = [kind for kind in (found.shut, found.lost) if kind.elements or kind.texts]
    most = _MOST_OF_TEXT * text_length(tree) if kinds else 0.0
    kinds = [kind for kind in kinds if kind.length <= most]
    # The texts first: what stands behind an element moves when it is taken out.
    for element, part in (text for kind in kinds for text in kind.texts):
        setattr(element, part, " ")
    for element in (element for kind in kinds for element in kind.elements):
        _drop(element)
    return bool(never or kinds)


class _Hidden:
    """What is hidden in one way, and how many characters it has."""

    def __init__(self) -> None:
        self.elements: list[Element] = []
        self.texts: list[tuple[Element, Literal["text", "tail"]]] = []
        self.length = 0


class _Found:
    """What is hidden in a tree: shut by what scripts can open, or lost to the eye."""

    def __init__(self) -> None:
        self.shut = _Hidden()
        self.lost = _Hidden()
        self._states: dict[Element, _Shown | None] = {}

    def look_through(self, top: HtmlElement) -> None:
        """Looks at what may hide, and at all below where letters are seen to be lost."""
        for element in _marked()(top):
            above = self._above(element)
            if above is None:
                self._states[element] = None
                continue
            style = element.get("style")
            said = styles.declarations(style) if style else _NOTHING
            shown = _inherited(above, element, said)
            if element is not top and self._hides(element, said):
                self._states[element] = None
            elif shown.unseen or shown.lost:
                self._states[element] = None
                self._walk(element, above)
            else:
                self._states[element] = shown

    def _above(self, element: Element) -> _Shown | None:
        """What the text of an element inherits; None within what was dealt with as a whole."""
        for one in element.iterancestors():
            if one in self._states:
                return self._states[one]
            if one.tag == "head":
                return None
        return _PLAIN

    def _hides(self, element: Element, said: Mapping[str, str]) -> bool:
        """Whether an element is hidden as a whole; it is kept if so."""
        if _unshown(element) or _shut(said):
            self._whole(element, self.shut)
        elif _taken_away(said):
            self._whole(element, self.lost)
        else:
            return False
        return True

    def _walk(self, top: Element, above: _Shown) -> None:
        """Keeps the text that is hidden below an element by what it inherits."""
        from lxml.etree import iterwalk

        states = [above]
        walk = iterwalk(top, events=("start", "end"))
        for event, element in walk:
            if event == "end":
                states.pop()
                if element is not top:
                    self._text(element, "tail", states[-1])
                continue
            style = element.get("style")
            said = styles.declarations(style) if style else _NOTHING
            states.append(_inherited(states[-1], element, said))
            if element.tag in _NO_TEXT or (element is not top and self._hides(element, said)):
                walk.skip_subtree()
            else:
                self._text(element, "text", states[-1])

    @staticmethod
    def _whole(element: Element, kind: _Hidden) -> None:
        kind.elements.append(element)
        kind.length += letters("".join(element.itertext()))

    def _text(self, element: Element, part: Literal["text", "tail"], shown: _Shown) -> None:
        text = element.text if part == "text" else element.tail
        length = letters(text) if text else 0
        if length and (shown.unseen or shown.lost):
            kind = self.shut if shown.unseen else self.lost
            kind.texts.append((element, part))
            kind.length += length


@cache
def _marked() -> XPath:
    """Finds the elements that bear a mark of what may hide text, in their order."""
    from lxml.etree import XPath

    marks = "@style or @hidden or @aria-hidden or @popover or @bgcolor"
    return XPath(f"descendant-or-self::*[{marks} or self::font or self::dialog]")


def _drop(element: Element) -> None:
    """Takes an element out, but not the text behind it."""
    parent, before, tail = element.getparent(), element.getprevious(), element.tail
    if parent is None:
        return
    if tail and before is not None:
        before.tail = f"{before.tail or ''} {tail}"
    elif tail:
        parent.text = f"{parent.text or ''} {tail}"
    parent.remove(element)


def _inherited(above: _Shown, element: Element, said: Mapping[str, str]) -> _Shown:
    if not said and element.tag != "font" and element.get("bgcolor") is None:
        return above
    paper = styles.background(said)
    paper = element.get("bgcolor") if paper is None else paper
    ink = said.get("color") or (element.get("color") if element.tag == "font" else None)
    unseen = said.get("visibility")
    if not (said or paper or ink):
        return above
    if "text" in said.get("background-clip", said.get("-webkit-background-clip", "")):
        ink, paper = "", ""
    else:
        ink = said.get("-webkit-text-fill-color", ink)
    return _Shown(
        size=styles.font_pixels(said, above.size),
        unseen=above.unseen if unseen is None else unseen in {"hidden", "collapse"},
        ink=above.ink if ink is None or ink in {"inherit", "currentcolor"} else ink,
        paper=above.paper if paper is None else paper,
    )


def _unshown(element: Element) -> bool:
    """Whether its attributes keep an element from being shown, or from being told."""
    if not element.keys():
        return element.tag == "dialog"
    return (
        element.get("hidden", "until-found").lower() != "until-found"
        or element.get("aria-hidden", "").strip().lower() == "true"
        or element.get("popover") is not None
        or (element.tag == "dialog" and element.get("open") is None)
    )


def _shut(said: Mapping[str, str]) -> bool:
    """Whether its style keeps an element from being seen until a script opens it."""
    return bool(said) and (
        said.get("display") == "none"
        or said.get("content-visibility") == "hidden"
        or styles.nothing(said.get("opacity", ""))
        or _has_no_room(said)
    )


def _taken_away(said: Mapping[str, str]) -> bool:
    """Whether its style puts an element where nobody looks, its descendants included.

    Source: CSS Masking, CSS Positioned Layout, CSS Transforms, Filter Effects.
    """
    if not said:
        return False
    position = said.get("position", "")
    placed = position in {"absolute", "fixed"}
    clip = said.get("clip", "")
    return (
        "opacity(0" in said.get("filter", "").replace("opacity(0.", "")
        or (placed and clip.startswith("rect") and _is_empty(styles.numbers(clip)))
        or _CLIPPED.match(said.get("clip-path", "")) is not None
        or _moved_out(said, placed=placed or position == "relative")
    )


def _is_empty(rect: tuple[float, ...]) -> bool:
    if len(rect) != 4:
        return False
    top, right, bottom, left = rect
    return bottom - top <= _TINY_BOX or right - left <= _TINY_BOX


def _has_no_room(said: Mapping[str, str]) -> bool:
    """Whether the element is a box without room that cuts off what does not fit."""
    cut = " ".join(said.get(name, "") for name in ("overflow", "overflow-x", "overflow-y"))
    if "hidden" not in cut and "clip" not in cut:
        return False
    sides = ("height", "max-height", "width", "max-width")
    sizes = (styles.pixels(said[side]) for side in sides if side in said)
    return any(size is not None and 0 <= size <= _TINY_BOX for size in sizes)


def _moved_out(said: Mapping[str, str], *, placed: bool) -> bool:
    def at(name: str) -> float:
        return styles.pixels(said.get(name, "")) or 0.0

    edges = ("left", "top", "right", "bottom") if placed else ()
    if any(at(edge) <= -_OUTSIDE or at(edge) >= _FAR_OUTSIDE for edge in edges):
        return True
    if any(at(name) <= -_OUTSIDE for name in ("text-indent", "margin-left", "margin-top")):
        return True
    transform = said.get("transform", "")
    if _SHRUNK.search(transform):
        return True
    moves = [one.strip() for move in _MOVED.findall(transform) for one in move.split(",")]
    # A share of itself is how the next picture of a row waits for its turn.
    lengths = (styles.pixels(move) for move in moves if not move.endswith("%"))
    return any(length is not None and abs(length) >= _OUTSIDE for length in lengths)
