"""Whether a sentence strays from what is asked: it is about another thing, or says the contrary."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from codexity.analysis.asking_words import WEAK
from codexity.kind_askings import DOER
from codexity.question_word import MORE, Word
from codexity.synonyms.nouns import is_person

_SAID: Final = 0.5
_ASKED: Final = 0.5
_I: Final = re.IGNORECASE
_MOST_OF: Final = re.compile(
    r"\bwhich (?:of (?:all )?(?:our|the|my|your|these|those) (?:own )?)?([^\W\d_]{3,40})\b.{0,60}?"
    r"\b(?:is|are|was|were|has|have|had|costs?|weighs?) (?:the )?"
    r"(?:most|least|best|worst|(?!test|rest|guest)[a-z]{3,12}est)\b",
    _I,
)
_FOR: Final = re.compile(r"\bfor (?:an? |the )?([^\W\d_]{3,40})(?: of \w+)?\W*$", _I)
_WITHOUT: Final = re.compile(r"\bwithout (?:an? |the |any |my |our )?([^\W\d_]{3,40})", _I)
_NOT: Final = re.compile(
    r"\b(?:without|no|not|none|never|nor|neither|un\w+|except|otherwise|instead|cannot)\b|n['’]t\b"
    r"|less\b|\bfree\b|\b(?:more|extra|plus|optional|additional|besides|separate\w*|surcharge)\b",
    _I,
)
_PLANNED: Final = re.compile(
    r"^\W*(?:\w+ ){0,3}?(?:was|were) (?:to (?:be|have)|going to be|meant to|supposed to)\b"
    r"|\bhad been (?:planned|set|fixed) for\b",
    _I,
)
"""What was planned and is not so."""
_PAST: Final = re.compile(r"\b(?:was|were|did|had|originally|planned|first)\b", _I)
_WHO_DOES: Final = re.compile(rf"(?:{DOER}) ([^\W\d_]{{3,40}})\b", _I)
_DONE: Final = (
    r"([a-z]{2,30}ed|made|built|bought|sold|sent|written|drawn|born|broken|lost|stolen|cut)"
)
_WHEN_DONE: Final = re.compile(
    rf"\b(?:when|where|how often|(?:what|which) year) (?:is|are|was|were|will|can|must|has|have)"
    rf" [^?]{{2,60}}?\b{_DONE}\W*$|^\W*why\b[^?]{{2,80}}?\b{_DONE}\b"
    r"|^\W*why did\b[^?]{2,80}?([a-z]{3,30})\W*$",
    _I,
)
_BESIDE_ROLE: Final = re.compile(
    r"\b(?:deputy|vice|assistant|acting|former|substitute|stand-in|ex)[- ]([^\W\d_]{3,40})\b", _I
)
_WORD: Final = re.compile(r"[^\W\d_]{3,40}")
_PAID: Final = frozenset(("pay", "pays", "paid"))
_LIGHT: Final = frozenset(
    """run runs ran start started starts begin began begins lead leads led head heads get gets got
    look looks looked see sees saw sit sits stand stands stood keep keeps kept hold holds held
    handle handles deal deals dealt organise organises organised organize organizes arrange
    arranges manage manages managed own owns owned care cares cover covers bear bears count counts
    come comes came use uses used come said say says think called belong order orders provide
    provides provided was were is are may can must has have had does did do will would could
    should might shall gives give gave take takes took taken opens open opened
    used located stored placed found situated called named needed allowed permitted
    expected""".split()
)
"""What is said in many ways, and often by the shape of a row or a list alone."""


def strays(question: str, text: str, said: Mapping[str, float], own: Mapping[str, float]) -> bool:
    """Whether it lacks what the question turns on.

    `said` tells of the telling words of the question, in small letters, how much of each the text
    with what stands above and beside it says, `own` how much it does itself.
    """
    if _PLANNED.search(text) and not _PAST.search(question):
        return True
    found = _MOST_OF.search(question)
    if found and said.get(found[1].lower(), 1.0) < _SAID:
        return True
    found = _FOR.search(question)
    if found and said.get(found[1].lower(), 1.0) < _SAID and is_person(found[1].lower()):
        return True
    if has_other_role(question, text):
        return True
    found = _WITHOUT.search(question)
    return (
        found is not None and own.get(found[1].lower(), 0.0) >= _SAID and _NOT.search(text) is None
    )


def has_other_role(question: str, text: str) -> bool:
    """Whether it says of the deputy alone what is asked of the chair."""
    found = _BESIDE_ROLE.search(text)
    if found is None or _BESIDE_ROLE.search(question):
        return False
    role = found[1].lower()
    words = [one.lower() for one in _WORD.findall(text)]
    return words.count(role) == 1 and role in map(str.lower, _WORD.findall(question))


def does_something_else(question: str, said: Mapping[str, float]) -> bool:
    """Whether what is asked to have been done is said nowhere near: `who coaches the crew`."""
    found = _WHO_DOES.search(question) or _WHEN_DONE.search(question)
    verb = next(filter(None, found.groups()), "").lower() if found else ""
    light = verb in _LIGHT or (verb in WEAK and verb not in _PAID)
    return bool(verb) and not light and said.get(verb, 1.0) < _SAID


def names_only_the_subject(
    question: str, words: Sequence[Word], title: Sequence[float], near: Sequence[float]
) -> bool:
    """Whether of what is asked of a thing nothing is said near: `has the Hotel Krone a gym`.

    The thing is what has a name, with what stands before that (`the river Elm`), or what the whole
    page is about; `title` and `near` say how much of each word its title, and the sentence with
    what stands above and beside it, says. A date or a code in the question names more than a thing:
    `where do we sleep on 16 September`.
    """
    if any(word.exact for word in words):
        return False
    names = "|".join(re.escape(word.text) for word in words if word.weight >= MORE)
    asked = [
        said
        for word, of_page, said in zip(words, title, near, strict=True)
        if _ASKED <= word.weight < MORE
        and of_page < _SAID
        and not (names and re.search(rf"\b{re.escape(word.text)} (?:{names})\b", question))
    ]
    return bool(asked) and len(asked) < len(words) and max(asked) < _SAID
