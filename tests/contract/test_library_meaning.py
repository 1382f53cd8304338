"""Vectors beside the library's passages: made, kept in step, and found by."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from pathlib import Path

import httpx2
import pytest

from codexity.adapters.embed.found import Embedders
from codexity.adapters.embed.nearness import EmbeddedMeaning
from codexity.adapters.embed.openai import OpenAIEmbedder
from codexity.adapters.library import vectors as kept
from codexity.adapters.library.documents import Document, sliced, stem_text
from codexity.adapters.library.embedded import LibraryVectors
from codexity.adapters.library.index import LibraryIndex
from codexity.adapters.rank.bm25 import Bm25
from codexity.adapters.search.library import LibrarySearch
from codexity.errors import ProviderError
from codexity.model import Page, Query
from codexity.ports import Embedder, Vector
from codexity.stages.chunk import chunk
from servers.embedding import EmbeddingServer
from servers.local import Reply

QUESTION = "how many days may I work from abroad?"
FRENCH = "Télétravail depuis l'étranger: dix jours par an, avec l'accord du service."
CANTEEN = "Le menu de la cantine change chaque semaine."
GARDEN = "Many a rule may be found in the book of the garden, how and how many."


def document(slug: str, text: str) -> Document:
    return Document(
        slug=slug, title=slug, title_stems=stem_text(slug), text=text, slices=sliced(text)
    )


class Rig:
    """A library, and an embedding server that can be stopped after so many texts."""

    def __init__(self, path: Path, server: EmbeddingServer, client: httpx2.AsyncClient) -> None:
        self.server = server
        self.client = client
        self.index = LibraryIndex(path)

    def embedder(self, version: str = "one") -> Embedder:
        return OpenAIEmbedder(
            base_url=self.server.base_url,
            model=self.server.model,
            client=self.client,
            version=version,
            seconds=5,
        )

    def meaning(self, embedder: Embedder | None = None, *, seconds: float = 5) -> EmbeddedMeaning:
        embedders = Embedders(embedder or self.embedder())
        vectors = LibraryVectors(self.index, embedders)
        return EmbeddedMeaning(embedders, vectors, ranker=Bm25(), seconds=seconds)

    async def found(self, question: str, meaning: EmbeddedMeaning | None) -> list[str]:
        search = LibrarySearch(self.index, meaning.meant if meaning else None)
        hits = await search.search(Query(text=question), limit=5)
        return [one.title for one in hits]

    async def vectors(self, version: str = "one") -> kept.Counts:
        return await LibraryVectors(self.index, Embedders()).counts(self.embedder(version))


@pytest.fixture
async def rig(tmp_path: Path) -> AsyncGenerator[Rig]:
    async with httpx2.AsyncClient(trust_env=False) as client:
        with EmbeddingServer() as server:
            rig = Rig(tmp_path / "library.sqlite3", server, client)
            for slug, text in (("regles", FRENCH), ("cantine", CANTEEN), ("garden", GARDEN)):
                await rig.index.put("office", document(slug, text))
            yield rig


# --- finding ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "text"),
    [
        (QUESTION, "Trabajar desde el extranjero: veinte jornadas al año."),
        ("working abroad", "Arbeiten im Ausland ist an zwanzig Tagen erlaubt."),
        ("the heating leaks", "La calefacción gotea: llame al conserje."),
        ("where is bread", "面包在厨房的柜子里。"),
    ],
)
async def test_what_is_asked_in_another_language_is_found_by_its_meaning(
    rig: Rig, question: str, text: str
) -> None:
    await rig.index.put("office", document("wanted", f"{text}\n"))
    meaning = rig.meaning()
    await meaning.vectors.fill()
    by_meaning = await rig.found(question, meaning)
    by_words = await rig.found(question, None)
    assert "wanted" in by_meaning[:3]
    assert "wanted" not in by_words


async def test_without_vectors_documents_are_found_by_their_words(rig: Rig) -> None:
    assert await rig.found(QUESTION, rig.meaning()) == await rig.found(QUESTION, None)
    assert "regles" not in await rig.found("abroad", rig.meaning())


async def test_a_server_that_is_down_leaves_the_words(rig: Rig) -> None:
    meaning = rig.meaning()
    await meaning.vectors.fill()
    rig.server.answer = lambda _: Reply(status=503)
    assert await rig.found(QUESTION, meaning) == await rig.found(QUESTION, None)


async def test_what_words_find_is_found_as_well(rig: Rig) -> None:
    meaning = rig.meaning()
    await meaning.vectors.fill()
    assert (await rig.found("menu cantine", meaning))[0] == "cantine"
    assert set(await rig.found(QUESTION, meaning)) >= set(await rig.found(QUESTION, None))


async def test_only_the_collections_that_are_named_are_compared(rig: Rig) -> None:
    await rig.index.put("home", document("ferien", "Arbeiten im Ausland an zwanzig Tagen."))
    meaning = rig.meaning()
    await meaning.vectors.fill()
    search = LibrarySearch(rig.index, meaning.meant)
    for name, found in (("home", {"ferien"}), ("office", {"regles", "cantine", "garden"})):
        hits = await search.search(Query(text=QUESTION, collection=(name,)), limit=5)
        assert {one.title for one in hits} == found


# --- vectors in step -------------------------------------------------------------


async def test_vectors_are_made_once_and_for_what_is_new(rig: Rig) -> None:
    vectors = rig.meaning().vectors
    first = await vectors.fill()
    again = await vectors.fill()
    await rig.index.put("office", document("cantine", f"{CANTEEN} Le pain est frais."))
    changed = await vectors.fill()
    assert [one.made if one else None for one in (first, again, changed)] == [3, 0, 1]
    assert len(rig.server.texts) == 4


async def test_vectors_go_with_their_documents(rig: Rig) -> None:
    await rig.meaning().vectors.fill()
    assert (await rig.vectors()).made == 3
    await rig.index.put("office", document("cantine", "Fermée."))
    assert (await rig.vectors()).made == 2
    await rig.index.remove("office")
    assert await rig.vectors() == kept.Counts(made=0, others=0, all=0)


async def test_what_was_made_before_an_end_stays_and_the_rest_is_made_next(rig: Rig) -> None:
    for at in range(100):
        await rig.index.put("notes", document(f"note-{at}", f"Note {at} about bread."))
    told: list[tuple[int, int]] = []
    usual = rig.server.usual

    def breaking(asked: object) -> Reply:
        return usual(asked) if len(rig.server.asked) <= 2 else Reply(status=503)  # type: ignore[arg-type]

    rig.server.answer = breaking  # type: ignore[assignment]
    with pytest.raises(ProviderError):
        await rig.meaning().vectors.fill(lambda done, total: told.append((done, total)))
    half = (await rig.vectors()).made
    rig.server.answer = usual
    rest = await rig.meaning().vectors.fill(lambda done, total: told.append((done, total)))
    assert half == 64
    assert rest is not None
    assert (rest.made, (await rig.vectors()).made) == (103 - half, 103)
    assert told[0] == (0, 103)
    assert told[-1] == (103, 103)
    assert [done for done, _ in told] == sorted(done for done, _ in told)


async def test_another_model_has_its_vectors_made_anew(rig: Rig) -> None:
    await rig.meaning().vectors.fill()
    assert await rig.vectors("two") == kept.Counts(made=0, others=3, all=3)
    other = rig.meaning(rig.embedder("two"))
    # What another model made is not compared.
    assert await rig.found("abroad", other) == await rig.found("abroad", None)
    filled = await other.vectors.fill()
    assert filled is not None
    assert (filled.made, filled.replaced) == (3, 3)
    assert await rig.vectors("two") == kept.Counts(made=3, others=0, all=3)


class Narrow:
    """An embedder whose vectors became shorter under the same name."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self.name = embedder.name

    async def embed(self, texts: Sequence[str], *, asks: bool = False) -> Sequence[Vector]:
        return [one[:10] for one in await self._embedder.embed(texts, asks=asks)]


