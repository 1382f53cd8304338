"""What the styles of an OpenDocument make of its texts, cells and lists.

Source: OASIS OpenDocument 1.3, part 3, 16 (styles) and 19 and 20 (their attributes).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from codexity.adapters.extract.packed.archive import Archive, attribute, local, root_of
from codexity.adapters.extract.packed.docx_styles import Level, inner
from codexity.errors import Unreadable

if TYPE_CHECKING:
    from lxml.etree import (
        _Element as Element,  # pyright: ignore[reportPrivateUsage]  it has no public name
    )

STYLED: Final = ("{*}style", "{*}list-style")
"""The elements that `Styles.learn` takes."""
_STYLES: Final = "styles.xml"
_MANIFEST: Final = "META-INF/manifest.xml"
_DEEPEST: Final = 12
_MOST_LEVELS: Final = 10
_WHITE: Final = frozenset({"#ffffff", "#fefefe", "#fdfdfd"})
_TINY: Final = frozenset({"0pt", "0.1pt", "0.5pt", "1pt", "1.5pt", "2pt"})
_KINDS: Final = {
    "1": "decimal",
    "a": "lowerletter",
    "A": "upperletter",
    "i": "lowerroman",
    "I": "upperroman",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class OdfStyle:
    """What a style says itself; None where it leaves it to the one that it is based on."""

    name: str = ""
    parent: str = ""
    is_hidden: bool | None = None
    is_struck: bool | None = None
    is_bold: bool | None = None
    is_white: bool | None = None
    is_tiny: bool | None = None
    has_ground: bool | None = None
    raised: str | None = None

    @property
    def is_unseen(self) -> bool:
        """Whether nobody sees what is written so."""
        return bool(self.is_hidden or self.is_tiny or (self.is_white and not self.has_ground))


INHERITED: Final = (
    "is_hidden", "is_struck", "is_bold", "is_white", "is_tiny", "has_ground", "raised",
)  # fmt: skip
"""What a style has from the one that it is based on, or that it stands in."""


@dataclass(slots=True)
class Styles:
    """The styles of a document by their family and name, and its lists by theirs."""

    lists: dict[str, dict[int, Level]] = field(default_factory=dict[str, dict[int, Level]])
    _known: dict[tuple[str, str], OdfStyle] = field(default_factory=dict[tuple[str, str], OdfStyle])
    _found: dict[tuple[str, str], OdfStyle] = field(default_factory=dict[tuple[str, str], OdfStyle])

    def learn(self, element: Element) -> None:
        """Takes one of `STYLED`."""
        name = attribute(element, "name")
        if local(element) == "list-style":
            self.lists[name] = dict(_levels(element))
        else:
            self._known[attribute(element, "family"), name] = _style(element)

    def of(self, family: str, name: str) -> OdfStyle:
        """A style with what it has from those that it is based on; a plain one where it is none."""
        key = (family, name)
        if key not in self._found:
            self._found[key] = self._resolved(family, name)
        return self._found[key]

    def _resolved(self, family: str, name: str) -> OdfStyle:
        line: list[OdfStyle] = []
        while (family, name) in self._known and len(line) < _DEEPEST:
            line.append(self._known[family, name])
            name = line[-1].parent
        said: dict[str, Any] = {
            name: next((told for one in line if (told := getattr(one, name)) is not None), None)
            for name in INHERITED
        }
        # The styles of one document alone are named by numbers, and based on those with names.
        return OdfStyle(name=" ".join(one.name for one in line).lower(), **said)


def styles_of(archive: Archive) -> Styles:
    """The styles that a document shares with others; those of its own are in its content."""
    found = Styles()
    if _STYLES in archive:
        for element in root_of(archive.read(_STYLES)).iter(*STYLED):
            found.learn(element)
    return found


def check_unlocked(archive: Archive) -> None:
    """Raises `Unreadable` where the files of a document are encrypted."""
    if _MANIFEST in archive and b"encryption-data" in archive.read(_MANIFEST):
        raise Unreadable("It is locked with a password.", code="bad_content")


def _style(element: Element) -> OdfStyle:
    text = inner(element, "text-properties")
    display = attribute(text, "display")
    shown = attribute(inner(element, "table-properties"), "display")
    grounds = [
        attribute(inner(element, f"{one}-properties"), "background-color")
        for one in ("text", "paragraph", "table-cell")
    ]
    struck = attribute(text, "text-line-through-style") or attribute(text, "text-line-through-type")
    position = attribute(text, "text-position")
    weight = attribute(text, "font-weight")
    color = attribute(text, "color").lower()
    size = attribute(text, "font-size").lower()
    ground = next(filter(None, grounds), "")
    own = attribute(element, "display-name") or attribute(element, "name")
    return OdfStyle(
        name=own.replace("_20_", " "),
        parent=attribute(element, "parent-style-name"),
        is_hidden=display == "none" or shown == "false" if display or shown else None,
        is_struck=struck != "none" if struck else None,
        is_bold=weight == "bold" if weight else None,
        is_white=color in _WHITE if color else None,
        is_tiny=size in _TINY if size else None,
        has_ground=ground not in {"transparent", *_WHITE} if ground else None,
        raised=_raised(position) if position else None,
    )


def _raised(position: str) -> str:
    first = position.split(maxsplit=1)[0] if position.split() else ""
    if first == "super" or (first.endswith("%") and first.strip("0%") and first[0] != "-"):
        return "sup"
    return "sub" if first == "sub" or first.startswith("-") else ""


def _levels(element: Element) -> Iterator[tuple[int, Level]]:
    for one in element:
        depth = attribute(one, "level")
        if not depth.isdecimal() or not 0 < int(depth[:3]) <= _MOST_LEVELS:
            continue
        kind = _KINDS.get(attribute(one, "num-format"), "bullet")
        shown = attribute(one, "display-levels")
        parts = int(shown) if shown.isdecimal() and len(shown) < 3 else 1
        at = int(depth)
        text = ".".join(f"%{number}" for number in range(max(1, at - parts + 1), at + 1))
        start = attribute(one, "start-value")
        first = int(start) if start.isdecimal() and len(start) < 9 else 1
        yield at - 1, Level(kind=kind, text=text, start=first)
