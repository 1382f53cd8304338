"""The words of a question: which of them tell what it is about, and what a text says them with."""

from __future__ import annotations

import keyword
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice, pairwise
from typing import Final

from codexity.analysis import STOP_WORDS, stems, told, words
from codexity.analysis.stop_words import FUNCTION_WORDS, is_clearly_english
from codexity.analysis.tokenizer import TOKEN, WORD
from codexity.analysis.unspaced import UNSPACED
from codexity.synonyms import synonyms

_ENGLISH: Final = "en"
_MOST: Final = 32
"""Of a longer question no more words are looked at."""

# How much a word weighs beside its rarity.
_LITTLE: Final = 0.15
_LESS: Final = 0.6
_MORE: Final = 1.5

# How much of a word is said by another that is near it.
_SYNONYM: Final = 0.8
_LONGER: Final = 0.9
_SAME_BEGINNING: Final = 0.7
_ALIKE: Final = 0.5
_LEAST: Final = 0.4
_PREFIX: Final = 4
_LONG: Final = 5

_QUOTE: Final = "[\"'`“‘”’]"
_DENSE: Final = re.compile(f"[{UNSPACED}]")
_CALLED: Final = re.compile(r"(?<![\w.])([A-Za-z_]\w{0,60})\(\)")
_CODE_CASE: Final = re.compile(r"\w[._:/(]\w|[a-z][A-Z]|--|[A-Za-z]-?\d|\d[A-Za-z]")
CODE_STOP_WORDS: Final = frozenset(keyword.kwlist) & STOP_WORDS
"""Stop words that are words of Python: where a text quotes one, it counts as content."""

