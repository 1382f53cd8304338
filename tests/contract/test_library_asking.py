"""A question and its keywords are asked of the library at the same time: once for what is alike."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import anyio
import pytest

from codexity.adapters.flights import Flights
from codexity.adapters.library.documents import Document, sliced, stem_text
from codexity.adapters.library.index import LibraryIndex
from codexity.adapters.library.understanding import Understood
from codexity.adapters.search.library import LibrarySearch
from codexity.model import Hit, Query

TEXTS = {
    "Harbour": "The harbour master keeps the key of the lock gate. The office opens at nine.",
    "Tides": "A table of tides hangs in the office. Set up the gauge before the tide turns.",
    "Lighthouse": "The keeper of the lighthouse paints it white every other spring.",
}


class Counted(LibraryIndex):
    """The library, which counts how often it was searched; not before `asked` were understood."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.searched = 0
        self.asked = 1
        self._all_asked = anyio.Event()

    def expect(self, asked: int) -> None:
        self.asked, self._all_asked = asked, anyio.Event()

    async def understood(self, text: str) -> Understood:
        known = await super().understood(text)
        self.asked -= 1
        if not self.asked:
            self._all_asked.set()
        return known

    async def found(self, *args: Any, **kwargs: Any) -> tuple[Hit, ...]:
        self.searched += 1
        with anyio.fail_after(10):
            await self._all_asked.wait()
        return await super().found(*args, **kwargs)


@dataclass
class Rig:
    """A library, its search, and what each query found."""

    index: Counted
    search: LibrarySearch
    found: dict[str, list[str]] = field(default_factory=dict[str, list[str]])

    async def ask(self, *texts: str, collection: tuple[str, ...] = ()) -> int:
        """Asks all at the same time; says how often the library was searched for it."""
        before = self.index.searched
        self.index.expect(len(texts))
        async with anyio.create_task_group() as tasks:
            for text in texts:
                tasks.start_soon(self._ask, text, collection)
        return self.index.searched - before

    async def _ask(self, text: str, collection: tuple[str, ...]) -> None:
        hits = await self.search.search(Query(text=text, collection=collection), limit=5)
        self.found[text] = [hit.title for hit in hits]


@pytest.fixture
async def rig(tmp_path: Path) -> AsyncGenerator[Rig]:
    index = Counted(tmp_path / "library.db")
    documents = [
        Document(
            slug=title.lower(),
            title=title,
            title_stems=stem_text(title),
            text=text,
            slices=sliced(text),
        )
        for title, text in TEXTS.items()
    ]
    await index.put("coast", *documents)
    async with AsyncExitStack() as stack:
        flights = await stack.enter_async_context(Flights())
        yield Rig(index=index, search=LibrarySearch(index, flights=flights))


@pytest.mark.parametrize(
    ("question", "keywords"),
    [
        ("Who keeps the key of the lock gate?", "keeps key lock gate"),
        ("When does the office open?", "office open"),
        ("where is the lighthouse", "lighthouse"),
        ("What is the harbour master?", "harbour master"),
    ],
)
async def test_a_question_and_its_keywords_are_one_search(
    rig: Rig, question: str, keywords: str
) -> None:
    assert await rig.ask(question, keywords) == 1
    assert rig.found[question] == rig.found[keywords] != []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("key of the gate", "key of the lighthouse"),
        ("paints", "paints gauge"),
        ("spring", "nine"),
    ],
)
async def test_what_asks_for_something_else_is_a_search_of_its_own(
    rig: Rig, one: str, other: str
) -> None:
    assert await rig.ask(one, other) == 2
    assert rig.found[one] != rig.found[other]


async def test_nothing_is_searched_for_words_that_no_document_has(rig: Rig) -> None:
    assert await rig.ask("zeppelin", "xylophone quartet") == 1
    assert rig.found == {"zeppelin": [], "xylophone quartet": []}


async def test_what_comes_later_is_searched_anew(rig: Rig) -> None:
    assert await rig.ask("where is the lighthouse") == 1
    text = "The lighthouse stands on the north pier."
    await rig.index.put(
        "coast",
        Document(slug="pier", title="Pier", title_stems="pier", text=text, slices=sliced(text)),
    )
    assert await rig.ask("where is the lighthouse") == 1
    assert "Pier" in rig.found["where is the lighthouse"]


async def test_who_asks_other_collections_is_answered_for_those(rig: Rig) -> None:
    assert await rig.ask("lighthouse", collection=("inland",)) == 1
    assert rig.found["lighthouse"] == []
    await rig.ask("lighthouse", collection=("coast",))
    assert rig.found["lighthouse"] == ["Lighthouse"]
