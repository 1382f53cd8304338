"""Scripts that write no spaces between words: what is looked for of them are n-grams."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Final

UNSPACED: Final = (
    "\u0e01-\u0e3a\u0e40-\u0e4e\u0e80-\u0eff\u1000-\u103f\u1050-\u109f\u1780-\u17d3\u17d7\u17dc\u17dd"
    "\u3005-\u3007\u3040-\u30fa\u30fc-\u30ff\u3400-\u9fff\uac00-\ud7a3\uf900-\ufaff"
    "\U00020000-\U000323af"
)
"""Thai, Lao, Burmese, Khmer, kana, Han and Hangul: for a character class."""

_ASIAN_SYLLABLE: Final = re.compile(
    "[\u0e40-\u0e44\u0ec0-\u0ec4]?[^\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ece]"
    "(?:\u17d2.|\u1039.|[\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ece"
    "\u102b-\u103e\u1056-\u1059\u105e-\u1060\u17b4-\u17d1\u17d3\u17dd])*|.",
    re.DOTALL,
)
_DENSE: Final = re.compile(f"[{UNSPACED}]")
_ASIAN: Final = re.compile("[\u0e00-\u109f\u1780-\u17ff]")
_VOICED: Final = re.compile("[\u3041-\u30fd][\u3099\u309a]")
# What Chinese, Japanese and Korean put into nearly every sentence, and what only asks.
_GRAMMAR: Final = frozenset(
    "的了是在不我有和就都而及与着或一个这那们你他她它也很吗呢吧啊把被对从到去为以于谁请"
)
_ASKING: Final = frozenset(
    """什么 甚麼 什麼 怎么 怎麼 怎样 怎樣 如何 哪里 哪裡 哪个 哪個 哪些 哪儿 为什 為什 多少
    几个 幾個 是否 请问 請問 可以 我们 我們 你们 他们 这个 這個 那个 那個 这些 那些 没有
    沒有 一个 一個 是谁 是誰 么时 麼時 です ます まし した して ます ませ せん すか ので
    から まで どこ いつ なに だれ どの どう どれ この その これ それ ある いる する こと
    もの とは ため ていま てい には では での との へは 습니 니다 니까 입니 합니 는가 인가
    에서 으로 하는 있는 무엇 언제 어디 누구 어떻 떻게 나요 까요 은요""".split()
)


_HAN_RUN: Final = re.compile("[\u3400-\u9fff]+")
_PARTS: Final = re.compile(
    "|".join(sorted(one for one in _ASKING if _HAN_RUN.fullmatch(one)))
    + f"|[{''.join(sorted(_GRAMMAR))}]"
)


def telling(stems: Iterable[str]) -> Iterator[str]:
    """The stems of a question without the single characters that a pair of them holds.

    A text that has one character of a word of two does not speak of it.
    """
    every = tuple(stems)
    held = frozenset(unit for one in every if len(one) > 1 and _DENSE.match(one) for unit in one)
    return (one for one in every if one not in held)


def alone(text: str) -> Iterator[str]:
    """The Han characters of a question that are words by themselves: what only asks parts them.

    `书可以借多少天` asks for 书, 借 and 天, and for no pair of them.
    """
    for run in _HAN_RUN.findall(text):
        yield from (piece for piece in _PARTS.split(run) if len(piece) == 1)


def units_of(run: str) -> Sequence[str]:
    """The characters of a run; one of Thai, Lao, Burmese or Khmer has its vowel signs and tones."""
    run = _VOICED.sub(lambda found: unicodedata.normalize("NFC", found[0]), run)
    return _ASIAN_SYLLABLE.findall(run) if _ASIAN.search(run) else run


def grams(run: str) -> Iterator[str]:
    """What a run of such a script is found by: pairs of its characters, and single ones of Han.

    What stands in every sentence, or only asks, is left out, unless the run is nothing else. Hangul
    has its first character besides: words of one syllable carry particles.
    """
    units = units_of(run)
    if len(units) == 1:
        yield units[0]
        return
    if "\uac00" <= units[0] <= "\ud7a3":
        yield units[0]
    for unit in units:
        if "\u3400" <= unit[0] <= "\u9fff" and unit not in _GRAMMAR:
            yield unit
    pairs = [first + second for first, second in pairwise(units)]
    yield from [pair for pair in pairs if pair not in _ASKING] or pairs