_OF_CODE: Final = frozenset(
    """statement statements keyword keywords operator operators loop loops clause clauses expression
    expressions block blocks""".split()
)
_ASKED: Final = re.compile(r"\bwhat (?:does|do) ([a-z]+) (?:do|mean)\b")
_MARKED: Final = re.compile(r"""["'`“‘]([a-z]+)["'`”’]""")
_BEFORE_VERB: Final = frozenset("i we you he she they it to not".split())
_WEAK: Final = frozenset(
    """many much long often old far tall high large big number amount mean means meaning called
    call name named cost costs price prices pay paid date year years month day days time times hour
    hours minutes phone telephone exactly actually currently generally usually really need needs
    want like know find give show list say says said please kind type sort way thing things work
    works happen happens make makes take takes go goes come comes came went start starts begin
    begins
    put puts keep keeps possible allowed able must may also whole someone somebody anyone anybody
    something anything one two per each every different first last next another instead rather
    else ever
    appear appears sorry honestly actually think guess wonder wondering hello thanks thank finally
    viel viele wieviel lange heißt heißen da statt findet finden los name
    kostet kosten preis darf dürfen muss müssen soll
    sollen mag geht gehen macht machen jetzt höchstens mindestens welchen welchem wie combien quand
    durée coûte prix peut doit faut faire heure quelle quelles quels est-elle est-il elle cuánto
    cuánta cuántos cuántas cuándo cuando cuesta precio puede debe hay hacer quién cuál cuáles dónde
    cómo hora""".split()
)
"""What only asks, in the words of several languages."""
_MEASURES: Final = frozenset(
    """old far tall high large big heavy fast deep wide thick hot cold warm loud strong early late
    soon quickly hoch groß lang alt weit schwer breit tief dick schnell spät früh teuer heiß kalt
    warm laut stark""".split()
)
_MEASURING: Final = frozenset(("how", "wie"))
"""Behind these the measures only ask: "wie hoch ist die Miete" is not about what is high."""
_SMALL: Final = re.compile(r"\d{1,3}")
_CLAUSE: Final = re.compile(r"[.!?;,:](?=\s)|\s[-–—]\s|[。!?;,]")
_ASKING: Final = re.compile(
    r"\W*(?:(?:and|but|so|or|now|then|in|on|at|by|for|to|from|of|with|und|aber|et|mais|y|pero) )?"
    r"(?:what|which|who|whom|whose|when|where|why|how|is|are|am|was|were|do|does|did|can|could|may"
    r"|must|should|shall|will|would|has|have|had|was|wie|wer|wo|wann|warum|welche\w?|kann|darf|muss"
    r"|ist|sind|gibt|hat|que|qui|quoi|quand|où|comment|combien|pourquoi|quel\w*|est-ce|peut-on|qué"
    r"|quién|cuándo|dónde|cómo|cuánto|cuál|puedo|hay)\b",
    re.IGNORECASE,
)
"""How the clause of a question begins that asks; what stands around it only tells."""
_POINTING: Final = re.compile(r"\b(?:it|this|that|these|those|them|they|there|him|her|so)\b", re.I)
_ENOUGH: Final = 2
"""So many telling words of the asking clause stand for the whole question."""
_AROUND_IT: Final = 0.4
_NUMBER: Final = frozenset("number no nr nummer numéro numero número".split())
_AROUND: Final = 60
_BESIDE: Final = 3
"""The word that a number is of is among so many before or behind it."""
_ASKS: Final = re.compile(
    "多少[钱錢]?|几[个個点點]?|幾[个個点點]?|什[么麼]时?候?|怎[么麼样樣]|哪[天里儿个年]"
    "|何(?:曜日|時|番|人|個|日|月|年)?|ですか|ますか|教えてください|[をはがにでのとも]|いつ|どこ|どの"
    "|くらい|か$|[的是在了吗呢]|每"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """One telling word: its spelling, its stems in any language, and its weight.

    `exact` is true of numbers and code, which nothing else stands for: all of it has to be said;
    `quoted` of function words that are meant as code (`with`), and stand in quotes in a text;
    `called` of functions (`any()`), which stand there called, or in quotes; `beside` has the
    beginnings of the words that a small number stands beside: an `11` alone is in many a text.
    """

    text: str
    stems: frozenset[str]
    weight: float
    exact: bool = False
    quoted: bool = False
    called: bool = False
    beside: frozenset[str] = frozenset()

    def stands_in(self, text: str, held: frozenset[str], *, record: bool = False) -> bool:
        """Whether the text, of which these are the stems, says all of an exact word.

        In a record its cells tell what a number is of, however far from each other they stand.
        """
        if self.beside and not record and not self._stands_beside(text):
            return False
        if self.called:
            name = re.escape(self.text)
            said = rf"(?<!\w){name}\(|{_QUOTE}{name}{_QUOTE}"
            return re.search(said, text, re.IGNORECASE) is not None
        if self.stems <= held:
            return True
        bare = self.text.strip(".:(")
        if not any(map(str.isdigit, bare)) and not self.quoted:
            last = re.split(r"[.:/(]+", bare)[-1]
            return bool(last) and not held.isdisjoint(stems(last, _ENGLISH))
        before, behind = (_QUOTE, _QUOTE) if self.quoted else (r"(?<!\w)", r"(?!\w)")
        return re.search(f"{before}{re.escape(bare)}{behind}", text, re.IGNORECASE) is not None

    def _stands_beside(self, text: str) -> bool:
        """Whether a number stands beside its words in a text; true where it has none of those."""
        if not _begin(WORD.findall(text), self.beside):
            return True
        number = rf"(?<!\w){re.escape(self.text)}(?!\w)"
        for one in islice(re.finditer(number, text), _MOST):
            before = WORD.findall(text[max(0, one.start() - _AROUND) : one.start()])
            behind = WORD.findall(text[one.end() : one.end() + _AROUND])
            if any(_begin(_next(words), self.beside) for words in (reversed(before), behind)):
                return True
        return False

    def near(self, vocabulary: Iterable[str]) -> dict[str, float]:
        """The stems of a vocabulary that say the word, each with how much of it, up to 1."""
        found = {one: _SYNONYM for own in self.stems for one in synonyms(own)}
        longest = max(self.stems, key=len)
        if len(longest) >= _LONG and longest.isascii():
            for one in vocabulary:
                if len(one) >= _PREFIX and (share := _share(one, longest)) >= _LEAST:
                    found[one] = max(share, found.get(one, 0.0))
        return found | dict.fromkeys(self.stems, 1.0)


def telling_words(question: str, languages: Collection[str] = ()) -> tuple[Word, ...]:
    """The words of a question that tell what it is about, in order, each once.

    `languages` are those of the documents, whose stems a word may have as well. What only asks
    weighs little, names and numbers more; of scripts without spaces come pairs of characters.
    """
    of_documents = next(iter(sorted(filter(None, languages))), _ENGLISH)
    language = told(question) or (_ENGLISH if is_clearly_english(question) else of_documents)
    every: dict[frozenset[str], Word] = {}
    before = ""
    tokens = TOKEN.findall(question)
    for at, token in enumerate(tokens):
        found = (
            _dense(token) if _DENSE.search(token) else _spaced(token, before, language, languages)
        )
        for word in found:
            if _SMALL.fullmatch(token):
                word = replace(word, beside=_beside(tokens, at))  # noqa: PLW2901 - the same word
            every.setdefault(word.stems, word)
        before = token.lower()
    every = _less_around(question, every)
    for spoken in spoken_code(question):
        quoted = frozenset((f'"{spoken}"',))
        every[quoted] = Word(text=spoken, stems=quoted, weight=_MORE, exact=True, quoted=True)
    for name in _CALLED.findall(question):
        own = frozenset(stems(name, language)) or frozenset((name,))
        every[own] = Word(text=name, stems=own, weight=_MORE, exact=True, called=True)
    return tuple(every.values())[:_MOST]


def _less_around(question: str, every: dict[frozenset[str], Word]) -> dict[frozenset[str], Word]:
    """The words, those of what is only told around the question (`My aunt is ill, who ...`) less."""
    parts = [one for one in _CLAUSE.split(question) if one.strip()]
    asking = [one for one in parts if _ASKING.match(one)]
    if not asking or len(asking) == len(parts):
        return every
    said = " ".join(asking)
    inside = frozenset(WORD.findall(said.lower()))
    main = [one for one in every.values() if one.weight >= _LESS and one.text.lower() in inside]
    if len(main) < _ENOUGH or _POINTING.search(said):
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
    known = chain((STOP_WORDS, _WEAK), FUNCTION_WORDS.values())
    return len(lower) >= _PREFIX and not any(lower in one for one in known)


def _next(words: Iterable[str]) -> Iterator[str]:
    """The first words of these; numbers do not count, as in `rooms 11 and 12`."""
    return islice((one for one in words if not one.isdigit()), _BESIDE)


def _begin(words: Iterable[str], beginnings: frozenset[str]) -> bool:
    return any(one.lower().startswith(tuple(beginnings)) for one in words)


def spoken_code(text: str) -> tuple[str, ...]:
    """The stop words of a question that it uses as words of Python.

    They are quoted ("with"), asked for by themselves ("what does with do in Python"), or stand
    before what says so (the with statement).
    """
    lower = text.lower()
    named = [*_MARKED.findall(lower), *_ASKED.findall(lower)]
    spoken = dict.fromkeys(one for one in named if one in CODE_STOP_WORDS)
    told = words(text)
    for before, word in pairwise(told):
        if before in CODE_STOP_WORDS and word in _OF_CODE:
            spoken[before] = None
    return tuple(spoken)


def _dense(token: str) -> Iterator[Word]:
    for part in filter(None, _ASKS.split(token)):
        pairs = [part[at : at + 2] for at in range(len(part) - 1)] or [part]
        for pair in pairs:
            kana = any("\u3040" <= one <= "\u309f" for one in pair)
            weight = 0.3 if kana else 1.0 if len(pair) > 1 else 0.5
            yield Word(text=pair, stems=frozenset((pair,)), weight=weight)


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
    yield Word(text=token, stems=own, weight=_MORE if exact else weight, exact=exact)


def _weight(token: str, before: str, language: str) -> float:
    lower = token.lower()
    if lower in _WEAK or (before in _MEASURING and lower in _MEASURES):
        return _LITTLE
    if before and token[0].isupper() and language != "de":
        return _MORE
    return _LESS if before in _BEFORE_VERB or lower.endswith(("ly", "ed")) else 1.0


def _share(one: str, word: str) -> float:
    """How much of a word another stem says: a part of a compound, or one with its beginning."""
    if one in word:
        return len(one) / len(word)
    if word in one:
        return _LONGER
    if one[:_PREFIX] != word[:_PREFIX]:
        return 0.0
    same = _PREFIX
    shorter = min(len(one), len(word))
    while same < shorter and one[same] == word[same]:
        same += 1
    if same < _LONG:
        return 0.0
    if same >= _SAME_BEGINNING * max(len(one), len(word)):
        return _SAME_BEGINNING
    return _ALIKE if same >= 0.75 * shorter else 0.0
