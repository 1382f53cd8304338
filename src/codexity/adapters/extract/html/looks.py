"""What a page's own sheets say of strokes, raised figures and kept lines: written in its tree."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Final

from codexity.adapters.extract.hidden_text import styles
from codexity.adapters.extract.hidden_text.selectors import names_of
from codexity.adapters.extract.hidden_text.sheets import rules

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
    known: dict[str, dict[str, dict[str, str]]] = {}
    for rule in rules(css, _LOOKS):
        said = styles.declarations(rule.block) if rule.is_sure else {}
        looks = {name: _look(name, said[name]) for name in _LOOKS if name in said}
        for one in rule.selectors.split(",") if said else ():
            match = _BY_CLASS.fullmatch(one)
            if match is not None:
                by_tag = known.setdefault(match[2], {})
                by_tag.setdefault(match[1] or "", {}).update(looks)
    told = (look for by_tag in known.values() for one in by_tag.values() for look in one.values())
    if not any(told):
        return
    for element in _with_class()(tree):
        by_tags = [known[name] for name in names_of(element) & known.keys()]
        said = [one.get(str(element.tag), one.get("", {})) for one in by_tags]
        found = [look for one in said for look in one.values() if look]
        if found:
            element.attrib["style"] = ";".join([*found, element.get("style", "")])


def _look(name: str, value: str) -> str:
    return f"{name}:{value}" if _LOOKS[name].match(value) else ""


@cache
def _with_class() -> XPath:
    from lxml.etree import XPath

    return XPath("descendant::*[@class]")
