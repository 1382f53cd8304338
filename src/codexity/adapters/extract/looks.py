"""What a page's own sheets say of strokes, raised figures and kept lines: written in its tree."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Final

from codexity.adapters.extract import styles
from codexity.adapters.extract.sheets import rules

if TYPE_CHECKING:
    from lxml.etree import XPath
    from lxml.html import HtmlElement

_SIGNS: Final = (b"line-through", b"vertical-align", b"white-space")
_LOOKS: Final = {
    "text-decoration": re.compile(r".*\bline-through\b"),
    "text-decoration-line": re.compile(r".*\bline-through\b"),
    "vertical-align": re.compile(r"su(?:per|b)$"),
    "white-space": re.compile(r"pre$"),
}
_BY_CLASS: Final = re.compile(r"\s*([a-z][a-z0-9]*)?\.([\w-]+)\s*")


def write_looks(tree: HtmlElement, css: bytes) -> None:
    """Writes into the `style` of elements what their class alone, or with their tag, says of them.

    Only what holds on every screen counts, and of what several rules say the last.
    """
    if not any(sign in css for sign in _SIGNS):
        return
    known: dict[str, dict[str, str]] = {}
    for rule in rules(css, _LOOKS):
        said = styles.declarations(rule.block) if rule.is_sure else {}
        looks = [f"{name}:{said[name]}" for name, sort in _LOOKS.items() if _is(sort, said, name)]
        for one in rule.selectors.split(",") if said else ():
            match = _BY_CLASS.fullmatch(one)
            if match is not None:
                known.setdefault(match[2], {})[match[1] or ""] = ";".join(looks)
    if not any(look for by_tag in known.values() for look in by_tag.values()):
        return
    for element in _with_class()(tree):
        for name in element.get("class", "").split():
            by_tag = known.get(name, {})
            look = by_tag.get(str(element.tag), by_tag.get("", ""))
            if look:
                element.attrib["style"] = f"{look};{element.get('style', '')}"


def _is(sort: re.Pattern[str], said: dict[str, str], name: str) -> bool:
    return name in said and sort.match(said[name]) is not None


@cache
def _with_class() -> XPath:
    from lxml.etree import XPath

    return XPath("descendant::*[@class]")
