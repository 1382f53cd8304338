"""How the cells of an XLSX workbook look, as far as it decides what is read of them.

Source: ISO/IEC 29500-1, 18.8 (styles) and 18.4 (texts of several runs).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from codexity.adapters.extract.packed.archive import Archive, attribute, local, root_of
from codexity.adapters.extract.packed.docx_styles import inner, is_on
from codexity.adapters.extract.packed.number_formats import NumberFormat, format_of

if TYPE_CHECKING:
    from lxml.etree import (
        _Element as Element,  # pyright: ignore[reportPrivateUsage]  it has no public name
    )

_STYLES: Final = "xl/styles.xml"
_WHITE: Final = frozenset({"ffffff", "fefefe", "fdfdfd"})
_MOST_STYLES: Final = 65_536
_TINY: Final = 2.0
"""Points."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CellStyle:
    """How a cell shows its number; `is_unseen`: white on white, tiny, or struck out."""

    format: NumberFormat = field(default=NumberFormat())
    is_unseen: bool = False


def styles_of(archive: Archive) -> list[CellStyle]:
    """The styles of a workbook by the numbers that its cells name."""
    if _STYLES not in archive:
        return []
    root = root_of(archive.read(_STYLES))
    codes = {
        number: attribute(one, "formatCode")
        for one in root.iter("{*}numFmt")
        if (number := _number(attribute(one, "numFmtId"))) is not None
    }
    fonts = _children(root, "fonts")
    unseen = {at for at, one in enumerate(fonts) if _is_unseen(one)}
    white = {at for at, one in enumerate(fonts) if _is_white(one)}
    ground = {at for at, one in enumerate(_children(root, "fills")) if _is_ground(one)}
    formats: dict[int, NumberFormat] = {}
    found: list[CellStyle] = []
    for one in _children(root, "cellXfs")[:_MOST_STYLES]:
        number = _number(attribute(one, "numFmtId")) or 0
        if number not in formats:
            formats[number] = format_of(number, codes)
        font, fill = (_number(attribute(one, name)) for name in ("fontId", "fillId"))
        is_unseen = font in unseen or (font in white and fill not in ground)
        found.append(CellStyle(format=formats[number], is_unseen=is_unseen))
    return found


def said_in(element: Element) -> str:
    """The text of a string of several runs, without what is struck out and without readings."""
    found: list[str] = []
    for one in element:
        match local(one):
            case "t":
                found.append(one.text or "")
            case "r":
                properties = inner(one, "rPr")
                if properties is None or not _is_unseen(properties):
                    found += [text.text or "" for text in one.findall("{*}t")]
            case _:
                pass
    return "".join(found)


def _is_unseen(font: Element) -> bool:
    size = attribute(inner(font, "sz"), "val")
    return bool(is_on(font, "strike")) or _is_tiny(size)


def _is_tiny(size: str) -> bool:
    try:
        return float(size or "11") <= _TINY
    except ValueError:
        return False


def _is_white(font: Element) -> bool:
    color = inner(font, "color")
    if attribute(color, "tint").strip("0.-"):
        return False
    return attribute(color, "rgb").lower()[-6:] in _WHITE or attribute(color, "theme") == "0"


def _is_ground(fill: Element) -> bool:
    pattern = inner(fill, "patternFill")
    kind = attribute(pattern, "patternType")
    if inner(fill, "gradientFill") is not None:
        return True
    front = attribute(inner(pattern, "fgColor"), "rgb").lower()[-6:]
    return kind not in {"", "none"} and not (kind == "solid" and front in _WHITE)


def _children(root: Element, name: str) -> list[Element]:
    around = inner(root, name)
    return [] if around is None else [one for one in around if local(one)]


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else None
