"""A library of as many passages as are wanted, in minutes: each sentence is analysed once."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import islice
from pathlib import Path

from codexity.adapters.library import rows
from codexity.adapters.library.database import prepare, session
from codexity.adapters.library.documents import Document, Slice, stem_text
from codexity.adapters.sqlite.schema import writing
from library_draw import SEED, Topic, name, said

PASSAGES_OF_DOCUMENT = 8
_SENTENCES = 6
_BATCH = 1_000
"""So many documents are written in one transaction."""


def build(path: Path, drawn: Sequence[Topic], passages: int) -> None:
    """Writes the library's file, as adding so many documents would, unless it is there already."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    making = path.with_suffix(".making")
    for left in path.parent.glob(f"{making.name}*"):
        left.unlink()
    prepare(making)
    every = _documents(drawn, passages // PASSAGES_OF_DOCUMENT)
    with session(making) as connection:
        while batch := tuple(islice(every, _BATCH)):
            with writing(connection):
                rows.put(connection, "documents", batch)
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    making.rename(path)


def _documents(drawn: Sequence[Topic], count: int) -> Iterator[Document]:
    for number in range(count):
        chance = random.Random(f"{SEED} {number}")
        topic = chance.choice(drawn)
        text = ""
        slices: list[Slice] = []
        for _ in range(PASSAGES_OF_DOCUMENT):
            sentences = [said(drawn, topic, chance) for _ in range(_SENTENCES)]
            passage = " ".join(sentences)
            stems = " ".join(filter(None, map(_of_sentence, sentences)))
            slices.append(Slice(start=len(text), length=len(passage), stems=stems))
            text += f"{passage}\n\n"
        title = f"{topic.title} {name(chance)}"
        yield Document(
            slug=f"note-{number}",
            title=title,
            title_stems=stem_text(title, "en"),
            text=text.rstrip(),
            slices=tuple(slices),
            path=f"/notes/note-{number}.md",
        )


def _of_sentence(sentence: str) -> str:
    """Its stems; of a whole passage they are the same, one behind the other."""
    before, wrote, text = sentence.rpartition(" wrote: ")
    return f"{stem_text(before + wrote, 'en')} {_stems(text)}" if wrote else _stems(text)


@cache
def _stems(text: str) -> str:
    return stem_text(text, "en")
