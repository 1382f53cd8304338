"""Questions over short documents in one language, each of which one document answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from codexity.adapters.library.documents import Document, sliced, title_stems
from codexity.adapters.library.index import LibraryIndex
from codexity.text import stemmed_in

HERE = Path(__file__).resolve().parent
LANGUAGES = ("chinese", "japanese", "thai")


@dataclass(frozen=True, slots=True, kw_only=True)
class Short:
    """A document of one paragraph."""

    key: str
    title: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A question, the document that answers it, and what an answer has to say."""

    question: str
    key: str
    answer: str


def load(language: str) -> tuple[tuple[Short, ...], tuple[Case, ...]]:
    """The documents and the questions of one of `LANGUAGES`."""
    documents = (Short(key=a, title=b, text=c) for a, b, c in _rows(f"{language}_passages.tsv"))
    cases = (Case(question=a, key=b, answer=c) for a, b, c in _rows(f"{language}_questions.tsv"))
    return tuple(documents), tuple(cases)


def unanswerable(language: str) -> tuple[str, ...]:
    """The questions that no document answers; none where there are none."""
    name = HERE / f"{language}_unanswerable.txt"
    return tuple(name.read_text(encoding="utf-8").splitlines()) if name.exists() else ()


def _rows(name: str) -> list[list[str]]:
    lines = (HERE / name).read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines]


async def indexed(index: LibraryIndex, documents: Sequence[Short]) -> None:
    """Puts the documents into a library, each under its key."""
    for one in documents:
        language = stemmed_in(one.text, None)
        await index.put(
            "notes",
            Document(
                slug=one.key,
                title=one.title,
                title_stems=title_stems(one.title, "", language),
                text=one.text,
                slices=sliced(one.text, language),
                language=language,
            ),
        )
