"""How documents spell a word: in small letters, or as a name."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Sequence
from typing import Final

from codexity.synonyms import is_known_in_english
from codexity.text import stem, words

_LOOKED_AT: Final = 20
_ARTICLES: Final = frozenset(
    """a an our your my his her their each every no any this these der die das den dem des ein eine
    einen einem einer eines kein keine keinen jede jeder jedes im am alle""".split()
)
"""Names of people stand behind none of them."""
_ORDINARY: Final = re.compile(
    "(?:ship|ing|tion|sion|ment|ness|ance|ence|able|ible|ities|ity|hood|ers|ies|ung|ungen|keit|heit"
    "|schaft|schaften)$"
)
_BEGINS: Final = re.compile(r"[.!?:;\n|#*•]|^,$")
"""What stands between two words of which the second begins a sentence, a line or a cell."""
_INITIALS: Final = 3
"""In capitals, so few letters are no word of a heading."""


def as_spelled(connection: sqlite3.Connection, table: str, term: str) -> Sequence[str]:
    """The words of the documents that have this stem: in small letters, where it is no name.

    It is none where one writes it small, where an article stands before it, as before the nouns
    of German, or where it only begins sentences, lines and cells, or stands in a heading of
    capitals, and ends as ordinary words do, or is a word of English, or goes on in small letters,
    and nowhere else is a name.
    """
    rows = connection.execute(
        f"SELECT substr(d.text, p.start + 1, p.length) FROM {table} s"  # noqa: S608 - our names
        " JOIN passages p ON p.id = s.rowid JOIN documents d ON d.id = p.document"
        f" WHERE {table} MATCH ? LIMIT ?",
        (f'text : "{term}"', _LOOKED_AT),
    )
    ordinary: dict[str, None] = {}
    begun: dict[str, None] = {}
    names: dict[str, None] = {}
    english = is_known_in_english(term)
    for (text,) in rows:
        every = (("", ""), *spelled(text), ("", ""))
        for (_, before), (gap, word), after in zip(every, every[1:], every[2:], strict=False):
            if stem(word.lower()) != term:
                continue
            if word.islower() or (word.istitle() and _is_ordinary(before, word)):
                ordinary[word.lower()] = None
            elif _only_begins(before, gap, word, "".join(after)) and (english or _goes_on(*after)):
                begun[word.lower()] = None
            else:
                names[word] = None
    return tuple(ordinary or names or begun)


def spelled(text: str) -> Iterator[tuple[str, str]]:
    """The words of a text as it writes them, each with what stands before it."""
    lower = text.lower()
    if len(lower) == len(text):
        end = 0
        for word in words(text):
            at = lower.find(word, end)
            yield text[end:at], text[at : at + len(word)]
            end = at + len(word)


def _goes_on(gap: str, behind: str) -> bool:
    """Whether a word in small letters follows right behind it: `Breakfast club`."""
    return gap == " " and behind.islower()


def _is_ordinary(before: str, word: str) -> bool:
    return before.lower() in _ARTICLES or _ORDINARY.search(word) is not None


def _only_begins(before: str, gap: str, word: str, behind: str) -> bool:
    """Whether its capitals say only where it stands: a name has another behind it (`Rose Hill`)."""
    begins = not before or _BEGINS.search(gap) is not None
    if word.isupper():
        heading = any(one.isupper() and len(one) > 1 for one in (before, behind.strip()))
        return len(word) > _INITIALS and (begins or heading)
    return begins and word.istitle() and not (behind.istitle() and behind[1:].isalpha())
