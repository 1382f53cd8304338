"""Names that lead from one text to another: who or what one speaks of, and another tells of."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

_CAPITAL: Final = r"[A-ZÀ-ÖØ-Þ][^\W\d_]+(?:['’-][^\W\d_]+)*"
_NAME: Final = re.compile(
    rf"(?<![\w@.]){_CAPITAL}(?: (?:&|de|van|von|der|la|le|du|da) {_CAPITAL}| {_CAPITAL})*"
)
_CODE: Final = re.compile(
    r"(?<![\w.,:/-])(?=[\w-]*\d)(?:[A-Z]{1,4}-?\d{1,5}|\d{2,4}-\d{2,5})(?![\w:/-])"
)
_NONE: Final = frozenset(
    """The This That These Those It If In On At To For Of By With From We You He She They I A An And
    Or But So As No Not Yes There Here Who What When Where Which How Why All Both Each Every
    Some Any Anything Anybody Anyone Something Somebody Someone Everything Everybody Everyone
    Nothing Nobody Another Other Others Such More Most Many Few Several Do Does Did Is Are Was
    Were Be Can May Must Please Ask Call Ring Write Tell Bring Take Put See Look Send Only Also
    Then After Before Until Since While Until Mr Mrs Ms Miss Dr Madame January February March
    April May June July August September October November December Monday Tuesday Wednesday
    Thursday Friday Saturday Sunday Mon Tue Wed Thu Fri Sat Sun Jan Feb Mar Apr Jun Jul Aug Sep
    Sept Oct Nov Dec""".split()
)
_MOST: Final = 12
_DENIED: Final = re.compile(
    r"\b(?:not|never|nor|neither|cannot|except|formerly|used to|any ?more|nicht|nie|keine?[nrms]?"
    r"|pas|jamais|nunca|no(?!\.))\b|n['’]t\b",
    re.IGNORECASE,
)
"""What says of somebody what they do not do, or do no more."""
_WHERE: Final = re.compile(rf"\b(?:[Ii]n|[Aa]t|[Oo]n|[Nn]ear) {_NAME.pattern}")
"""A place or a day, which is none of those who do something."""
_OPENING: Final = re.compile(r"[A-Z][a-z]+(?:ing is|tion is|ment is|s are)\b[^.]*\bby\b")
"""What opens with a word that is no name: `Tuning is done by ...`, `Repairs are made by ...`."""


_LEAST_OF_TITLE: Final = 4
_BESIDE_TITLE: Final = re.compile(r"\s*(?:\([^()]*\)|,.*)\Z", re.DOTALL)
"""What only tells a title from others: `Young, New South Wales`, `Charmed (series)`."""


def names(text: str, *, besides: str = "") -> Iterator[str]:
    """The names and codes of a text, each without titles; none that `besides` has as well."""
    left_out = besides.casefold()
    for at, one in enumerate((*_NAME.finditer(text), *_CODE.finditer(text))):
        if at == _MOST:
            return
        words = one[0].split()
        while words and words[0] in _NONE:
            words = words[1:]
        told = " ".join(words)
        if len(told) > 2 and told not in _NONE and told.casefold() not in left_out:
            yield told


def only_name(text: str, *, besides: str) -> str:
    """The name of a text that has one alone, and denies nothing; else empty.

    Of two it may be either who does what is said, and of one that it denies nobody.
    """
    if _DENIED.search(text):
        return ""
    told = _WHERE.sub("", text)
    if _OPENING.match(told):
        told = told.partition(" ")[2]
    found = set(names(told, besides=besides))
    return found.pop() if len(found) == 1 else ""


def named(name: str, text: str) -> bool:
    """Whether a text has a name, its words in whatever order: `Holm, Per`."""
    return all(re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text) for word in name.split())


def is_certain(name: str) -> bool:
    """Whether a name stands for one alone: of two words, or a code."""
    return " " in name or any(map(str.isdigit, name))


def led_to(text: str, titles: Sequence[str], question: str) -> int | None:
    """The place of the longest title that a text names, and the question does not; else None."""
    asked = question.casefold()
    bare = (_BESIDE_TITLE.sub("", title).strip() for title in titles)
    found = [
        (len(title), -at)
        for at, title in enumerate(bare)
        if len(title) >= _LEAST_OF_TITLE
        and title[0].isupper()
        and title.casefold() not in asked
        and re.search(rf"(?<!\w){re.escape(title)}(?!\w)", text)
    ]
    return -max(found)[1] if found else None
