"""What a page's own stylesheets hide is said by the `style` attributes of its elements."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, Final

from codexity.adapters.extract.hidden_text import styles
from codexity.adapters.extract.hidden_text.selectors import Matcher, Selector, names_of, selector
from codexity.adapters.extract.hidden_text.sheets import Rule, rules, suspects
from codexity.adapters.extract.hidden_text.visibility import TextStyle, inherited, is_invisible
from codexity.adapters.extract.marked import values

if TYPE_CHECKING:
    from lxml.etree import XPath
    from lxml.etree import (
        _Element as Element,  # pyright: ignore[reportPrivateUsage]  it has no public name
    )
    from lxml.html import HtmlElement

_MOST_ASKED: Final = 50_000
_PARENTHESES = re.compile(r"\([^()]*\)")
_STATE = re.compile(r"(?<!\\)[:\[]")
_CLASS = re.compile(r"\.(?:[\w-]|[^\x00-\x7f]|\\.)+")
_KEY = re.compile(r"[.#]?(?:[\w-]|[^\x00-\x7f]|\\.)+")
_SHORT: Final[Mapping[str, tuple[str, ...]]] = {
    "font": ("font-size",),
    "background": ("background-color", "background-image", "background-clip"),
    "margin": ("margin-left", "margin-top", "margin-inline-start", "margin-block-start"),
    "inset": ("left", "top", "right", "bottom"),
    "overflow": ("overflow-x", "overflow-y"),
}
_INHERITED: Final = ("font", "font-size", "color", "-webkit-text-fill-color")
_PAPER: Final = ("background", "background-color", "background-image")
_LOGICAL: Final = (
    *("inset", "inset-inline", "inset-inline-start", "inset-block", "inset-block-start"),
)
_CLIPS: Final = ("background-clip", "-webkit-background-clip")
_CUTS: Final = ("overflow", "overflow-x", "overflow-y")
_GROUPS: Final = (
    ("opacity",),
    ("clip-path",),
    ("clip", "position"),
    ("filter",),
    ("transform", "scale", "translate"),
    ("text-indent", *_CUTS),
    ("font-size", "font"),
    (*("left", "top", "right", "bottom", "position"), *_LOGICAL),
    ("width", "max-width", *_CUTS),
    ("line-height", *_CUTS),
    ("margin", "margin-left", "margin-top", "margin-inline-start", "margin-block-start"),
    ("color", "-webkit-text-fill-color", *_PAPER, *_CLIPS),
)
"""The properties that hide together: what shows again says one of those that hide."""
_ALWAYS: Final = ("animation", "animation-name", "all")
_FEW: Final = 40
_MOST_STATES: Final = 8
_MOST_PIECES: Final = 200
_IN_PLACE: Final[Mapping[str, str]] = {"position": "absolute", "overflow": "hidden"}
_WHITE: Final = TextStyle(paper="#ffffff")
_OF_A_SIZE = re.compile(r"[-+.\d]")

Weight = tuple[bool, bool, bool, tuple[int, int, int], int]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kind:
    """How text is hidden: by which properties, and whether what is below inherits it."""

    names: frozenset[str]
    is_inherited: bool = False


@dataclass(slots=True, kw_only=True)
class _Declared:
    """A rule with one of its selectors, and what it declares."""

    chosen: Selector
    ranked: Sequence[tuple[str, str, bool]]
    rule: Rule

    @property
    def is_sure(self) -> bool:
        return self.rule.is_sure and self.chosen.is_sure


def write_sheets(tree: HtmlElement, css: bytes) -> None:
    """Writes what the sheets of a page hide into the `style` of the elements that they hide.

    What hides counts where it is sure to hold: an exact selector of tags, classes and ids, on every
    screen. What shows again counts where it may hold: in a state, on some screen, while hovered.
    """
    matcher = Matcher(_MOST_ASKED)
    hit = _hit(tree, css, matcher)
    if not hit:
        return
    targets = _targets(hit, matcher)
    names = {*_ALWAYS, *(name for kind in hit.values() for name in kind.names)}
    index = _index(css, names, {key for one in targets for key in _keys(one)})
    for element in targets:
        found = [
            rule
            for key in _keys(element)
            for rule in index.get(key, ())
            if matcher.left > 0 and matcher.is_about(rule.chosen, element)
        ]
        if matcher.left <= 0:
            return
        said = _said(element, found, hides=element in hit)
        if said:
            element.attrib["style"] = ";".join(f"{name}:{value}" for name, value in said.items())


def _targets(hit: Mapping[Element, _Kind], matcher: Matcher) -> dict[Element, None]:
    """The elements that are hidden, and those that inherit it, each once."""
    targets = dict.fromkeys(hit)
    for top, kind in hit.items():
        for element in top.iter("*") if kind.is_inherited else ():
            targets[element] = None
            matcher.left -= 1
            if matcher.left <= 0:
                return targets
    return targets


def _hit(tree: HtmlElement, css: bytes, matcher: Matcher) -> dict[Element, _Kind]:
    """The elements with text that a rule may hide, and how."""
    hiding: dict[str, list[tuple[Selector, _Kind]]] = {}
    found = [
        (text, block)
        for selectors, block in suspects(css)
        for text in selectors.split(",")
        if _STATE.search(text) is None
    ]
    if not found or (len(found) <= _FEW and not any(_kind(block, tree) for _, block in found)):
        return {}
    by_classes = _by_classes(tree)
    known = frozenset(f".{name}" for names in by_classes for name in names.split())
    for text, block in found:
        kind = _kind(block, tree) if _are_among(_CLASS.findall(text), known) else None
        chosen = selector(text) if kind else None
        if kind and chosen is not None and chosen.is_sure:
            hiding.setdefault(chosen.compounds[0].key, []).append((chosen, kind))
    hit: dict[Element, _Kind] = {}
    for element in _candidates(tree, hiding, by_classes) if hiding else ():
        asked = [one for key in _keys(element) for one in hiding.get(key, ())]
        kinds = [kind for chosen, kind in asked if matcher.is_about(chosen, element)]
        if matcher.left <= 0:
            return hit
        if kinds and _has_text(element):
            hit[element] = _Kind(
                names=frozenset(name for kind in kinds for name in kind.names),
                is_inherited=any(kind.is_inherited for kind in kinds),
            )
    return hit


def _by_classes(tree: HtmlElement) -> dict[str, list[Element]]:
    """The elements of a page by what their `class` says."""
    found: dict[str, list[Element]] = {}
    for value in values(tree, ("class",)):
        element = value.getparent()
        if element is not None:
            found.setdefault(value, []).append(element)
    return found


@cache
def _with_id() -> XPath:
    from lxml.etree import XPath

    return XPath("descendant-or-self::*[@id]")


def _may_match(text: str, keys: Collection[str]) -> bool:
    """Whether all that a selector asks of its last element is among the keys."""
    text = text.rstrip()
    last = text[1 + max(map(text.rfind, " >+~")) :]
    return _are_among(_KEY.findall(_STATE.split(last, maxsplit=1)[0]), keys)


def _are_among(names: Sequence[str], keys: Collection[str]) -> bool:
    return all((styles.unescaped(name) if "\\" in name else name) in keys for name in names)


def _kind(block: str, top: HtmlElement) -> _Kind | None:
    """How a block hides text, as far as it is up to it; None if it does not."""
    said = styles.declarations(block)
    for names in _GROUPS:
        part = {name: said[name] for name in names if name in said}
        if not part:
            continue
        if inherited(_WHITE, top, part).lost:
            return _Kind(names=frozenset(names), is_inherited=True)
        if is_invisible({**part, **_IN_PLACE}):
            return _Kind(names=frozenset(names))
    return None


def _has_text(element: Element) -> bool:
    """Whether there is text in an element; taken for granted behind much that is blank."""
    pieces = list(islice(element.itertext(), _MOST_PIECES))
    return len(pieces) == _MOST_PIECES or any(not text.isspace() for text in pieces)


def _candidates(
    tree: HtmlElement, keys: Collection[str], by_classes: Mapping[str, Sequence[Element]]
) -> Iterable[Element]:
    """The elements that have one of these keys, each once."""
    if "*" in keys:
        return tree.iter("*")
    found: list[Element] = []
    for names, elements in by_classes.items():
        if any(f".{name}" in keys for name in names.split()):
            found += elements
    if any(key.startswith("#") for key in keys):
        found += [one for one in _with_id()(tree) if f"#{one.get('id')}" in keys]
    if tags := [key for key in keys if key[0] not in ".#"]:
        found += tree.iter(*tags)
    return dict.fromkeys(found)


def _keys(element: Element) -> Iterator[str]:
    for name in names_of(element):
        yield f".{name}"
    if (name := element.get("id")) is not None:
        yield f"#{name}"
    yield str(element.tag)
    yield "*"


def _index(css: bytes, names: Collection[str], keys: Collection[str]) -> dict[str, list[_Declared]]:
    """What is declared of these properties for elements with these keys, by the selectors' own."""
    index: dict[str, list[_Declared]] = {}
    for rule in rules(css, names):
        texts = _PARENTHESES.sub("", rule.selectors) if "(" in rule.selectors else rule.selectors
        chosen = [selector(text) for text in texts.split(",") if _may_match(text, keys)]
        said = styles.ranked(rule.block) if chosen else ()
        ranked = tuple(one for one in said if one[0] in names)
        for one in chosen:
            if one is not None:
                made = _Declared(chosen=one, ranked=ranked, rule=rule)
                index.setdefault(one.compounds[0].key, []).append(made)
    return index


