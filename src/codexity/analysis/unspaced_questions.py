"""Question analysis for scripts without spaces: what only asks is cut out, the rest is weighed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from .unspaced import units_of

# Longer ones first. Of words that others hold as well (`ไหม` is silk) only those at the end ask.
_CHINESE: Final = (
    r"(?:星期|周|週|礼拜|禮拜)[几幾]|多少[钱錢]?|多[长長]时?時?[间間]?|多[久大深高远遠重宽寬厚快早晚]"
    r"|[几幾](?:[个個点點天年月日号號次只隻张張位人岁歲层層本块塊种種家条條](?:[钱錢])?)?"
    r"|[为為]什[么麼]|[为為]何|什[么麼]时?時?候?|甚麼|怎[么麼样樣](?:[办辦做样樣])?|如何"
    r"|哪一?[天里裡儿兒个個些年月日号號条條本家位种種次张張座所村只隻]?|[谁誰]"
    r"|能不能|可不可以|有[没沒]有|是不是|[会會]不[会會]|是否|可以|[请請]问|[请請]問"
    r"|[吗嗎呢吧啊](?![\u3400-\u9fff])"
)
_JAPANESE: Final = (
    r"何(?:曜日|時|分|番|人|個|日|月|年|冊|枚|本|台|匹|回|間)*|いつ|どこ|どれ|どの(?:くらい|ぐらい)?"
    r"|どう(?:すれば|したら|やって|なり|して)?|どんな|だれ|誰|なぜ|なに|いくら|いくつ"
    r"|(?:(?:ば|ても?|たら)?(?:よ?い|よろし)い)?(?:でしょう|です)か|ま(?:しょう|す)か|ください|教えて|(?:くらい|ぐらい)|か(?!\w)"
)
_KOREAN: Final = (
    r"(?<![가-힣])(?:무엇|뭐|언제|어디|누구|누가|얼마|몇|어떻게|어떤|왜|어느|무슨)[가-힣]{0,2}(?![가-힣])"
    r"|(?:입니까|습니까|합니까|됩니까|인가요|있나요|하나요|되나요|나요|까요|은요|인가)(?![가-힣])"
)
_THAI: Final = (
    r"(?:ที่)?(?:ไหน|ใด)|อะไร|ใคร|เมื่อ(?:ไหร่|ไร|ใด)|เท่า(?:ไหร่|ไร|ใด)|กี่|อย่างไร|ยังไง|ทำไม|หรือ(?:ไม่|เปล่า|ยัง)"
    r"|(?:บ้าง|ไหม|มั้ย|ครับ|ค่ะ|คะ|นะ)(?![\u0e00-\u0e7f])"
)
_ASKS: Final = re.compile(f"{_CHINESE}|{_JAPANESE}|{_KOREAN}|{_THAI}")

_HAN: Final = re.compile("[\u3005-\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U000323af]")
_HIRAGANA: Final = re.compile("[\u3041-\u309f]")
_OF_HAN: Final = 0.45
"""Less than the half of a word's weight: two characters are one, and a few are a short question."""
_OF_SOUND: Final = 0.25
"""Of a script whose letters are sounds: a word has more of them."""
_LITTLE: Final = 0.05
_WEAK: Final = frozenset(
    "的了是在不我有和就都而及与與着著或一个個这這那你们們他她它也很把被对對从從到去为為以于"
    "要会會能得该該应應还還才又再最叫让讓给給里裡上下后後时時候间間前每用做放找办掉着完起来去多少年月日天次"
)
"""What stands beside the words of a Chinese question and seldom says what it is about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """One character of a question that tells, and the pairs that hold it.

    `alone` is itself where it may stand alone (Han), else empty; a whole word's `weight` is 1.
    """

    text: str
    pairs: frozenset[str]
    alone: str
    weight: float


def without_asking(text: str) -> str:
    """The text with blanks for the words of such scripts that only ask."""
    return text if text.isascii() else _ASKS.sub(" ", text)


def units(run: str) -> Iterator[Unit]:
    """The telling characters of a run of such a script, in order.

    Words have no ends there, so that it is characters that are looked for: one is said where a
    pair stands that holds it, whichever of its neighbours its word goes on with.
    """
    for piece in filter(None, _ASKS.split(run)):
        letters = units_of(piece)
        pairs = [first + second for first, second in pairwise(letters)]
        for at, letter in enumerate(letters):
            around = frozenset(pairs[max(0, at - 1) : at + 1])
            han = _HAN.match(letter) is not None
            if around or han:
                yield Unit(
                    text=letter,
                    pairs=around or frozenset((letter,)),
                    alone=letter if han else "",
                    weight=_weight(letter, han=han),
                )


def _weight(letter: str, *, han: bool) -> float:
    if letter in _WEAK:
        return _LITTLE
    if han:
        return _OF_HAN
    return _LITTLE if _HIRAGANA.match(letter) else _OF_SOUND
