"""Whether an element can be seen, as far as its attributes and its `style` tell."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from codexity.adapters.extract.hidden_text import styles

if TYPE_CHECKING:
    from lxml.etree import (
        _Element as Element,  # pyright: ignore[reportPrivateUsage]  it has no public name
    )

_TINY_TEXT: Final = 2.0
_TINY_BOX: Final = 1.0
_OUTSIDE: Final = 500.0
_FAR_OUTSIDE: Final = 5_000.0
_WHOLE_WIDTH: Final = 100.0
_ALIKE: Final = 8
_NOTHING: Final[Mapping[str, str]] = {}
_MOVED = re.compile(r"translate(?:x|y|3d)?\(([^()]*)\)")
_SHRUNK = re.compile(
    r"scale(?:x|y|3d)?\(\s*0*(?:\.(?:0\d*)?)?%?\s*[,)]|rotate[xy]\(\s*-?(?:90|270)deg|matrix\(\s*0\s*,\s*0\s*,"
)
_CLIPPED = re.compile(
    r"inset\(\s*(?:[5-9]\d|100)(?:\.\d+)?%|(?:circle|ellipse)\(\s*0|polygon\([\s0,px%]*\)"
)
_EDGES: Final = (
    *("left", "top", "right", "bottom", "inset"),
    *("inset-inline", "inset-inline-start", "inset-block", "inset-block-start"),
)
_MARGINS: Final = (
    *("text-indent", "margin-left", "margin-top"),
    *("margin-inline-start", "margin-block-start"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TextStyle:
    """What the text of an element inherits. `paper` is "" where the background is not known."""

    size: float = 16.0
    invisible: bool = False
    """Whether `visibility` keeps it from being seen."""
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
            return self.ink == self.paper
        return all(abs(one - other) <= _ALIKE for one, other in zip(ink, paper, strict=True))


def declared(element: Element) -> Mapping[str, str]:
    """What the `style` attribute of an element says."""
    style = element.get("style")
    return styles.declarations(style) if style else _NOTHING


def inherited(above: TextStyle, element: Element, said: Mapping[str, str]) -> TextStyle:
    """The style of an element's text, under one whose text has the style `above`."""
    coloured = element.get("bgcolor") or element.get("background") or element.get("text")
    if not said and coloured is None and element.tag != "font":
        return above
    paper = styles.background(said)
    if paper is None:
        paper = "" if element.get("background") else element.get("bgcolor")
    ink = said.get("color") or _ink(element)
    visibility = said.get("visibility")
    if not (said or paper is not None or ink):
        return above
    if "text" in said.get("background-clip", said.get("-webkit-background-clip", "")):
        ink, paper = "", ""
    else:
        ink = said.get("-webkit-text-fill-color", ink)
    return TextStyle(
        size=styles.font_pixels(said, above.size),
        invisible=above.invisible if visibility is None else visibility in {"hidden", "collapse"},
        ink=above.ink if ink is None or ink in {"inherit", "currentcolor"} else ink,
        paper=above.paper if paper is None else paper.strip().lower(),
    )


def _ink(element: Element) -> str | None:
    name = {"font": "color", "body": "text"}.get(str(element.tag))
    ink = element.get(name) if name else None
    return ink.strip().lower() if ink else None


def is_shut(element: Element, said: Mapping[str, str]) -> bool:
    """Whether an element is not shown until a script or a control opens it.

    Source: HTML, "The hidden attribute", "The dialog element", "The popover attribute"; CSS
    Display; CSS Containment; and a box without height, which is how panels are folded.
    """
    if element.tag == "dialog" and element.get("open") is None:
        return True
    if element.tag == "details" and element.get("open") is None and _cannot_be_opened(element):
        return True
    if element.get("hidden") is not None or element.get("popover") is not None:
        return True
    return bool(said) and (
        said.get("display") == "none"
        or said.get("content-visibility") == "hidden"
        or _has_no_room(said, "height", "max-height")
    )


