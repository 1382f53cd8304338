"""The elements of a page that bear one of several attributes, or are of one of several tags."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from lxml.etree import XPath
    from lxml.etree import (
        _Element as Element,  # pyright: ignore[reportPrivateUsage]  it has no public name
    )

    class Value(str):
        """What lxml gives for the value of an attribute, which its typings do not know."""

        __slots__ = ()

        def getparent(self) -> Element | None:
            """The element that bears it."""
            ...


def marked(top: Element, names: tuple[str, ...], tags: tuple[str, ...] = ()) -> list[Element]:
    """Finds at and below an element, in their order, what bears such an attribute or tag.

    Each element is asked only for what the page has at all: most of it few pages have.
    """
    held = [f"@{name}" for name in names if _has(name)(top)]
    held += [f"self::{tag}" for tag in tags if next(top.iter(tag), None) is not None]
    return _any_of(" or ".join(held))(top) if held else []


def values(top: Element, names: Iterable[str]) -> list[Value]:
    """The values of these attributes at and below an element, each of which knows its holder."""
    return [value for name in names for value in cast("list[Value]", _each(name)(top))]


def texts(top: Element, names: Iterable[str]) -> set[str]:
    """The values alone, each once, which takes a third of the time."""
    return {value for name in names for value in cast("list[str]", _text_of_each(name)(top))}


def holders(found: Iterable[Value]) -> list[Element]:
    """The elements of these values, each once."""
    # A step back from the attributes in XPath would compare each element with all before it.
    held = (value.getparent() for value in found)
    return list(dict.fromkeys(one for one in held if one is not None))


@cache
def _each(name: str) -> XPath:
    from lxml.etree import XPath

    return XPath(f"descendant-or-self::*/@{name}")


@cache
def _text_of_each(name: str) -> XPath:
    from lxml.etree import XPath

    return XPath(
        f"descendant-or-self::*/@{name}",
        smart_strings=False,  # pyright: ignore[reportCallIssue]  its typings do not know it
    )


@cache
def _has(name: str) -> XPath:
    from lxml.etree import XPath

    return XPath(f"boolean(descendant-or-self::*/@{name})")


@cache
def _any_of(tests: str) -> XPath:
    from lxml.etree import XPath

    return XPath(f"descendant-or-self::*[{tests}]")
