"""What extractors drop although it stands among what they take: short blocks, lists, rows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Final, get_args

from codexity.adapters.extract.html.leaves import Leaf
from codexity.model import BlockKind

if TYPE_CHECKING:
    from lxml.etree import (
        _Element as Element,  # pyright: ignore[reportPrivateUsage]  it has no public name
    )

_NEAR: Final = 3
"""How many elements up from what was taken, and from what was not, both have to meet."""
_AROUND: Final = 7
_BEHIND: Final = 40
"""How many blocks behind the last that was taken may still belong to it."""
_BEFORE: Final = 12
"""How many blocks before the first may: what is further up is the head of the page."""
_MOSTLY_LINKS: Final = 0.5
_BESIDE: Final = frozenset({"nav", "footer", "form", "aside", "dialog", "header"})
_OF_TABLES: Final = frozenset({"td", "th", "tr", "tbody", "thead", "tfoot", "dd", "dt"})
_ROLES: Final = frozenset(
    """navigation banner contentinfo complementary search menu menubar toolbar dialog alert tablist
    form""".split()
)
_NOTE = re.compile(
    r"\b(?:note|admonition|warning|tip|caution|callout|important|hint|example|panel)", re.IGNORECASE
)
_NAMES_AROUND = re.compile(
    r"""(?:^|[\s_-])(?:share\w*|social|related|recommend\w*|promo\w*|advert\w*|ads?|newsletter|
    subscri\w+|sign-?up|sidebar|breadcrumbs?|signature|cookies?|consent|popup|modal|forms?|login|
    (?:post|user|author|member)-?(?:left|profile|info|details)|poster\w*|trust-stats|submenu|
    dropdown|navbox|toc)(?:$|[\s_-])|postsignature""",
    re.IGNORECASE | re.VERBOSE,
)
"""What is beside the text, however much of it extractors took."""
_NAMES = re.compile(
    r"""(?:^|[\s_-])(?:banner|tags?|byline|meta|author\w*|bio|comments?|repl(?:y|ies)|menu|nav\w*|
    widgets?|pagination|pager|footer|ratings?|votes?|toolbar|buttons?|btn|cta|teaser|cards?|more|
    print|follow|trending|sponsor\w*|copyright|license|disclaimer|edit\w*|actions?|controls?|
    pull-?quotes?|users?|avatar|carousel|slider|gallery|skip|sr-only|visually-hidden|feedback|
    timestamp|dates?|time|posted|hatnote|price|badge)(?:$|[\s_-])""",
    re.IGNORECASE | re.VERBOSE,
)
_KINDS: Final = frozenset(get_args(BlockKind))
_FACTS: Final = frozenset[BlockKind]({"row", "pair", "item", "code"})
_MOMENT = re.compile(
    r"[\d\s:.,/TZ+-]+|(?:posted|updated|published|modified|last)\b.{0,60}", re.IGNORECASE
)


def restored(leaves: Sequence[Leaf], taken: Sequence[bool], *, sells: bool) -> list[bool]:
    """The leaves that were taken, and those that stand among them and are no menu or the like.

    Among them is what meets one of them within three elements around each, stands behind the first
    and not far behind the last, is not mostly links, and is in nothing that is beside a text by its
    tag, its role or its name. Where the page `sells` a product, only facts count, which stand in
    rows, pairs and items: the prose around is of what else is sold.
    """
    kept = list(taken)
    if not any(taken):
        return kept
    first = kept.index(True)
    last = len(kept) - kept[::-1].index(True)
    near = _near(leaf.element for leaf, one in zip(leaves, taken, strict=True) if one)
    beside: dict[Element, bool] = {}
    kinds = _FACTS if sells else _KINDS
    for at in range(first - 1, max(-1, first - 1 - _BEFORE), -1):
        if not _belongs(leaves[at], near, beside, kinds):
            break
        kept[at] = True
    for at in range(first, min(len(kept), last + _BEHIND)):
        if not kept[at]:
            kept[at] = _belongs(leaves[at], near, beside, kinds)
            if at >= last and not kept[at]:
                break
    return kept


def _near(elements: Iterable[Element]) -> set[Element]:
    """What is within three elements around any of these, but the page itself."""
    near: set[Element] = set()
    for element in elements:
        near.update(islice(element.iterancestors(), _NEAR))
    return {one for one in near if one.tag != "html"}


def _belongs(
    leaf: Leaf, near: set[Element], beside: dict[Element, bool], kinds: frozenset[BlockKind]
) -> bool:
    if leaf.draft.kind not in kinds:
        return False
    if leaf.linked >= _MOSTLY_LINKS * len(leaf.draft.text) or _MOMENT.fullmatch(leaf.draft.text):
        return False
    around = [leaf.element, *islice(leaf.element.iterancestors(), _AROUND)]
    if any(_is_beside(one, beside) for one in around) or _is_unseen(leaf.element):
        return False
    steps = _AROUND if leaf.draft.kind == "code" else _NEAR + 1
    for one in islice((one for one in around if one.tag not in _OF_TABLES), steps):
        if one in near:
            return True
        if leaf.draft.kind != "code" and _NAMES.search(_named(one)):
            return False
    return False


def _is_beside(element: Element, known: dict[Element, bool]) -> bool:
    found = known.get(element)
    if found is None:
        name = _named(element)
        if element.tag in _BESIDE or element.get("role") in _ROLES:
            found = element.tag != "aside" or not _is_note(element, name)
        else:
            found = element.tag not in {"body", "html"} and bool(_NAMES_AROUND.search(name))
        known[element] = found
    return found


def _is_note(aside: Element, name: str) -> bool:
    """Whether an aside is a note: named as one, or leading nowhere and asking for nothing."""
    if _NOTE.search(name):
        return True
    if _NAMES_AROUND.search(name):
        return False
    return (
        aside.get("role") is None and next(aside.iter("a", "form", "input", "button"), None) is None
    )


def _is_unseen(element: Element) -> bool:
    return "hidden" in element.get("class", "").split() and element.tag == "pre"


def _named(element: Element) -> str:
    return f"{element.get('class', '')} {element.get('id', '')}"