def _cannot_be_opened(details: Element) -> bool:
    """Whether there is a summary to click on, and it cannot be seen; browsers make one if none."""
    summary = details.find("summary")
    if summary is None:
        return False
    said = declared(summary)
    style = inherited(TextStyle(), summary, said)
    return style.invisible or style.lost or is_invisible(said) or is_shut(summary, said)


def is_invisible(said: Mapping[str, str]) -> bool:
    """Whether an element cannot be seen with all that it holds: transparent, clipped, far outside.

    Source: CSS Color, CSS Masking, CSS Positioned Layout, CSS Transforms, Filter Effects.
    """
    if not said:
        return False
    position = said.get("position", "")
    placed = position in {"absolute", "fixed"}
    clip = said.get("clip", "")
    return (
        styles.nothing(said.get("opacity", ""))
        or "opacity(0" in said.get("filter", "").replace("opacity(0.", "")
        or _has_no_room(said, "width", "max-width")
        or (_cuts_off(said) and styles.nothing(said.get("line-height", "")))
        or (placed and clip.startswith("rect") and _is_empty(styles.numbers(clip)))
        or _CLIPPED.match(said.get("clip-path", "")) is not None
        or _moved_out(said, placed=placed or position == "relative")
    )


def _is_empty(rect: tuple[float, ...]) -> bool:
    if len(rect) != 4:
        return False
    top, right, bottom, left = rect
    return bottom - top <= _TINY_BOX or right - left <= _TINY_BOX


def _has_no_room(said: Mapping[str, str], *sides: str) -> bool:
    """Whether the element is a box without room that cuts off what does not fit."""
    if not _cuts_off(said):
        return False
    sizes = (styles.pixels(said[side]) for side in sides if side in said)
    return any(size is not None and 0 <= size <= _TINY_BOX for size in sizes)


def has_no_size(said: Mapping[str, str]) -> bool:
    """Whether a box that holds nothing, as a control may, is too small to be found."""
    sizes = [styles.pixels(said.get(side, "")) for side in ("width", "height")]
    return all(size is not None and size <= _TINY_BOX for size in sizes)


def _cuts_off(said: Mapping[str, str]) -> bool:
    cut = " ".join(said.get(name, "") for name in ("overflow", "overflow-x", "overflow-y"))
    return "hidden" in cut or "clip" in cut


def _moved_out(said: Mapping[str, str], *, placed: bool) -> bool:
    edges = [one for name in _EDGES if name in said for one in styles.lengths(said[name])]
    if placed and any(at <= -_OUTSIDE or at >= _FAR_OUTSIDE for at in edges):
        return True
    margins = [one for name in _MARGINS if name in said for one in styles.lengths(said[name])]
    if sides := styles.lengths(said.get("margin", "")):
        # Top and left: columns are made of one height by what is below and right of them.
        margins += [sides[0], sides[3 if len(sides) > 3 else len(sides) > 1]]
    if any(at <= -_OUTSIDE for at in margins) or _indented_out(said):
        return True
    transform = said.get("transform", "")
    if _SHRUNK.search(transform) or _SHRUNK.match(f"scale({said.get('scale', '1')},"):
        return True
    moves = ",".join((*_MOVED.findall(transform), said.get("translate", "").replace(" ", ",")))
    # A share of itself is how the next picture of a row waits for its turn.
    found = (styles.pixels(one) for one in moves.split(",") if not one.strip().endswith("%"))
    return any(length is not None and abs(length) >= _OUTSIDE for length in found)


def _indented_out(said: Mapping[str, str]) -> bool:
    """Whether the one line of an element begins where the element ends, which cuts it off."""
    indent = said.get("text-indent", "")
    return (
        indent.endswith("%")
        and float((styles.numbers(indent) or (0.0,))[0]) >= _WHOLE_WIDTH
        and _cuts_off(said)
    )