async def test_vectors_of_another_length_are_not_compared(rig: Rig) -> None:
    await rig.meaning().vectors.fill()
    narrow = rig.meaning(Narrow(rig.embedder()))
    assert await rig.found("abroad", narrow) == await rig.found("abroad", None)


# --- nearness --------------------------------------------------------------------


def passages(*texts: str, url: str = "https://example.org") -> list[tuple[str, int]]:
    return [(f"{url}/{at}", 0) for at, _ in enumerate(texts)]


async def test_what_answers_is_nearer_than_what_chance_brings(rig: Rig) -> None:
    texts = (FRENCH, CANTEEN, "The boat needs a new sail.")
    pages = [
        Page(url=f"https://example.org/{at}", title="", text=text) for at, text in enumerate(texts)
    ]
    every = [one for page in pages for one in chunk(page, words=150)]
    near = await rig.meaning().passages(QUESTION, every)
    first, *others = (near[place] for place in passages(*texts))
    assert first > 0.7
    assert max(others) < 0.5


async def test_passages_of_the_library_are_not_embedded_again(rig: Rig) -> None:
    meaning = rig.meaning()
    await meaning.vectors.fill()
    before = len(rig.server.texts)
    page = await rig.index.page("/library/office/regles")
    near = await meaning.passages(QUESTION, chunk(page, words=150))
    assert near[page.url, 0] > 0.7
    assert FRENCH not in " ".join(rig.server.texts[before:])


async def test_only_so_many_passages_are_embedded_for_a_question(rig: Rig) -> None:
    text = "\n\n".join(f"Paragraph {at} speaks of bread. " * 30 for at in range(60))
    every = chunk(Page(url="https://example.org/long", title="", text=text), words=150)
    near = await rig.meaning().passages("bread", every)
    assert len(every) > 40
    assert 0 < len(near) <= 24


async def test_a_model_that_is_too_slow_is_told_and_not_waited_for(rig: Rig) -> None:
    page = Page(url="https://example.org/0", title="", text=FRENCH)
    rig.server.answer = lambda _: Reply(hold=True)
    with pytest.raises(ProviderError) as caught:
        await rig.meaning(seconds=0.2).passages(QUESTION, chunk(page, words=150))
    assert (caught.value.code, "EMBED__SECONDS" in caught.value.message) == ("timeout", True)


async def test_nothing_is_near_where_nothing_embeds(rig: Rig) -> None:
    page = Page(url="https://example.org/0", title="", text=FRENCH)
    embedders = Embedders()
    vectors = LibraryVectors(rig.index, embedders)
    meaning = EmbeddedMeaning(embedders, vectors, ranker=Bm25(), seconds=5)
    assert await meaning.passages(QUESTION, chunk(page, words=150)) == {}
    assert await meaning.texts(QUESTION, [FRENCH]) == {}
    assert await meaning.meant(QUESTION) is None
    assert await vectors.fill() is None
