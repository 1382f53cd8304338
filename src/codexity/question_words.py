"""The words of a question: which of them tell what it is about, and what a text says them with."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from itertools import chain
from typing import Final

from codexity.analysis import STOP_WORDS, stems, told
from codexity.analysis.asking_words import MEASURES, MEASURING, THINGS, VAGUE, WEAK
from codexity.analysis.moments import moments, without_moments
from codexity.analysis.parts import COMPOUNDING
from codexity.analysis.stop_words import FUNCTION_WORDS, is_clearly_english
from codexity.analysis.tokenizer import TOKEN, WORD
from codexity.analysis.unspaced import UNSPACED
from codexity.analysis.unspaced_questions import units
from codexity.code_words import spoken_code
from codexity.kind_askings import CONTACTING, CONTACTS
from codexity.kind_nouns import only_names
from codexity.question_clauses import asides, asking_clauses, asking_sentence
from codexity.question_word import MORE, Word
from codexity.synonyms import is_everyday
from codexity.synonyms.phrases import phrases

_ENGLISH: Final = "en"
_MOST: Final = 32
"""Of a longer question no more words are looked at."""

# How much a word weighs beside its rarity.
_LITTLE: Final = 0.15
_NAMING: Final = 0.1
_LESS: Final = 0.6

_PREFIX: Final = 4
_LONG: Final = 5

_DENSE: Final = re.compile(f"[{UNSPACED}]")
_PARTS: Final = re.compile(f"[{UNSPACED}]+|[^{UNSPACED}]+")
_CALLED: Final = re.compile(r"(?<![\w.])([A-Za-z_]\w{0,60})\(\)")
_CODE_CASE: Final = re.compile(r"\w[._:/(]\w|[a-z][A-Z]|--|[A-Za-z]-?\d|\d[A-Za-z]")
_BEFORE_VERB: Final = frozenset("i we you he she they it to not".split())
_CONTACTING: Final = re.compile(CONTACTING, re.IGNORECASE)
_SMALL: Final = re.compile(r"\d{1,3}")
_OF_THE_CALENDAR: Final = frozenset(
    """monday tuesday wednesday thursday friday saturday sunday mondays tuesdays wednesdays
    thursdays fridays saturdays sundays january february march april may june july august september
    october november december christmas easter""".split()
)
"""English writes these with a capital, and they are no names that must stand as they are."""
_TELLS: Final = 2
"""A sentence that asks with so many telling words is understood alone."""
_AROUND_IT: Final = 0.4
_NUMBER: Final = frozenset("number no nr nummer numéro numero número".split())


def telling_words(question: str, languages: Collection[str] = ()) -> tuple[Word, ...]:
    """The words of a question that tell what it is about, in order, each once.

    `languages` are those of the documents, whose stems a word may have as well. What only asks
    weighs little, names and numbers more; of scripts without spaces come characters, see `units`.
    """
    of_documents = next(iter(sorted(filter(None, languages))), _ENGLISH)
    language = told(question) or (_ENGLISH if is_clearly_english(question) else of_documents)
    every: dict[frozenset[str], Word] = {}
    before = ""
    tokens = TOKEN.findall(without_moments(question))
    spoken = tuple(phrases(tokens)) if language == _ENGLISH else ()
    within = {place for one in spoken for place in one.places}
    for at, token in enumerate(tokens):
        if at in within:
            before = ""
            continue
        parts = chain.from_iterable(
            _dense(part) if _DENSE.match(part) else _spaced(part, before, language, languages)
            for part in _PARTS.findall(token)
        )
        for word in parts if _DENSE.search(token) else _spaced(token, before, language, languages):
            if _SMALL.fullmatch(token):
                word = replace(word, beside=_beside(tokens, at))  # noqa: PLW2901 - the same word
            every.setdefault(word.stems, word)
        before = token.lower()
    for phrase in spoken:
        head = tokens[phrase.head]
        own, weight = frozenset(stems(head, _ENGLISH)) | phrase.means, _weight(head, "", language)
        every[own] = Word(text=head, stems=own, weight=weight, means=phrase.means)
    every = _less_around(question, _less_naming(question, every))
    for moment in moments(question):
        own, also = frozenset((moment.stem,)), frozenset(moment.others[:2])
        every[own] = Word(
            text=question[moment.start : moment.end], stems=own, weight=MORE, exact=True, also=also
        )
    for code in spoken_code(question):
        quoted = frozenset((f'"{code}"',))
        every[quoted] = Word(text=code, stems=quoted, weight=MORE, exact=True, quoted=True)
    for name in _CALLED.findall(question):
        own = frozenset(stems(name, language)) or frozenset((name,))
        every[own] = Word(text=name, stems=own, weight=MORE, exact=True, called=True)
    return tuple(every.values())[:_MOST]


def _less_naming(question: str, every: dict[frozenset[str], Word]) -> dict[frozenset[str], Word]:
    """The words, those less that only name the kind that is asked for (`depth of the pond`)."""
    light = only_names(question)
    if _CONTACTING.search(question):
        light |= CONTACTS
    naming = {own for own, one in every.items() if one.text.lower() in light}
    if all(own in naming or one.weight < _LESS for own, one in every.items()):
        return every
    return every | {own: replace(every[own], weight=_NAMING) for own in naming}


def _less_around(question: str, every: dict[frozenset[str], Word]) -> dict[frozenset[str], Word]:
    """The words, those of what is only told around the question (`I am ill, who ...`) less."""
    occasion = frozenset(WORD.findall(asides(question).lower()))
    every = {
        stems: replace(one, weight=one.weight * _AROUND_IT) if one.text.lower() in occasion else one
        for stems, one in every.items()
    }
    alone = frozenset(WORD.findall(asking_sentence(question).lower()))
    if sum(one.weight >= _LESS and one.text.lower() in alone for one in every.values()) >= _TELLS:
        every = {stems: one for stems, one in every.items() if one.text.lower() in alone}
    inside = frozenset(WORD.findall(asking_clauses(question).lower()))
    main = [
        one
        for one in every.values()
        if one.weight >= _LESS and one.text.lower() in inside and one.text.lower() not in VAGUE
    ]
    if not main:
        return every
    return {
        stems: one
        if one.text.lower() in inside
        else replace(one, weight=one.weight * _AROUND_IT, exact=False)
        for stems, one in every.items()
    }


def _beside(tokens: Sequence[str], at: int) -> frozenset[str]:
    """The beginnings of the telling words right before and behind a number."""
    first = at - 1
    if first > 0 and tokens[first].lower() in _NUMBER:
        first -= 1
    near = [*tokens[max(0, first) : first + 1], *tokens[at + 1 : at + 2]]
    return frozenset(
        one[:_LONG].lower()
        for one in near
        if one.isalpha() and not _DENSE.search(one) and _tells(one.lower())
    )


def _tells(lower: str) -> bool:
    known = chain((STOP_WORDS, WEAK), FUNCTION_WORDS.values())
    return len(lower) >= _PREFIX and not any(lower in one for one in known)


def _dense(run: str) -> Iterator[Word]:
    for one in units(run):
        yield Word(text=one.text, stems=one.pairs, weight=one.weight, alone=one.alone)


def _spaced(token: str, before: str, language: str, languages: Collection[str]) -> Iterator[Word]:
    lower = token.lower()
    if lower in FUNCTION_WORDS.get(language, STOP_WORDS):
        return
    if lower in STOP_WORDS and language == _ENGLISH:
        return
    spoken = dict.fromkeys((language, _ENGLISH, *languages))
    own = frozenset(one for each in spoken if each for one in stems(token, each))
    if not own:
        return
    exact = any(map(str.isdigit, token)) or _CODE_CASE.search(token.strip(".")) is not None
    weight = _weight(token, before, language)
    compounding = next((each for each in spoken if each in COMPOUNDING), "")
    yield Word(
        text=token,
        stems=own,
        weight=MORE if exact else weight,
        exact=exact,
        compounds_in="" if exact else compounding,
    )


def _weight(token: str, before: str, language: str) -> float:
    lower = token.lower()
    if lower in WEAK or (before in MEASURING and lower in MEASURES):
        return _LITTLE
    if before and token[0].isupper() and language != "de" and lower not in _OF_THE_CALENDAR:
        return 1.0 if token.isupper() and is_everyday(lower) else MORE
    verb = before in _BEFORE_VERB or (lower.endswith(("ly", "ed")) and lower not in THINGS)
    return _LESS if verb else 1.0
