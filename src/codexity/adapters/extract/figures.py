"""How raised figures are written in plain text, so that they stay apart from what they stand at."""

from __future__ import annotations

import re
from typing import Final

_RAISED_SIGNS: Final = str.maketrans("0123456789+-−–", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻")
_UNIT = re.compile(
    r"(?<![^\W_])(?:[^\W\d_]|[kcdmnµμ]m|km|ft|in|yd|mi|sec|min|hr|kg|mg|cm|mol|rad|px)$|"
    r"[=+×·⋅*/(]\s?[^\W\d_]{1,2}$"
)
_BASE = re.compile(r"(?<![\d.,])(?:\d|10)$|[×·⋅*xX]\s?10$")


def power_or_note(figures: str, before: str, behind: str) -> str:
    """Raised figures as a power (`10⁴`, `m²`), or as the number of a note (`1987[12]`)."""
    signed = not figures.isdigit()
    if signed or (len(figures) <= 2 and _UNIT.search(before)) or _BASE.search(before):
        return figures.translate(_RAISED_SIGNS)
    return f"[{figures}]" + (" " if behind[:1].isalnum() else "")
