"""Characters that no reader sees and a model reads all the same, and those that only look plain."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Final

_JOINER: Final = "\u200c"
"""What a character that joins others is folded to."""
_JOINERS: Final = "\u200c\u200d\u200e\u200f\ufe0e\ufe0f"
"""Persian, Arabic, Indic scripts and emoji need these; in a token they hide it from a pattern."""
_INVISIBLE: Final = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u202a-\u202e\u2060-\u206f"
    "\u3164\ufe00-\ufe0d\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e0fff]|[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f]"
    # No word and no emoji has so many in a row; a hidden message has.
    f"|[{_JOINERS}]{{4,}}"
)
_BARS: Final = "\u01c0\u2223\u23d0\u2502\u2758\uffe8"
_BLANKS: Final = (
    "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u202f\u205f\u3000"
)
"""French has one of them before a colon; under NFKC they are spaces."""
_FOLDED: Final = ((0x2070, 0x214F), (0xFE50, 0xFE6F), (0xFF01, 0xFF5E), (0x1D400, 0x1D7FF))


def visible(text: str) -> str:
    """The text without what is never seen: zero widths, overrides of direction, tags, controls.

    ZWJ, ZWNJ, the marks of direction and the two variation selectors that emoji take stay, but for
    runs of them longer than three.
    Source: Unicode 16, `Default_Ignorable_Code_Point`.
    """
    return text if text.isascii() and text.isprintable() else _INVISIBLE.sub("", text)


def skeleton(text: str) -> str:
    """The text, as long as it was, with the ASCII characters that others stand for in it.

    Full-width and small forms, letters of mathematics, blanks, bars and low lines that models'
    tokens are written with, or that are read as theirs once a tokenizer has normalised its input
    (NFKC).
    """
    return text if text.isascii() else text.translate(_folds())


@cache
def _folds() -> dict[int, str]:
    folds = dict.fromkeys(map(ord, _BARS), "|") | dict.fromkeys(map(ord, _JOINERS), _JOINER)
    folds |= dict.fromkeys(map(ord, _BLANKS), " ")
    folds[0x2581] = "_"
    for first, last in _FOLDED:
        for code in range(first, last + 1):
            plain = unicodedata.normalize("NFKC", chr(code))
            if len(plain) == 1 and plain.isascii():
                folds[code] = plain
    return folds
