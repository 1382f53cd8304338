"""Raised and lowered figures in plain text: a power, an index and a note never join a number."""

from __future__ import annotations

import re
from typing import Final

_PLAIN: Final = "0123456789+-=()ni"
_RAISED: Final = str.maketrans(_PLAIN, "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱ")
_LOWERED: Final = str.maketrans("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎")
_CAN_RISE = re.compile(r"[0-9+\-=()ni]+")
_CAN_SINK = re.compile(r"[0-9+\-=()]+")
_NOTE = re.compile(r"[\[(]?\d{1,3}(?:\s?[,–-]\s?\d{1,3})*[\])]?|[*†‡§]+|\[?[a-z]\]?")
_ORDINAL = re.compile(r"st|nd|rd|th|er|re|ère|e|o|a|º|ª|TM|SM|®|™", re.IGNORECASE)
_OF_A_POWER = re.compile(r"(?:(?<![\d.,])10|(?<![\d.,])\d|(?:^|[^\w])[^\W\d_]{1,3}|[)\]])\Z")
"""What a power stands on: 10, a digit, a short symbol (`m`, `cm`, `E`), a bracket that closes."""
_LOOKED_AT: Final = 8


def raised(text: str, before: str) -> str:
    """How raised text is written behind what stands before it: `10⁶`, `x^(n-k)`, `2019 [3]`."""
    text = text.strip().replace("\N{MINUS SIGN}", "-")
    if not text or _ORDINAL.fullmatch(text):
        return text
    power = _OF_A_POWER.search(before[-_LOOKED_AT:]) is not None
    if not power and before and _NOTE.fullmatch(text):
        return f" [{text.strip('[]()')}]"
    if _CAN_RISE.fullmatch(text):
        return text.translate(_RAISED)
    return f"^{text}" if len(text) == 1 else f"^({text})"


def lowered(text: str) -> str:
    """How lowered text is written: `H₂O`, `x_max`."""
    text = text.strip().replace("\N{MINUS SIGN}", "-")
    return text.translate(_LOWERED) if _CAN_SINK.fullmatch(text) else f"_{text}" if text else ""
