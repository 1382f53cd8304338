"""The tokenizer: where the words, names and signs of a text begin and end."""

from __future__ import annotations

import re
from typing import Final

from .folding import UNSEEN
from .unspaced import UNSPACED

# Marks that belong to the letter before them, which `\w` does not know: accents written apart,
# points of Hebrew and Arabic, vowel signs of India's scripts and of Tibetan.
_MARKS: Final = (
    "\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670"
    "\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u0711\u0730-\u074a\u07a6-\u07b0\u08d3-\u0963\u0966-\u0df3"
    "\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0f18\u0f19\u0f35\u0f37\u0f39\u0f71-\u0f84\u0f86\u0f87\u0f8d-\u0fbc\u1ab0-\u1aff"
    "\u1dc0-\u1dff\u20d0-\u20f0\u3099\u309a\ufe20-\ufe2f"
)
# A page may hold a word of its whole length: it is taken, and remembered, in slices.
_RUN: Final = rf"\w[\w{_MARKS}{UNSEEN}]{{0,99}}+"
_RUN_OF_ASCII: Final = r"\w{1,100}+"
_INSIDE: Final = "-.'/&"
_INSIDE_TOO: Final = "\u2010\u2011\u2019\u02bc\u00b7\u05be\uff06\uff0e\uff0f\uff0d"
_OF_THOUSANDS: Final = "(?:(?<!,)|(?<=[0-9],)(?=[0-9]{3}(?![0-9])))"
_AT_END: Final = r"(?:\+\+|[#+](?![\w#+]))"
_AT_END_TOO: Final = r"(?:\+\+|\uff0b\uff0b|[#+\u266f\uff03](?![\w#+\uff03]))"
_OF_OPERATORS: Final = "=!<>:*/&|?+-"
# Each begins with a sign that the place must have, and only then looks behind it: the other way
# round, finding the words of English prose took twice as long.
_SIGNS: Final = (
    r"|\.(?<![\w.].)(?=[A-Za-z])\w{1,40}"
    r"|[@#$](?<![\w@#$].)(?=[A-Za-z])\w{1,40}"
    r"|-(?<![\w-].)(?:-(?=[A-Za-z])[\w-]{1,40}|[A-Za-z](?![\w-]))"
    rf"|[{_OF_OPERATORS}](?<![{_OF_OPERATORS}].)(?:(?<=[=!])==?|(?<=<)(?:=>?|<)|(?<=>)[=>]"
    r"|(?<=[-=])>|(?<=:)[=:]|(?<=\*)\*|(?<=/)/|(?<=&)&|(?<=\|)\||(?<=\?)[?.])"
    rf"(?![{_OF_OPERATORS}])"
)


def _pattern(run: str, inside: str, at_end: str) -> str:
    return f"{run}(?:[{inside}]{_OF_THOUSANDS}{run}){{0,7}}+{at_end}?{_SIGNS}"


TOKEN_OF_ASCII: Final = re.compile(_pattern(_RUN_OF_ASCII, f"{_INSIDE},", _AT_END))
"""As `TOKEN`, for texts in ASCII."""
TOKEN: Final = re.compile(
    f"[{UNSPACED}]+|" + _pattern(_RUN, f"{_INSIDE}{_INSIDE_TOO},", _AT_END_TOO)
)
"""A word, with what is joined to it by a sign (`e-mail`, `node.js`, `Q&A`) and the sign that ends a
name (`C++`, `C#`); a name that begins with one (`.NET`, `@property`, `--help`); an operator."""

WORD: Final = re.compile(_RUN)
"""One run of letters and digits, with the marks on them."""
INSIDE: Final = re.compile(f"[{_INSIDE}{_INSIDE_TOO},]")
"""A sign that joins the parts of a token."""
