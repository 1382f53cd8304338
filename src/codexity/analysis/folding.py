"""One spelling for the ways a word is written: case, accents, width, ligatures, signs not seen."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

UNSEEN: Final = (
    "\u00ad\u034f\u061c\u0640\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069"
    "\ufe00-\ufe0f\ufeff"
)
"""Soft hyphens, joiners, marks of direction, Arabic's drawn-out lines: for a character class."""

# й, ї and ў are letters of their own, as kana with their voicing marks are; ё is written as е.
_OF_LETTERS: Final = re.compile(
    "(?<!\u0438)(?<!\u0443)\u0306|(?<!\u0456)\u0308|[\u0300-\u0305\u0307\u0309-\u036f\u0483-\u0489"
    "\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc"
    "\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u0711\u0730-\u074a\u08d3-\u08ff\u093c\u1ab0-\u1aff"
    f"\u1dc0-\u1dff\u20d0-\u20f0\ufb1e\ufe20-\ufe2f{UNSEEN}]"
)
_RAISED: Final = re.compile(
    "(?<=[0-9])(?=[\u00b2\u00b3\u00b9\u2070\u2074-\u2079\u00bc-\u00be\u2150-\u215e])"
)
"""Before powers and fractions: 10² is no 102, and 3½ no 31/2."""
_DIGIT: Final = re.compile(r"[^\D0-9]")
# Letters that Unicode does not take apart; of Arabic the forms that people type for one another.
_LETTERS: Final = str.maketrans(
    {
        **dict(zip("øđłħıŧĸðʼ’", ["o", "d", "l", "h", "i", "t", "k", "d", "'", "'"], strict=True)),
        "æ": "ae",
        "œ": "oe",
        "þ": "th",
        "ŋ": "ng",
        "\u0671": "\u0627",
        "\u0649": "\u064a",
        "\u06cc": "\u064a",
        "\u06a9": "\u0643",
        "\u06c1": "\u0647",
        "\u06d5": "\u0647",
    }
)
_SPELT_OUT: Final = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa", "đ": "dj"}
)


def fold(word: str) -> str:
    """The word in the one form that all its spellings have: `MÖLLER` and `Møller` are `moller`.

    Lower case (ß is ss), compatibility forms as what they stand for (ﬁ, full width), without
    accents, vowel marks and signs that are not seen, with the digits 0 to 9. Marks that make other
    letters of Indic scripts and of kana stay. May hold white space and signs then: `3½` is `3 1⁄2`.
    """
    if word.isascii():
        return word.lower()
    plain = unicodedata.normalize("NFKD", _RAISED.sub(" ", word).casefold()).casefold()
    plain = _OF_LETTERS.sub("", plain.translate(_LETTERS))
    plain = _DIGIT.sub(lambda found: str(unicodedata.decimal(found[0])), plain)
    return unicodedata.normalize("NFC", plain)


def spelt_out(word: str) -> str:
    """The word with the letters that umlauts stand for where there are no umlauts: `moeller`."""
    return fold(unicodedata.normalize("NFC", word).lower().translate(_SPELT_OUT))
