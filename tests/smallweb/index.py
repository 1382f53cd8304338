"""A search engine over a folder of HTML pages: words and BM25, and no idea of any question.

Like the engines of the web it looks for the words in passages of the pages, and names pages by
their best passage, and words of the query that stand near each other count once more. Over whole
pages BM25 takes `exception` for a word that says nothing, since it stands on half of these pages.
How near was settled on the headings of the FAQ pages that are questions, 139 of them: with no such
weight the page of 126 was among ten, within three words that of 134.
"""

from __future__ import annotations

import html
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from itertools import pairwise
from pathlib import Path

from resiliparse.extract.html2text import extract_plain_text

RESULTS = 10
_PASSAGE_WORDS = 200
_LOOKED_AT = 200
_NEAR = 3
_TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)
_WORD = re.compile(r"\w+")
# What engines leave out of a query; the rest is weighed by how rare it is.
_COMMON = frozenset(
    "a an and are as at be by can do does for from how i if in into is it my of on one or so some "
    "that the then there this to was what when where which who why will with without you".split()
)


class PageIndex:
    """Every HTML page below `folder`, by title and text, in an SQLite file of its own."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def build(self, folder: Path) -> int:
        """Reads all pages anew; returns how many there are."""
        files = sorted(folder.rglob("*.html"))
        with closing(sqlite3.connect(self._file)) as connection, connection:
            connection.execute(
                "CREATE VIRTUAL TABLE passages USING fts5"
                "(path UNINDEXED, title, text, tokenize = 'porter unicode61')"
            )
            for file in files:
                path = file.relative_to(folder).as_posix()
                source = file.read_text(encoding="utf-8")
                rows = ((path, _title(source) or path, text) for text in _passages(source))
                connection.executemany("INSERT INTO passages VALUES (?, ?, ?)", rows)
        return len(files)

    def find(self, text: str) -> list[tuple[str, str, str]]:
        """Path, title and snippet of the ten pages with the best passages, best first."""
        words = [word for word in _WORD.findall(text.lower()) if word not in _COMMON]
        words = list(dict.fromkeys(words))
        terms = [f'"{word}"' for word in words]
        terms += [f'NEAR("{one}" "{other}", {_NEAR})' for one, other in pairwise(words)]
        # Each request is answered in a thread of its own, and a connection belongs to one.
        with closing(sqlite3.connect(self._file)) as connection:
            rows = connection.execute(
                "SELECT path, title, snippet(passages, 2, '', '', ' ... ', 30) FROM passages"
                " WHERE passages MATCH ? ORDER BY bm25(passages, 0, 2, 1) LIMIT ?",
                (" OR ".join(terms) or '""', _LOOKED_AT),
            ).fetchall()
        best = {path: (path, title, said) for path, title, said in reversed(rows)}
        firsts = dict.fromkeys(path for path, _, _ in rows)
        return [best[path] for path in firsts][:RESULTS]


def _title(source: str) -> str:
    found = _TITLE.search(source)
    return html.unescape(found[1]) if found else ""


def _passages(source: str) -> Iterator[str]:
    """The paragraphs of a page, gathered to some 200 words."""
    held: list[str] = []
    size = 0
    for paragraph in extract_plain_text(source).split("\n\n"):
        words = len(paragraph.split())
        if held and size + words > _PASSAGE_WORDS:
            yield "\n\n".join(held)
            held, size = [], 0
        held.append(paragraph)
        size += words
    if held:
        yield "\n\n".join(held)
