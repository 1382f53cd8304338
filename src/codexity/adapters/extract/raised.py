"""Raised and lowered figures become plain text: powers, notes, fractions."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Final

from codexity.adapters.extract.alterations import altered
from codexity.adapters.extract.neighbours import INLINE, replace_text, text_before, text_behind

if TYPE_CHECKING:
    from lxml.etree import XPath
    from lxml.etree import (
        _Element as Element,  # pyright: ignore[reportPrivateUsage]  it has no public name
    )
    from lxml.html import HtmlElement

_LONGEST: Final = 40
_RAISED_SIGNS: Final = str.maketrans("0123456789+-−–()=ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻⁽⁾⁼ⁿⁱ")
_LOWERED_SIGNS: Final = str.maketrans("0123456789+-−–()=", "₀₁₂₃₄₅₆₇₈₉₊₋₋₋₍₎₌")
_RAISED = re.compile(r"[0-9+\-−–()=ni]+")
_LOWERED = re.compile(r"[0-9+\-−–()=]+")
_FIGURES = re.compile(r"\d{1,4}")
_NEGATIVE = re.compile(r"[-−–+]\s?\d{1,3}")
_NOTE = re.compile(r"(?:\d{1,3}|[A-Za-z])(?:\s*[,;–-]\s*(?:\d{1,3}|[A-Za-z]))*")
_FRACTION = re.compile(r"(\d{1,4})\s*[/⁄∕]\s*(\d{1,4})")
_ORDINAL = re.compile(r"(?:st|nd|rd|th|er|re|ère|e|ème|eme|me|[oa]|os|as|de|te)\.?", re.IGNORECASE)
_FORMULA = re.compile(r"[\w+\-−*/·.,() ]{1,20}")
_SLASH = re.compile(r"\s*[/⁄∕]")
_UNIT = re.compile(
    r"(?<![^\W_])(?:[^\W\d_]|[kcdmnµμ]m|km|ft|in|yd|mi|sec|min|hr|kg|mg|cm|mol|rad|px|"
    r"sin|cos|tan|log|ln|exp|det|dim)$"
)
_VARIABLE = re.compile(r"(?<![^\W\d_])[^\W\d_]$")
_BASE = re.compile(r"(?<![\d.,])(?:\d|10)$|[×·⋅*xX]\s?10$")
_BRACKETED = re.compile(r"\(([^()]{1,40})\)$|\[([^\[\]]{1,40})\]$")
_SUM = re.compile(r"[+\-−–*/×·⋅^=]")
_TERMS = re.compile(r"\s*(?:[\d.]+|[^\W\d_]{1,2}|[+\-−–*/×·⋅^=]|\s)+")
_GOES_ON = re.compile(r"\s*[=+×·⋅*/<>≤≥≈^]|\s+[−–-]\s")
_NOTE_NAMES = ("footnote", "noteref", "reference", "cite", "fnref", "endnote")


def spell_raised(tree: HtmlElement) -> None:
    """Writes raised and lowered figures so that they stay apart from what they stand at.

    A power is written with raised characters (`10⁶`) or behind a circumflex (`2^(k+1)`), a note in
    brackets (`2019[3]`), a fraction behind a space (`3 1/2`). Of a number that stands at another
    number only a power of ten, or of a figure, counts as one: else it is a note. Ordinals and marks
    (`1st`, `TM`) stay, and so do indices (`H2O`) that nothing would be read together with.
    """
    for element in _candidates()(tree):
        content = " ".join("".join(element.itertext()).split())
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
    notes = "self::a[@role='doc-noteref' or contains(@class,'footnote') or contains(@class,'noteref')]"
    return XPath(f"descendant::*[self::sup or self::sub or {shifted} or {named} or {notes}]")


def _spelt(element: Element, content: str) -> str | None:
    """How an element is to be written; None where it stays as it is."""
    kind = _kind(element)
    if kind == "low":
        return _lowered(element, content)
    if kind == "numerator":
        return _fraction(element, content)
    if kind is None or (kind == "note" and element.find(".//sup") is not None):
        return None
    before, behind = text_before(element), text_behind(element)
    fraction = _FRACTION.fullmatch(content)
    if fraction is not None:
        return altered(f" {content}") if before[-1:].isdigit() else None
    if _SLASH.match(behind) and content.isdigit():
        return _fraction(element, content)
    if kind == "note" or _is_note(element):
        return _note(content, before, behind)
    return _power_or_note(content, before, behind)


def _kind(element: Element) -> str | None:
    if element.tag in {"sup", "sub"}:
        return "high" if element.tag == "sup" else "low"
    if element.tag not in INLINE:
        return None
    style = "".join(element.get("style", "").lower().split())
    if "vertical-align:super" in style:
        return "high"
    if "vertical-align:sub" in style:
        return "low"
    if element.get("class") in {"sup", "superscript"}:
        return "high"
    if element.get("class") in {"num", "numerator"}:
        return "numerator"
    return "note" if element.tag == "a" else None


def _power_or_note(content: str, before: str, behind: str) -> str | None:
    if _is_power(content, before, behind):
        return altered(in_upper(content))
    if _FIGURES.fullmatch(content) or _NOTE.fullmatch(content):
        if content.isalpha() and (len(content) > 1 or not _is_lettered_note(content, before)):
            return None
        return _note(content, before, behind)
    return None


def _is_power(content: str, before: str, behind: str) -> bool:
    if before[-1:].isspace() or not before:
        return False
    number = _FIGURES.fullmatch(content) is not None
    if _NEGATIVE.fullmatch(content):
        return True
    if number and len(content) <= 2 and _UNIT.search(before):
        return True
    if number and _BASE.search(before):
        return True
    bracketed = _BRACKETED.search(before)
    if bracketed is not None and (number or len(content) == 1):
        inside = bracketed[0][1:-1]
        sums = _SUM.search(inside) is not None and _TERMS.fullmatch(inside) is not None
        return sums or _GOES_ON.match(behind) is not None
    if number:
        return before[-1:].isdigit() and _GOES_ON.match(behind) is not None
    return _is_symbolic(content, before)


def _is_symbolic(content: str, before: str) -> bool:
    """Whether letters stand at a variable or a number as a power does: `2^n`, `x^(k+1)`."""
    if _ORDINAL.fullmatch(content) or not _FORMULA.fullmatch(content):
        return False
    if len(content) > 1 and not any(_SUM.search(one) or one.isdigit() for one in content):
        return False
    return bool(_VARIABLE.search(before) or (_BASE.search(before) and content.lower() in "nkmxt"))


def _is_lettered_note(content: str, before: str) -> bool:
    return before[-1:].isdigit() and not _ORDINAL.fullmatch(content) or before[-1:] in ".,;:)"


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


def _note(content: str, before: str, behind: str) -> str | None:
    """The number of a note in brackets; as it is where nothing would be read together with it."""
    if not _NOTE.fullmatch(content):
        return None
    if before and not before[-1:].isspace():
        return altered(f"[{content}]" + (" " if behind[:1].isalnum() else ""))
    return altered(f"[{content}] ") if behind[:1].isalnum() else None


def in_upper(text: str) -> str:
    """A power: in raised characters, or behind a circumflex where some have none."""
    spelt = "".join(text.split())
    if _RAISED.fullmatch(spelt):
        return spelt.translate(_RAISED_SIGNS)
    return f"^{_in_brackets(spelt)}"


def in_lower(text: str) -> str:
    """An index: in lowered characters, or behind a low line where some have none."""
    spelt = "".join(text.split())
    if _LOWERED.fullmatch(spelt):
        return spelt.translate(_LOWERED_SIGNS)
    return f"_{_in_brackets(spelt)}"


def _in_brackets(spelt: str) -> str:
    return spelt if len(spelt) < 2 or spelt[0] + spelt[-1] == "()" else f"({spelt})"


def _fraction(element: Element, content: str) -> str | None:
    """The upper figure of a fraction, apart from a whole number before it."""
    if not _SLASH.match(text_behind(element)) or not content.isdigit():
        return None
    return altered(f" {content}") if text_before(element)[-1:].isdigit() else None


def _lowered(element: Element, content: str) -> str | None:
    before, behind = text_before(element), text_behind(element)
    if before[-1:] in {"/", "⁄", "∕"} or not _LOWERED.fullmatch(content):
        return None
    glued = before[-1:].isdigit() or behind[:1].isdigit()
    return altered(content.translate(_LOWERED_SIGNS)) if glued else None


