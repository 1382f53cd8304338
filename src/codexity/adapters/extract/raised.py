"""Raised and lowered figures become plain text: powers, notes, fractions."""

from __future__ import annotations

import re
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, Final

from codexity.adapters.extract.alterations import altered
from codexity.adapters.extract.neighbours import INLINE, replace_text, text_before, text_behind

if TYPE_CHECKING:
    from lxml.etree import XPath
    from lxml.etree import (
        _Element as Element,  # pyright: ignore[reportPrivateUsage]  it has no public name
    )
    from lxml.html import HtmlElement

RAISED_BY: Final = (
    *("vertical-align:su", "vertical-align: su", "noteref", "superscript"),
    *("footnote", "⁄", "&frasl;"),
)
_LONGEST: Final = 40
_LONG_POWER: Final = 3
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
_PRODUCT = re.compile(r"[=≈∝]\s?[\d.,]*\s?[^\W\d_]{1,4}$")
_BRACKETED = re.compile(r"\(([^()]{1,40})\)$|\[([^\[\]]{1,40})\]$")
_SUM = re.compile(r"[+\-−–*/×·⋅^=]")
_TERMS = re.compile(r"\s*(?:[\d.]+|[^\W\d_]{1,2}|[+\-−–*/×·⋅^=]|\s)+")
_GOES_ON = re.compile(r"\s*[=+×·⋅*/<>≤≥≈^]|\s+[−–-]\s")
_NOTE_NAMES = ("footnote", "noteref", "reference", "cite", "fnref", "endnote")


def spell_raised(tree: HtmlElement, *, styled: bool) -> None:
    """Writes raised and lowered figures so that they stay apart from what they stand at.

    A power is written with raised characters (`10⁶`) or behind a circumflex (`2^(k+1)`), a note in
    brackets (`2019[3]`), a fraction behind a space (`3 1/2`). Of a number that stands at another
    number only a power of ten, or of a figure, counts as one: else it is a note. Ordinals and marks
    (`1st`, `TM`) stay, and so do indices (`H2O`) that nothing would be read together with. Other
    elements than `<sup>` and `<sub>` are looked at where the page has one of `RAISED_BY`: `styled`.
    """
    for element in _candidates()(tree) if styled else list(tree.iter("sup", "sub")):
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
    notes = (
        "self::a[@role='doc-noteref' or contains(@class,'footnote') or contains(@class,'noteref')]"
    )
    return XPath(f"descendant::*[self::sup or self::sub or {shifted} or {named} or {notes}]")


def _spelt(element: Element, content: str) -> str | None:
    """How an element is to be written; None where it stays as it is."""
    kind = _kind(element)
    before, behind = text_before(element), text_behind(element)
    if kind == "low":
        return _lowered(content, before, behind)
    if _is_upper_figure(element, content, before, behind):
        return altered(f" {content}") if before[-1:].isdigit() else None
    if kind == "note" or (kind == "high" and _is_note(element)):
        return None if element.find(".//sup") is not None else _note(content, before, behind)
    return _power_or_note(content, before, behind) if kind == "high" else None


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
    if _FRACTION.fullmatch(content):
        return True
    stroke = _SLASH.match(behind)
    if stroke is None or not content.isdigit():
        return False
    rest = behind[stroke.end() :]
    if rest:
        return rest[0].isdigit() and not before.endswith("10")
    below = element.getnext()
    if below is not None and _SLASH.fullmatch("".join(islice(below.itertext(), _LONGEST))):
        below = below.getnext()
    return below is not None and (
        _kind(below) == "low" or below.get("class", "") in {"den", "denominator"}
    )


def _power_or_note(content: str, before: str, behind: str) -> str | None:
    if before and not before[-1].isspace() and _is_power(content, before, behind):
        return altered(in_upper(content))
    if not _NOTE.fullmatch(content) and not _FIGURES.fullmatch(content):
        return None
    if content.isalpha() and (len(content) > 1 or not _is_lettered_note(content, before)):
        return None
    return _note(content, before, behind)


def _is_power(content: str, before: str, behind: str) -> bool:
    number = _FIGURES.fullmatch(content) is not None
    bracketed = _BRACKETED.search(before)
    if bracketed is not None and (number or len(content) == 1):
        inside = bracketed[0][1:-1]
        sums = _SUM.search(inside) is not None and _TERMS.fullmatch(inside) is not None
        return sums or _GOES_ON.match(behind) is not None
    if not number:
        return _NEGATIVE.fullmatch(content) is not None or _is_symbolic(content, before)
    if (len(content) < _LONG_POWER and _UNIT.search(before)) or _BASE.search(before):
        return True
    if len(content) < _LONG_POWER and _PRODUCT.search(before):
        return True
    return before[-1].isdigit() and _GOES_ON.match(behind) is not None


def _is_symbolic(content: str, before: str) -> bool:
    """Whether letters stand at a variable or a number as a power does: `2^n`, `x^(k+1)`."""
    if _ORDINAL.fullmatch(content) or not _FORMULA.fullmatch(content):
        return False
    if len(content) > 1 and not any(_SUM.search(one) or one.isdigit() for one in content):
        return False
    if _VARIABLE.search(before):
        return True
    is_term = content.lower() in "nkmxt" or _SUM.search(content) is not None
    return is_term and _BASE.search(before) is not None


def _is_lettered_note(content: str, before: str) -> bool:
    if before[-1:].isdigit():
        return not _ORDINAL.fullmatch(content)
    return before[-1:] in set(".,;:)")


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


def _lowered(content: str, before: str, behind: str) -> str | None:
    if before[-1:] in {"/", "⁄", "∕"} or not _LOWERED.fullmatch(content):
        return None
    glued = before[-1:].isdigit() or behind[:1].isdigit()
    return altered(content.translate(_LOWERED_SIGNS)) if glued else None
