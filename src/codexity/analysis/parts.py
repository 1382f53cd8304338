"""Decompounding: where a word of German and its like may be made of two, without a dictionary."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from .stemming import stem_in
from .tokenizer import WORD

COMPOUNDING: Final = frozenset(("de", "nl", "da", "no", "sv", "fi"))
"""Languages (ISO 639-1) that write compounds as one word."""
MARK: Final = "·"
"""Leads a stem that a text has only as a part of a longer word."""

_SUSPENDED: Final = re.compile(
    r"\b([^\W\d_]{3,20})[-\u2010\u2011]"
    r" (?:und|oder|bis|sowie|bzw\.|en|of|och|eller|og|ja|tai) ([^\W\d_]{7,32})"
)
_SHORTEST: Final = 7
_LONGEST: Final = 32
_FRONT: Final = 3
_TAIL: Final = 4
_VOWELS: Final = "aeiouyäöüåøæ"
_HAS_VOWEL: Final = re.compile(f"[{_VOWELS}]")
_WORD: Final = re.compile(r"[^\W\d_]+")
# What a syllable begins with. Two consonants that are none of these belong to two syllables.
_ONSETS: Final = frozenset(
    """b bj bl br c ch chr cl cr d dj dr dw f fj fl fr g gl gn gr h hj hv j k kj kl kn kr kv kw l lj
    m mj n nj p pf pfl pfr ph pj pl pr q qu r s sc sch schl schm schn schr schw sj sk skj skr sl sm
    sn sp spj spl spr st stj str sv sw t th tj tr tv tw v vl vr w wr x z zw""".split()
)
_ENDS: Final = re.compile(
    f"[{_VOWELS}](?:[bcdfghjklmnpqrstvwxzß]|ch|ck|sch|ng|nk|nd|nt|ns|st|ts|tz|rt|rd|rg|rk|rm|rn|rs"
    "|rb|rf|rl|ld|lf|lg|lk|lm|ls|lt|lz|rz|nz|nn|mm|ll|rr|ss|tt|ff|pp|bb|gg|kk|dd|mp|pf|ft|kt|cht"
    f"|pt|ngs|rts|fts|kts|hn|hr|hl|hm|ht|bs|ks|cks|chs)?$|^[^{_VOWELS}]*[{_VOWELS}]+$"
)
# Not words but syllables before and behind them, in the order of the languages above.
_PREFIXES: Final = frozenset(
    """ver ent zer miss auf aus ein vor mit her hin weg ums über unter wider wieder hinter gegen
    zurück zusammen nach bei los emp ges ver ont her mis aan uit voor door over onder tegen achter
    for und ind til fra med mod over under efter gen sam sam för und inn till från från med mot över
    under efter åter""".split()
)
_SUFFIXES: Final = re.compile(
    r".{0,3}ung$|.{0,3}ungen$|(?:keit|heit|schaft|ung|lich|isch|chen|lein|nis|tum|bar|sam|los|haft|innen|erin|tion|ieren"
    r"|iert|tät|ling|heid|schap|lijk|baar|zaam|eren|atie|teit|hed|skab|lig|else|ning|ende|erne"
    r"|ene|skap|het|ande|ingen|inen|minen|nen|sta|ssa|lla|lle|lta|ksi|neet|set)[a-zä]{0,3}$"
)

_ENDING: Final = re.compile("e(?!i|u|h|ck|ss|nt|nd|ng|rz|rb|rd|rf|rn|be|nk|lt|le|x|y)")
"""What begins so is mostly the ending of the word before it."""


def parted(word: str) -> Iterator[tuple[str, str]]:
    """The ways (front, tail) to part one word in two, in small letters.

    Most of them are no words: what is looked for is what a question asks for. No part is only a
    prefix or a suffix, so that `Sicherung` is not a part of `Versicherung`.
    """
    lower = unicodedata.normalize("NFC", word).lower()
    if not _SHORTEST <= len(lower) <= _LONGEST or not _WORD.fullmatch(lower):
        return
    for at in range(_FRONT, len(lower) - _TAIL + 1):
        front, tail = lower[:at], lower[at:]
        if _begins(tail) and _ENDS.search(front) and _may_be(front, tail):
            yield front, tail


def marked(text: str, language: str) -> Iterator[str]:
    """The stems of what long words of a text may be made of, marked: `·baum` for `Walnussbäume`.

    None in languages that are not `COMPOUNDING`.
    """
    if language in COMPOUNDING:
        for word in WORD.findall(text):
            if len(word) >= _SHORTEST:
                yield from _marked(word, language)


def whole(text: str, language: str | None) -> Iterator[str]:
    """The words that a hyphen stands for: `sonntagen`, among others, of `Sonn- und Feiertagen`."""
    if language in COMPOUNDING and "- " in text:
        for found in _SUSPENDED.finditer(text):
            yield from (f"{found[1].lower()}{tail}" for _, tail in parted(found[2]))


@lru_cache(maxsize=16_384)
def _marked(word: str, language: str) -> tuple[str, ...]:
    every = dict.fromkeys(one for pair in parted(word) for one in pair)
    stems = dict.fromkeys(stem_in(one, language) for one in every)
    return tuple(f"{MARK}{one}" for one in stems if len(one) >= _FRONT)


def _begins(tail: str) -> bool:
    vowel = _HAS_VOWEL.search(tail)
    return vowel is not None and (vowel.start() == 0 or tail[: vowel.start()] in _ONSETS)


def _may_be(front: str, tail: str) -> bool:
    if tail[0] in _VOWELS and (front[-1] in _VOWELS or _ENDING.match(tail)):
        return False
    if tail.startswith(("ch", "c")) and front[-1] in "cs":
        return False
    return front not in _PREFIXES and _SUFFIXES.match(tail) is None
