"""What a page's own scripts open, as far as attributes, names of classes and the scripts tell."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from lxml.etree import XPath
    from lxml.etree import (
        _Element as Element,  # pyright: ignore[reportPrivateUsage]  it has no public name
    )

_LONGEST: Final = 500
_WORD: Final = re.compile(r"[\w:-]+")
_NAMING: Final = re.compile(
    r"(?:data|uk)-.*(?:tab|target|toggle|open|show|reveal|panel|modal|accordion|collapse|src)"
)
_CALLS: Final = re.compile(r"(?:on|@|x-on:|v-on:|ng-)(?:click|change)\b")
_OTHERS: Final = frozenset({"class", "id", "style", "title", "type", "name", "role", "tabindex"})
_SHOWS: Final = ("x-show", "v-show", "ng-show", "v-if")
_OPENING: Final = re.compile(
    r"\btabs?\b|tabs?[_-]|accordion|collaps|toggl|expand|spoiler|disclos|modal", re.IGNORECASE
)
_HEADING: Final = re.compile(r"accordion|collaps|toggl|expand|spoiler|disclos", re.IGNORECASE)
_NEXT: Final = ("nextElementSibling", ".next(", "slideToggle")
_LOOKS_UP: Final = ("querySelector", "getElement", "$(")
_CALLED: Final = re.compile(
    r"""(?:\$|querySelector(?:All)?|getElementsByClassName|getElementById)"""
    r"""\(\s*['"]([^'"]{1,200})['"]"""
)
_MOST_SCRIPTS: Final = 20
_MOST_CALLED: Final = 100
"""Names that one script looks up."""


def own_controls(top: Element, source: str) -> list[Element]:
    """What a script of the page may have made a control."""
    found: list[Element] = [*top.iter("button", "label", "input", "summary"), *_links()(top)]
    # Most pages have none, and each element would be asked.
    return found + (_handled()(top) if "onclick" in source else [])


@cache
def _links() -> XPath:
    from lxml.etree import XPath

    data = "@*[starts-with(name(), 'data-') or starts-with(name(), 'uk-')]"
    leads = "starts-with(@href, '#') or starts-with(@href, 'javascript:') or @onclick"
    return XPath(f"descendant::a[@id or {leads} or {data}] | descendant::li[@id or {data}]")


@cache
def _handled() -> XPath:
    from lxml.etree import XPath

    tags = " or ".join(f"self::{tag}" for tag in ("a", "button", "label", "li", "input", "summary"))
    return XPath(f"descendant::*[@onclick][not({tags})]")


def opened_by(control: Element) -> Iterator[str]:
    """The names of what a control may open by its handlers and by data of its own.

    A link to a place of the page opens nothing, unless it is named as a tab or the like.
    """
    for key, value in control.attrib.items():
        if key in _OTHERS:
            continue
        if _CALLS.match(key):
            for word in _WORD.findall(value[:_LONGEST]):
                yield word
                yield f"={word}"
        elif _NAMING.match(key) or value.startswith("javascript:"):
            yield from _WORD.findall(value[:_LONGEST])
        elif key == "href" and value.startswith("#") and _is_named_so(control):
            yield value[1:]


def shown_by(panel: Element) -> Iterator[str]:
    """The names by which a panel is shown: its id, its classes, what it is bound to."""
    if (name := panel.get("id")) is not None:
        yield name
    for one in panel.get("class", "").split():
        yield f".{one}"
    for binding in _SHOWS:
        for word in _WORD.findall(panel.get(binding, "")[:_LONGEST]):
            yield f"={word}"


def _has(text: str, words: Iterable[str]) -> bool:
    return any(word in text for word in words)


def _is_named_so(link: Element) -> bool:
    around = link.getparent()
    both = (link,) if around is None else (link, around)
    return any(_OPENING.search(one.get("class", "")) for one in both)


class Scripts:
    """What the scripts that stand in a page look up, and what they do on a click."""

    def __init__(self, source: str) -> None:
        self._steps_on: set[str] = set()
        self._together: list[list[str]] = []
        self._asked: set[str] = set()
        # Looking for words takes a tenth of the time that one pattern for all of it does.
        pieces = source.split("<script")[1:] if "click" in source else ()
        scripts = (piece.partition("</script")[0] for piece in pieces)
        heard = (one for one in scripts if "click" in one and _has(one, _LOOKS_UP))
        for script in islice(heard, _MOST_SCRIPTS):
            said = islice(_CALLED.finditer(script), _MOST_CALLED)
            words = [word for one in said for word in _WORD.findall(one[1])][:_MOST_CALLED]
            self._together.append(words)
            if _has(script, _NEXT):
                self._steps_on.update(words)

    @property
    def look_up_anything(self) -> bool:
        """Whether there is a name at all."""
        return bool(self._together)

    def opens_next(self, header: Element) -> bool:
        """Whether what stands right behind an element is opened by a click on it."""
        if _HEADING.search(header.get("class", "")) or _has(header.get("onclick", ""), _NEXT):
            return True
        names = {str(header.tag), header.get("id", ""), *header.get("class", "").split()}
        return not self._steps_on.isdisjoint(names)

    def looked_up_with(self, control: Element) -> Iterator[str]:
        """The names that a script looks up which looks up this control too, by its id.

        What has an id that others had before is passed over.
        """
        name = control.get("id")
        if not name or name in self._asked:
            return
        self._asked.add(name)
        for words in self._together:
            if name in words:
                yield from words
