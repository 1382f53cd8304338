"""Snowball's stemmers, each for its language, or for the script that a word is written in."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from typing import Final

import Stemmer

from .folding import fold

_ALGORITHMS: Final = {
    "ca": "catalan",
    "cs": "czech",
    "da": "danish",
    "de": "german",
    "es": "spanish",
    "et": "estonian",
    "eu": "basque",
    "fi": "finnish",
    "fr": "french",
    "ga": "irish",
    "hu": "hungarian",
    "id": "indonesian",
    "it": "italian",
    "lt": "lithuanian",
    "nl": "dutch",
    "no": "norwegian",
    "pl": "polish",
    "pt": "portuguese",
    "ro": "romanian",
    "sk": "czech",
    "sv": "swedish",
    "tr": "turkish",
}
_WITH_GE: Final = frozenset(("de", "nl"))
_PARTICIPLE: Final = re.compile(
    "(ab|an|auf|aus|bei|ein|mit|nach|vor|zu|weg|her|hin|um|zurück|af|aan|op|uit|in|na|voor|mee)?"
    "(?:ge([^\\W\\d_]{3,40}?)(?:e?[td]e?[nrms]?)|(?<=[a-zü])zu([^\\W\\d_]{3,40}))"
)
_SPELT_OUT: Final = {
    "da": (("oe", "ø"), ("aa", "å")),
    "no": (("oe", "ø"), ("aa", "å")),
    "sv": (("oe", "ö"), ("aa", "å"), ("ae", "ä")),
}
"""What is typed for letters that a keyboard lacks; Snowball's German knows its own."""
_OF_SCRIPT: Final = (
    ("\u0370", "\u03ff", "greek"),
    ("\u0400", "\u052f", "russian"),
    ("\u0530", "\u058f", "armenian"),
    ("\u0620", "\u06ff", "arabic"),
    ("\u0900", "\u097f", "hindi"),
    ("\u0b80", "\u0bff", "tamil"),
)


def has_stemmer(language: str | None) -> bool:
    """Whether words of this language (ISO 639-1) have another stem than those of English."""
    return language in _ALGORITHMS


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """The stem of one folded word: English's, or that of the script it is written in."""
    if word.isascii():
        return english(word)
    for first, last, algorithm in _OF_SCRIPT:
        if first <= word[0] <= last:
            if algorithm == "arabic" and len(word) > 3 and word[-1] == "\u0647":
                # The ending is written with and without its dots.
                word = f"{word[:-1]}\u0629"
            found = _stemmer(algorithm).stemWord(word)
            # Of βιβλίο Snowball leaves βιβλι, of βιβλία βιβλ.
            return fold(
                found.rstrip("\u03b9") if algorithm == "greek" and len(found) > 3 else found
            )
    return english(word)


def english(word: str) -> str:
    """The English stem of one lower-case word."""
    return _stemmer("english").stemWord(word)


def stem_in(word: str, language: str) -> str:
    """The folded stem of a word as it is written, in a language that `has_stemmer`."""
    lower = unicodedata.normalize("NFC", word.lower())
    if language in _WITH_GE and (found := _PARTICIPLE.fullmatch(lower)) and word[0].islower():
        # Snowball leaves `gepflanzt` beside `pflanz`, and `abgerechnet` beside `abrechn`.
        lower = f"{found[1] or ''}{found[2] or found[3]}"
    for spelt, letter in _SPELT_OUT.get(language, ()):
        lower = lower.replace(spelt, letter)
    return fold(_stemmer(_ALGORITHMS[language]).stemWord(lower))


@cache
def _stemmer(algorithm: str) -> Stemmer.Stemmer:
    return Stemmer.Stemmer(algorithm, 0)
