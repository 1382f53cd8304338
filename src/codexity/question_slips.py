"""Slips in the words that only ask: `wich`, `hwo`, `whats`, `how long dose`.

They hide what kind of thing is asked for. No document need be looked into: hardly one has them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Final

from codexity.analysis import STOP_WORDS, stem, told
from codexity.analysis.stop_words import FUNCTION_WORDS, is_clearly_english
from codexity.synonyms import is_known_in_english

__all__ = ["plainly_asked"]

_ASKING: Final = "what which when where who whose why how does".split()
_BESIDE: Final = """have has are can could should would must will much many long often there that
    this with from about for and""".split()
_BY_HAND: Final = """whitch:which wot:what wht:what waht:what whare:where whn:when whne:when
    hou:how hw:how doess:does dus:does shud:should wud:would wil:will wll:will frm:from fom:from
    abt:about pls:please plz:please mch:much mny:many whats:what's whos:who's whens:when's
    wheres:where's hows:how's whys:why's thats:that's theres:there's doesnt:doesn't didnt:didn't
    isnt:isn't arent:aren't wasnt:wasn't werent:weren't couldnt:couldn't shouldnt:shouldn't
    wouldnt:wouldn't havent:haven't hasnt:hasn't youre:you're theyre:they're""".split()
_IN_ENGLISH: Final = """ist:is iss:is ot:to fo:of wen:when wat:what wer:who ar:are
    te:the hte:the teh:the adn:and dos:does ive:I've dont:don't""".split()
"""Slips that are words of other languages, or too short to tell by themselves."""
_WORDS: Final = frozenset("odes rae manny form".split())
_SWAPPED: Final = "hwo"
"""`who`, or before a measure or an auxiliary verb `how`."""
_MEASURED: Final = re.compile(
    r"\W+(?:much|many|long|old|often|far|big|large|heavy|high|tall|deep|wide|thick|hot|cold|warm"
    r"|fast|soon|late|early|expensive|do|does|did|to|can|could|should|must|will|would|may|i)\b",
    re.IGNORECASE,
)
_DOSE: Final = re.compile(
    r"\b(when|where|why|who|how long|how often|how soon) dose\b(?! (?:is|was|are|has|of|to)\b)"
    r"(?= +[a-z])",
    re.IGNORECASE,
)
"""`dose` is a word itself: behind these it was `does`. A `what dose` may be asked for."""
_NOUN_FOLLOWS: Final = re.compile(r"\b(?:a|an|the|this|every|each|no) $", re.IGNORECASE)
"""What stands behind these is a noun, and asks nothing."""
_CUT: Final = frozenset("which where whose could should would".split())
"""Of a shorter one, or of `often`, a word is left that there is somewhere."""
_WORD: Final = re.compile(r"(?<![\w'’`\"“-])[A-Za-z]{1,9}(?![\w'’`\"”-]|\.\w)")


def plainly_asked(question: str) -> str:
    """The question with its asking words as they were meant; names and other languages stay."""
    if not question.isascii() or told(question) is not None:
        return question
    question = _DOSE.sub(r"\1 does", _mended(question, _slips()))
    return _mended(question, _in_english()) if is_clearly_english(question) else question


def _mended(question: str, slips: Mapping[str, str]) -> str:
    if slips.keys().isdisjoint(one.lower() for one in _WORD.findall(question)):
        return question

    def meant(match: re.Match[str]) -> str:
        typed = match[0]
        first = not question[: match.start()].strip()
        if typed.lower() not in slips or not (typed.islower() or (first and typed.istitle())):
            return typed
        if _NOUN_FOLLOWS.search(question, 0, match.start()):
            return typed
        word = slips[typed.lower()]
        if typed.lower() == _SWAPPED and _MEASURED.match(question, match.end()):
            word = "how"
        return word if typed.islower() else word[0].upper() + word[1:]

    return _WORD.sub(meant, question)


@lru_cache(maxsize=1)
def _slips() -> Mapping[str, str]:
    """Every slip, with the word that was meant; what is a word itself, or could be two, is none."""
    found: dict[str, str] = {}
    taken = {*_WORDS, *STOP_WORDS, *frozenset[str]().union(*FUNCTION_WORDS.values())}
    for word in (*_ASKING, *_BESIDE):
        for slip in _slips_of(word):
            if found.setdefault(slip, word) != word:
                taken.add(slip)
    made = {
        slip: word
        for slip, word in found.items()
        if slip not in taken and not is_known_in_english(stem(slip))
    }
    return {**made, _SWAPPED: "who", **_pairs(_BY_HAND)}


@lru_cache(maxsize=1)
def _in_english() -> Mapping[str, str]:
    return _pairs(_IN_ENGLISH)


def _pairs(every: Iterable[str]) -> Mapping[str, str]:
    return {slip: word for slip, _, word in (one.partition(":") for one in every)}


def _slips_of(word: str) -> Iterator[str]:
    """Two letters in each other's place, one inside that is missing, one that is there twice."""
    for at in range(1, len(word)):
        yield f"{word[: at - 1]}{word[at]}{word[at - 1]}{word[at + 1 :]}"
        if word in _ASKING:
            yield word[:at] + word[at - 1 :]
        if word in _CUT and at < len(word) - 1:
            yield word[:at] + word[at + 1 :]
    yield word + word[-1] if word in _ASKING else word
