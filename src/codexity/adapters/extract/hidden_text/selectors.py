"""Simple CSS selectors, and whether they are about an element."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from codexity.adapters.extract.hidden_text.styles import unescaped

if TYPE_CHECKING:
    from lxml.etree import (
        _Element as Element,  # pyright: ignore[reportPrivateUsage]  it has no public name
    )

_NAME = r"(?:[\w-]|[^\x00-\x7f]|\\[0-9a-fA-F]{1,6} ?|\\[^0-9a-fA-F])+"
_PART = re.compile(
    rf"(?P<combinator> ?[>+~] ?| )|(?P<tag>\*|{_NAME})|\.(?P<name>{_NAME})|\#(?P<id>{_NAME})"
    rf"|(?P<pseudo>::?{_NAME}(?:\([^()]*\))?)|(?P<attribute>\[[^\]]*\])"
)
_OF_A_PART: Final = re.compile(r"::|:(?:before|after|first-line|first-letter)\b")
_WITHOUT_SCRIPTS: Final = frozenset({"no-js", "nojs", "no-javascript"})
_NONE: Final[frozenset[str]] = frozenset()
_LONGEST: Final = 500
_MOST_COMPOUNDS: Final = 12


@dataclass(slots=True)
class Compound:
    """What is asked of one element, and how it stands to the one before (" " or ">")."""

    combinator: str = ""
    tag: str = ""
    id: str = ""
    names: frozenset[str] = frozenset()

    @property
    def key(self) -> str:
        """What the element has to have, in the notation of CSS; "*" for nothing."""
        if self.id:
            return f"#{self.id}"
        return f".{min(self.names)}" if self.names else self.tag or "*"

    def is_about(self, element: Element) -> bool:
        """Whether an element is what is asked for."""
        return (
            (not self.tag or self.tag == element.tag)
            and (not self.id or self.id == element.get("id"))
            and (not self.names or self.names <= names_of(element))
        )


@dataclass(eq=False, slots=True, kw_only=True)
class Selector:
    """A selector; `is_sure` where nothing was left out of it that narrows what it is about."""

    compounds: tuple[Compound, ...]
    is_sure: bool
    specificity: tuple[int, int, int]


def selector(text: str) -> Selector | None:
    """The selector of this text, with states, attributes and siblings left out.

    None for what is not understood, and for what is about a part of an element only.
    """
    text = text.strip()
    if not text or len(text) > _LONGEST or _OF_A_PART.search(text):
        return None
    compounds, sure, at = [Compound()], True, 0
    counts = [0, 0, 0]
    while at < len(text):
        match = _PART.match(text, at)
        if match is None or len(compounds) > _MOST_COMPOUNDS:
            return None
        at = match.end()
        kind, value = str(match.lastgroup), match[0]
        if kind == "combinator":
            combinator = value.strip() or " "
            if combinator in "+~":
                sure, compounds = False, [Compound()]
            else:
                compounds.append(Compound(combinator))
            continue
        counts[{"id": 0, "tag": 2}.get(kind, 1)] += value != "*"
        known = value != ":root" and kind in {"pseudo", "attribute"}
        sure = sure and not known
        _add(compounds[-1], kind, unescaped(match[kind]))
    without_scripts = any(one.names & _WITHOUT_SCRIPTS for one in compounds)
    return Selector(
        compounds=tuple(reversed(compounds)),
        is_sure=sure and not without_scripts,
        specificity=(counts[0], counts[1], counts[2]),
    )


def _add(compound: Compound, kind: str, value: str) -> None:
    if kind == "name":
        compound.names |= {value}
    elif kind == "id":
        compound.id = value
    elif kind == "tag" and value != "*":
        compound.tag = value.lower()
    elif value == ":root":
        compound.tag = "html"


def names_of(element: Element) -> frozenset[str]:
    """The classes of an element."""
    names = element.get("class")
    return _split(names) if names else _NONE


@lru_cache(maxsize=2_048)
def _split(names: str) -> frozenset[str]:
    return frozenset(names.split())


class Matcher:
    """Tells which elements selectors are about, as long as `left`, how many it may look at."""

    def __init__(self, most: int) -> None:
        self.left = most
        self._above: dict[Selector, dict[Element | None, bool]] = {}

    def is_about(self, chosen: Selector, element: Element) -> bool:
        """Whether a selector is about an element.

        A descendant combinator takes the nearest ancestor that fits and does not come back to it.
        """
        self.left -= 1
        if not chosen.compounds[0].is_about(element):
            return False
        if len(chosen.compounds) == 1:
            return True
        known = self._above.setdefault(chosen, {})
        above = element.getparent()
        found = known.get(above)
        if found is None:
            passed, found = self._look_up(chosen, above, known)
            known.update(dict.fromkeys(passed, found))
        return found

    def _look_up(
        self, chosen: Selector, above: Element | None, known: Mapping[Element | None, bool]
    ) -> tuple[list[Element | None], bool]:
        """Whether what is above fits, and where below that this is so as well."""
        passed: list[Element | None] = [above]
        combinator = chosen.compounds[0].combinator
        for at, compound in enumerate(chosen.compounds[1:]):
            while above is None or not compound.is_about(above):
                if above is None or combinator == ">":
                    return passed, False
                self.left -= 1
                above = above.getparent()
                if at == 0:
                    if above in known:
                        return passed, known[above]
                    passed.append(above)
            above, combinator = above.getparent(), compound.combinator
        return passed, True