def _said(element: Element, found: Sequence[_Declared], *, hides: bool) -> dict[str, str]:
    """What an element is to say in its `style`: nothing where sheets do not decide of its text."""
    sure = [rule for rule in found if rule.is_sure]
    unsure = [rule for rule in found if not rule.is_sure]
    if hides:
        said = _cascaded(element, sure)
        others = (_cascaded(element, [*sure, rule]) for rule in unsure[:_MOST_STATES])
        if _is_hidden(element, said) and all(_is_hidden(element, other) for other in others):
            return said
    said = _cascaded(element, found)
    names = (*_INHERITED, *_PAPER, *_CLIPS)
    passed = {name: said[name] for name in names if name in said}
    if "font-size" in passed and not _OF_A_SIZE.match(passed["font-size"]):
        passed["font-size"] = "inherit" if passed["font-size"] == "inherit" else "16px"
    own = styles.declarations(element.get("style", ""))
    return {**own, **passed} if passed else {}


def _is_hidden(element: Element, said: Mapping[str, str]) -> bool:
    if said.get("animation", said.get("animation-name", "none")) != "none":
        return False
    return is_invisible(said) or inherited(_WHITE, element, said).lost


def _cascaded(element: Element, found: Sequence[_Declared]) -> dict[str, str]:
    """What counts of all that is declared of an element.

    Source: CSS Cascading and Inheritance Level 5, "Cascade Sorting Order".
    """
    ordered: list[tuple[Weight, str, str]] = []
    for rule in found:
        for name, value, important in rule.ranked:
            layer = rule.rule.layered == important
            weight = important, False, layer, rule.chosen.specificity, rule.rule.order
            ordered.append((weight, name, value))
    for name, value, important in styles.ranked(element.get("style", "")):
        ordered.append(((important, True, True, (0, 0, 0), 0), name, value))
    ordered.sort(key=lambda one: one[0])
    said: dict[str, str] = {}
    for _, name, value in ordered:
        if name == "all":
            said.clear()
        for longer in _SHORT.get(name, ()):
            said.pop(longer, None)
        said[name] = value
    return said
