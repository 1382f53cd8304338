"""Raised and lowered figures become plain text: powers, notes, fractions."""

from __future__ import annotations

from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, Final

from codexity.adapters.extract.alterations import altered
from codexity.adapters.extract.figures import FRACTION, SLASH, spelt_high, spelt_low
from codexity.adapters.extract.html.neighbours import INLINE, replace_text, text_before, text_behind

if TYPE_CHECKING:
    from lxml.etree import XPath
    from lxml.etree import (
        _Element as Element,  # pyright: ignore[reportPrivateUsage]  it has no public name
    )
    from lxml.html import HtmlElement

RAISED_BY: Final = ("vertical-align:su", "vertical-align: su", "superscript", "⁄", "&frasl;")
_LONGEST: Final = 40
_NOTE_NAMES = ("footnote", "noteref", "reference", "cite", "fnref", "endnote")


def spell_raised(tree: HtmlElement, *, styled: bool) -> None:
    """Writes raised and lowered figures so that they stay apart from what they stand at.

    A power is written with raised characters (`10⁶`) or behind a circumflex (`2^(k+1)`), a note in
    brackets (`2019[3]`), a fraction behind a space (`3 1/2`). Of a number that stands at another
    number only a power of ten, or of a figure, counts as one: else it is a note. Ordinals and marks
    (`1st`, `TM`) stay, and so do indices (`H2O`) that nothing would be read together with. Other
    elements than `<sup>` and `<sub>` are looked at where the page has one of `RAISED_BY`: `styled`.
    """
    found = _candidates()(tree) if styled else tree.iter("sup", "sub", "a")
    for element in [one for one in found if one.tag != "a" or _is_named_note(one)]:
        content = " ".join("".join(islice(element.itertext(), _LONGEST)).split())
        if not content or len(content) > _LONGEST or element.getparent() is None:
            continue
        spelt = _spelt(element, content)
        if spelt is not None:
            replace_text(element, spelt)


@cache
def _candidates() -> XPath:
    from lxml.etree import XPath

    shifted = "contains(@style,'vertical-align')"
    named = "@class='num' or @class='numerator' or @class='sup' or @class='superscript'"
    return XPath(f"descendant::*[self::sup or self::sub or {shifted} or {named} or self::a]")


def _is_named_note(link: Element) -> bool:
    name = link.get("class", "")
    return "footnote" in name or "noteref" in name or link.get("role") == "doc-noteref"


def _spelt(element: Element, content: str) -> str | None:
    """How an element is to be written; None where it stays as it is."""
    kind = _kind(element)
    before, behind = text_before(element), text_behind(element)
    if kind == "low":
        return spelt_low(content, before, behind)
    if _is_upper_figure(element, content, before, behind):
        return altered(f" {content}") if before[-1:].isdigit() else None
    if kind not in {"high", "note"}:
        return None
    is_note = kind == "note" or _is_note(element)
    if is_note and element.find(".//sup") is not None:
        return None
    return spelt_high(content, before, behind, is_note=is_note)


def _kind(element: Element) -> str | None:
    if element.tag in {"sup", "sub"}:
        return "high" if element.tag == "sup" else "low"
    style = "".join(element.get("style", "").lower().split())
    if element.tag not in INLINE:
        return None
    if "vertical-align:super" in style or element.get("class") in {"sup", "superscript"}:
        return "high"
    if "vertical-align:sub" in style:
        return "low"
    return "note" if element.tag == "a" else "numerator"


def _is_upper_figure(element: Element, content: str, before: str, behind: str) -> bool:
    """Whether an element is a whole fraction, or what stands above the stroke of one."""
    if FRACTION.fullmatch(content):
        return True
    stroke = SLASH.match(behind)
    if stroke is None or not content.isdigit():
        return False
    rest = behind[stroke.end() :]
    if rest:
        return rest[0].isdigit() and not before.endswith("10")
    below = element.getnext()
    if below is not None and SLASH.fullmatch("".join(islice(below.itertext(), _LONGEST))):
        below = below.getnext()
    return below is not None and (
        _kind(below) == "low" or below.get("class", "") in {"den", "denominator"}
    )


def _is_note(element: Element) -> bool:
    """Whether a raised element leads to a note, or says that it is one."""
    holder = element.find(".//a")
    around = element.getparent()
    links = [one for one in (holder, around) if one is not None and one.tag == "a"]
    if any("#" in one.get("href", "") for one in links):
        return True
    said = " ".join(
        f"{one.get('class', '')} {one.get('id', '')} {one.get('role', '')}"
        for one in (element, *links)
    ).lower()
    return any(name in said for name in _NOTE_NAMES)
