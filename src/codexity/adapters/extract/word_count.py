"""How much a text says, in words, whatever its script puts between them."""

from __future__ import annotations

import re
from typing import Final

_HAN = "\u3041-\u30ff\u31f0-\u31ff\u3400-\u9fff\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff"
_SYLLABIC = "\u0e01-\u0eff\u1000-\u109f\u1780-\u17ff"
_HANGUL = "\uac00-\ud7af"
_UNSPACED: Final = re.compile(f"[{_HAN}{_SYLLABIC}{_HANGUL}]")
_PIECE: Final = re.compile(
    rf"(?P<han>[{_HAN}])|(?P<syllabic>[{_SYLLABIC}]+)|(?P<hangul>[{_HANGUL}])"
    rf"|[^\W{_HAN}{_SYLLABIC}{_HANGUL}]+"
)
_WORD: Final = re.compile(r"\w+")
_CHARS: Final = {"han": 1.6, "syllabic": 5.0, "hangul": 2.0}
"""How many characters say as much as an English word. A notice of 88 in Chinese has 55 words in
English; Korean has spaces, but a third as many again would say the same."""


def word_count(text: str) -> int:
    """The number of words; in scripts without spaces, of as many as English would have for it."""
    if text.isascii() or not _UNSPACED.search(text):
        return len(_WORD.findall(text))
    return int(sum(map(_weight, _PIECE.finditer(text))) + 0.5)


def first_words(text: str, most: int) -> str:
    """The beginning of a text that has so many words, as `word_count` counts them."""
    said = 0.0
    for piece in _PIECE.finditer(text):
        said += _weight(piece)
        if said > most:
            return text[: piece.start()]
    return text


def _weight(piece: re.Match[str]) -> float:
    script = piece.lastgroup
    return 1.0 if script is None else len(piece.group()) / _CHARS[script]
