"""What the styles and the numbering of a DOCX document make of its paragraphs.

Source: ISO/IEC 29500-1, 17.7 (styles) and 17.9 (numbering).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from codexity.adapters.extract.packed.archive import Archive, attribute, local, root_of

if TYPE_CHECKING:
    from lxml.etree import (
        _Element as Element,  # pyright: ignore[reportPrivateUsage]  it has no public name
    )

_STYLES: Final = "word/styles.xml"
_NUMBERING: Final = "word/numbering.xml"
_DEEPEST: Final = 12
_HEADING = re.compile(r"heading (\d)")
_TYPES: Final = {"lowerletter": "a", "upperletter": "A", "lowerroman": "i", "upperroman": "I"}
_NO_NUMBER: Final = frozenset({"bullet", "none"})
_PLACE = re.compile(r"%(\d)")
_OFF: Final = frozenset({"0", "false", "off", "none"})


def inner(element: Element | None, *path: str) -> Element | None:
    """The first descendant by the names of a path."""
    for name in path:
        if element is None:
            return None
        element = element.find(f"{{*}}{name}")
    return element


def is_on(element: Element | None, name: str) -> bool | None:
    """Whether properties turn something on; None where they do not say."""
    found = inner(element, name)
    if found is None:
        return None
    return attribute(found, "val").lower() not in _OFF


def number_of(element: Element | None, name: str = "val") -> int | None:
    """The value of a property that is a number."""
    said = attribute(element, name)
    return int(said) if said.isascii() and said.isdigit() and len(said) < 9 else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """What a style makes of a paragraph or run; `level` is that of a heading, 0 for none."""

    name: str = ""
    level: int = 0
    is_hidden: bool = False
    list_id: str = ""
    depth: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """One depth of a list."""

    kind: str = "bullet"
    text: str = ""
    start: int = 1


@dataclass(slots=True)
class Numbering:
    """Counts the items of the lists of one document, as it defines them."""

    levels: dict[str, dict[int, Level]] = field(default_factory=dict[str, dict[int, Level]])
    _counts: dict[str, dict[int, int]] = field(default_factory=dict[str, dict[int, int]])

    def next(self, list_id: str, depth: int) -> tuple[int | None, str, str]:
        """The number of the next item (None for a bullet), its type, and how it is written."""
        levels = self.levels.get(list_id, {})
        level = levels.get(depth, Level())
        if level.kind in _NO_NUMBER:
            return None, "", ""
        counts = self._counts.setdefault(list_id, {})
        for deeper in [one for one in counts if one > depth]:
            del counts[deeper]
        counts[depth] = counts.get(depth, level.start - 1) + 1

        def count(match: re.Match[str]) -> str:
            at = int(match[1]) - 1
            return str(counts.get(at, levels.get(at, Level()).start))

        written = _PLACE.sub(count, level.text[:40]) if level.text.count("%") > 1 else ""
        return counts[depth], _TYPES.get(level.kind, "1"), written

    def label(self, list_id: str, depth: int) -> str:
        """What stands before the next heading of a list of headings: `4.2`; empty for a bullet."""
        number, _, written = self.next(list_id, depth)
        text = self.levels.get(list_id, {}).get(depth, Level()).text[:40]
        return written or ("" if number is None else _PLACE.sub(str(number), text))


def styles_of(archive: Archive) -> dict[str, Style]:
    """The styles of a document by their ids, each with what it has from those it is based on."""
    if _STYLES not in archive:
        return {}
    found = {
        attribute(one, "styleId"): one for one in root_of(archive.read(_STYLES)).iter("{*}style")
    }
    return {name: _style(name, found) for name in found}


def _style(name: str, known: dict[str, Element]) -> Style:
    line: list[Element] = []
    while name in known and len(line) < _DEEPEST:
        line.append(known[name])
        name = attribute(inner(line[-1], "basedOn"), "val")
    names = [attribute(inner(one, "name"), "val").lower() for one in line]
    headings = [_HEADING.match(one) for one in names]
    level = next((int(one[1]) for one in headings if one), 0)
    if not level:
        outlines = [number_of(inner(one, "pPr", "outlineLvl")) for one in line]
        outline = next((one for one in outlines if one is not None), None)
        level = outline + 1 if outline is not None and outline < 9 else 0
    hidden = (is_on(inner(one, "rPr"), "vanish") for one in line)
    lists = [inner(one, "pPr", "numPr") for one in line]
    numbered = next((one for one in lists if one is not None), None)
    return Style(
        name=names[0],
        level=1 if names[0] == "title" else min(6, level),
        is_hidden=next((one for one in hidden if one is not None), False),
        list_id=attribute(inner(numbered, "numId"), "val"),
        depth=number_of(inner(numbered, "ilvl")) or max(0, level - 1),
    )


def numbering_of(archive: Archive) -> Numbering:
    """The lists of a document by their ids."""
    found = Numbering()
    if _NUMBERING not in archive:
        return found
    abstract: dict[str, dict[int, Level]] = {}
    for one in root_of(archive.read(_NUMBERING)):
        if local(one) == "abstractNum":
            abstract[attribute(one, "abstractNumId")] = {
                number_of(level, "ilvl") or 0: Level(
                    kind=attribute(inner(level, "numFmt"), "val").lower(),
                    text=attribute(inner(level, "lvlText"), "val"),
                    start=number_of(inner(level, "start")) or 1,
                )
                for level in one.findall("{*}lvl")
            }
        elif local(one) == "num":
            of = attribute(inner(one, "abstractNumId"), "val")
            found.levels[attribute(one, "numId")] = abstract.get(of, {})
    return found
