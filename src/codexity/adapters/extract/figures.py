"""How raised and lowered figures are written in plain text: powers, notes, indices, fractions.

One set of rules for what an element (`<sup>`), a mark (`10^6^`) or the place on a printed page
raises: the readers of HTML, Markdown, Org and PDF ask here.
"""

from __future__ import annotations

import re
from typing import Final

from codexity.adapters.extract.alterations import altered

_LONG_POWER: Final = 3
_RAISED_SIGNS: Final = str.maketrans("0123456789+-−–()=ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻⁽⁾⁼ⁿⁱ")
_LOWERED_SIGNS: Final = str.maketrans("0123456789+-−–()=", "₀₁₂₃₄₅₆₇₈₉₊₋₋₋₍₎₌")
_RAISED = re.compile(r"[0-9+\-−–()=ni]+")
_LOWERED = re.compile(r"[0-9+\-−–()=]+")
_FIGURES = re.compile(r"\d{1,4}")
_NEGATIVE = re.compile(r"[-−–+]\s?\d{1,3}")
_NOTE = re.compile(r"(?:\d{1,3}|[A-Za-z])(?:\s*[,;–-]\s*(?:\d{1,3}|[A-Za-z]))*")
FRACTION: Final = re.compile(r"(\d{1,4})\s*[/⁄∕]\s*(\d{1,4})")
_ORDINAL = re.compile(r"(?:st|nd|rd|th|er|re|ère|e|ème|eme|me|[oa]|os|as|de|te)\.?", re.IGNORECASE)
_FORMULA = re.compile(r"[\w+\-−*/·.,() ]{1,20}")
SLASH: Final = re.compile(r"\s*[/⁄∕]")
_UNIT = re.compile(
    r"(?<![^\W_])(?:[^\W\d_]|[kcdmnµμ]m|km|ft|in|yd|mi|sec|min|hr|kg|mg|cm|mol|rad|px|"
    r"sin|cos|tan|log|ln|exp|det|dim)$|[=+×·⋅*/(]\s?[^\W\d_]{1,2}$"
)
_VARIABLE = re.compile(r"(?<![^\W\d_])[^\W\d_]$")
_BASE = re.compile(r"(?<![\d.,])(?:\d|10)$|[×·⋅*xX]\s?10$")
_PRODUCT = re.compile(r"[=≈∝]\s?[\d.,]*\s?[^\W\d_]{1,4}$")
_BRACKETED = re.compile(r"\(([^()]{1,40})\)$|\[([^\[\]]{1,40})\]$")
_SUM = re.compile(r"[+\-−–*/×·⋅^=]")
_TERMS = re.compile(r"\s*(?:[\d.]+|[^\W\d_]{1,2}|[+\-−–*/×·⋅^=]|\s)+")
_GOES_ON = re.compile(r"\s*[=+×·⋅*/<>≤≥≈^]|\s+[−–-]\s")


def spelt_high(content: str, before: str, behind: str, *, is_note: bool = False) -> str | None:
    """How raised text is written between what stands before and behind it, marked as altered.

    None where it stays as it is, as ordinals and marks do (`1st`, `TM`). `is_note`: the document
    says that it is the number of one.
    """
    return _note(content, before, behind) if is_note else _power_or_note(content, before, behind)


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
    if _BASE.search(before):
        return True
    if len(content) < _LONG_POWER and (_UNIT.search(before) or _PRODUCT.search(before)):
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


def spelt_low(content: str, before: str, behind: str) -> str | None:
    """How lowered text is written; an index that no number is read together with stays (`H2O`)."""
    if before[-1:] in {"/", "⁄", "∕"} or not _LOWERED.fullmatch(content):
        return None
    glued = before[-1:].isdigit() or behind[:1].isdigit()
    return altered(content.translate(_LOWERED_SIGNS)) if glued else None
