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
_UNSEEN: Final = {"display": re.compile(r"none$")}
_BY_CLASS: Final = re.compile(r"\s*([a-z][a-z0-9]*)?\.([\w-]+)\s*")


def write_looks(tree: HtmlElement, css: bytes, *, without_scripts: bool = False) -> None:
    """Writes into the `style` of elements what their class alone, or with their tag, says of them.

    Only what holds on every screen counts, and of what several rules say the last. Where no script
    runs, what a sheet does not display is never shown.
    """
    looked_for = _LOOKS | _UNSEEN if without_scripts else _LOOKS
    if not any(sign in css for sign in (*_SIGNS, *([b"display"] if without_scripts else []))):
        return
    known: dict[str, dict[str, dict[str, str]]] = {}
    for rule in rules(css, looked_for):
        said = styles.declarations(rule.block) if rule.is_sure else {}
        looks = {
            name: f"{name}:{said[name]}" if form.match(said[name]) else ""
            for name, form in looked_for.items()
            if name in said
        }
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


@cache
def _with_class() -> XPath:
    from lxml.etree import XPath

    return XPath("descendant::*[@class]")
