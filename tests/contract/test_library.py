"""The port `Library` and the providers on top of it, on a real file."""

from __future__ import annotations

from pathlib import Path

import anyio
import pytest

from codexity.adapters.library.database import session
from codexity.adapters.library.documents import Document, sliced, stem_text
from codexity.adapters.library.index import LibraryIndex
from codexity.adapters.library.rows import replace
from codexity.adapters.search.library import LibrarySearch, StarterSearch
from codexity.errors import BadQuestion, ProviderUnavailable, UnknownDocument
from codexity.model import STARTER, Query


def document(slug: str, title: str, text: str) -> Document:
    return Document(
        slug=slug, title=title, title_stems=stem_text(title), text=text, slices=sliced(text)
    )


BREAD = document("bread", "Bread", "Knead the dough for ten minutes.\n\nBake it until it is brown.")
FRIDGE = document("fridge", "Guarantee", "The guarantee of the fridge ends in May 2027.")
WITH = document(
    "topic-with",
    'The "with" statement',
    'The "with" statement is used to wrap the execution of a block by a context manager.'
    " It works for objects that are one.",
)
FOR = document(
    "topic-for",
    'The "for" statement',
    'The "for" statement is used to iterate over the elements of a list.',
)
WAIT = document("module-wait", "wait", "Wait for a statement. It works with a block, or waits.")


@pytest.fixture
async def index(tmp_path: Path) -> LibraryIndex:
    index = LibraryIndex(tmp_path / "data" / "library.db")
    await index.put("kitchen", BREAD)
    await index.put("papers", FRIDGE)
    await anyio.to_thread.run_sync(build_starter, index.path)
    return index


def build_starter(path: Path) -> None:
    with session(path) as connection:
        replace(connection, "one", (WITH, FOR, WAIT))


async def ready() -> None:
    """A starter collection that is built."""


# --- addresses and pages -----------------------------------------------------


@pytest.mark.parametrize(
    ("url", "owned"),
    [
        ("/library/kitchen/bread", True),
        ("/library/starter/topic-with", True),
        ("/library/kitchen/br%C3%B6tchen-1", True),
        ("/library/kitchen", False),
        ("/library/kitchen/", False),
        ("/library/kitchen/bread/crumb", False),
        ("/library/kitchen/bread?x=1", False),
        ("/library/../bread", False),
        ("/library/%2e%2e/bread", False),
        ("http://example.org/library/kitchen/bread", False),
        ("https://127.0.0.1:8000/library/kitchen/bread", False),
        ("library/kitchen/bread", False),
        ("", False),
    ],
)
async def test_owns_exactly_the_addresses_of_documents(
    index: LibraryIndex, url: str, owned: bool
) -> None:
    assert index.owns(url) is owned


async def test_a_page_has_the_language_of_a_text_that_is_long_enough(index: LibraryIndex) -> None:
    text = " ".join(f"Der Teig ruht {n} Minuten lang unter einem feuchten Tuch." for n in range(9))
    await index.put("kitchen", document("teig", "Teig", text))
    assert (await index.page("/library/kitchen/teig")).language == "de"
    assert (await index.page("/library/kitchen/bread")).language is None


async def test_a_hit_leads_to_its_page(index: LibraryIndex) -> None:
    (hit,) = await index.search("knead dough", limit=5)
    page = await index.page(hit.url)
    assert hit.url == page.url == "/library/kitchen/bread"
    assert (page.title, page.text, page.via) == ("Bread", BREAD.text, "library")
    assert page.site == "library: kitchen"
    assert hit.snippet.startswith("Knead the dough")


@pytest.mark.parametrize(
    "url", ["/library/kitchen/cake", "/library/nowhere/bread", "http://example.org/"]
)
async def test_an_unknown_address_has_no_page(index: LibraryIndex, url: str) -> None:
    with pytest.raises(UnknownDocument):
        await index.page(url)


async def test_names_beyond_ascii_come_back_from_their_address(index: LibraryIndex) -> None:
    await index.put("kitchen", document("brötchen-größe 1", "Brötchen", "Semmeln und Brötchen."))
    (hit,) = await index.search("Brötchen", limit=3)
    assert hit.url.isascii()
    assert index.owns(hit.url)
    assert (await index.page(hit.url)).title == "Brötchen"


async def test_what_is_put_again_takes_the_place_of_the_old(index: LibraryIndex) -> None:
    await index.put("kitchen", document("bread", "Cake", "Whip the cream."))
    assert await index.search("dough", limit=5) == ()
    assert [hit.title for hit in await index.search("cream", limit=5)] == ["Cake"]
    assert [one.documents for one in await index.collections()] == [1, 1]


# --- searching ----------------------------------------------------------------


async def test_all_own_collections_or_those_that_are_named(index: LibraryIndex) -> None:
    await index.put("papers", document("note", "Note", "Dough is in the fridge."))
    search = LibrarySearch(index)
    everywhere = await search.search(Query(text="dough"), limit=5)
    papers = await search.search(Query(text="dough", collection=("papers",)), limit=5)
    assert {hit.url for hit in everywhere} == {"/library/kitchen/bread", "/library/papers/note"}
    assert [hit.url for hit in papers] == ["/library/papers/note"]
    assert await search.search(Query(text="dough", collection=("nowhere",)), limit=5) == ()


async def test_the_starter_is_searched_only_where_it_is_named(index: LibraryIndex) -> None:
    search = LibrarySearch(index)
    question = "how does the with statement work"
    assert await search.search(Query(text=question), limit=5) == ()
    (hit,) = await search.search(Query(text="with statement", collection=(STARTER,)), limit=5)
    assert hit.url == "/library/starter/topic-with"
    assert (await index.page(hit.url)).site == "starter collection"


async def test_a_query_for_sites_finds_nothing(index: LibraryIndex) -> None:
    for search in (LibrarySearch(index), StarterSearch(index, ready)):
        text = "dough" if search.name == "library" else "with statement"
        assert await search.search(Query(text=text, site=("example.org",)), limit=5) == ()
        assert await search.search(Query(text=text), limit=5)


async def test_at_most_so_many_hits_each_document_once_best_first(index: LibraryIndex) -> None:
    long = "\n\n".join(["The oven is hot. " + "Other words stand here. " * 30] * 6)
    await index.put("kitchen", document("long", "Long", long))
    await index.put("kitchen", document("oven", "Oven", "The oven."))
    hits = await index.search("oven", limit=5)
    assert [hit.title for hit in hits] == ["Oven", "Long"]
    assert len(await index.search("oven", limit=1)) == 1


async def test_a_long_document_is_found_by_its_best_passage(index: LibraryIndex) -> None:
    filler = "\n\n".join(f"Paragraph {n} is about nothing at all. " * 8 for n in range(80))
    text = f"{filler}\n\nThe marmot hibernates for seven months.\n\n{filler}"
    await index.put("kitchen", document("long", "Long", text))
    (hit,) = await index.search("marmot hibernation", limit=5)
    assert hit.title == "Long"
    words = "Paragraph 79"
    assert "marmot" in hit.snippet or words in hit.snippet


@pytest.mark.parametrize(
    "text", ["", "   ", '"', "' OR 1=1 --", "NEAR(a b)", "title:*", "the of and", "-", "\0", "AND"]
)
async def test_no_text_is_taken_for_the_language_of_the_index(
    index: LibraryIndex, text: str
) -> None:
    for search in (LibrarySearch(index), StarterSearch(index, ready)):
        assert await search.search(Query(text=text), limit=5) == ()


# --- the vocabulary gate --------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("how does the with statement work", ["topic-with", "module-wait"]),
        ("how do I iterate over a list", ["topic-for"]),
        ("how do I iterate over a giraffe", []),
        ("what is it for", []),
        ("what does for do in Python", ["topic-for"]),
        ('what does "with" mean', ["topic-with"]),
        ("zxqv blorptang mumblefrotz", []),
        ("list statement block execution elements", []),
    ],
)
async def test_the_starter_answers_only_what_it_can_know(
    index: LibraryIndex, question: str, found: list[str]
) -> None:
    hits = await StarterSearch(index, ready).search(Query(text=question), limit=5)
    slugs = [hit.url.rpartition("/")[2] for hit in hits]
    assert slugs[:1] == found[:1]
    assert set(slugs) <= set(found)


async def test_other_collections_are_not_the_starters_business(index: LibraryIndex) -> None:
    search = StarterSearch(index, ready)
    query = Query(text="with statement", collection=("kitchen",))
    assert await search.search(query, limit=5) == ()
    assert await search.search(Query(text="with statement", collection=(STARTER,)), limit=5)


async def test_a_search_waits_for_the_build_but_not_for_ever(index: LibraryIndex) -> None:
    async def never() -> None:
        await anyio.sleep_forever()

    counts: list[int] = []
    built = anyio.Event()
    search = StarterSearch(index, never, wait_seconds=0.05)
    with pytest.raises(ProviderUnavailable) as raised:
        await search.search(Query(text="with statement"), limit=5)
    assert raised.value.code == "timeout"
    async with anyio.create_task_group() as group:
        waiting = StarterSearch(index, built.wait)

        async def ask() -> None:
            counts.append(len(await waiting.search(Query(text="with statement"), limit=5)))

        group.start_soon(ask)
        await anyio.wait_all_tasks_blocked()
        assert not counts
        built.set()
    assert counts == [1]


# --- collections -------------------------------------------------------------------


async def test_collections_are_listed_and_removed(index: LibraryIndex) -> None:
    listed = await index.collections()
    assert [(one.name, one.documents, one.characters) for one in listed] == [
        ("kitchen", 1, len(BREAD.text)),
        ("papers", 1, len(FRIDGE.text)),
    ]
    assert [one.url for one in await index.documents("kitchen")] == ["/library/kitchen/bread"]
    assert await index.remove("kitchen") == 1
    assert [one.name for one in await index.collections()] == ["papers"]
    assert await index.search("dough", limit=5) == ()
    assert await index.search("fridge", limit=5)


@pytest.mark.parametrize("name", ["nowhere", STARTER, ""])
async def test_an_unknown_collection_is_not_removed(index: LibraryIndex, name: str) -> None:
    with pytest.raises(UnknownDocument, match="no collection"):
        await index.remove(name)


@pytest.mark.parametrize("name", ["", STARTER, "a/b", "..", ".hidden", "x" * 65, "ö", "a b"])
async def test_what_cannot_be_a_name_is_refused(index: LibraryIndex, name: str) -> None:
    with pytest.raises(BadQuestion):
        await index.put(name, BREAD)
    await index.put("a-good.name_1", BREAD)


async def test_putting_never_leaves_words_of_the_old_behind(index: LibraryIndex) -> None:
    for _ in range(3):
        await index.put("kitchen", BREAD)

    def counts() -> tuple[int, ...]:
        with session(index.path) as connection:
            return tuple(
                connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
                for table in ("own_stems", "starter_stems", "passages", "documents")
            )

    assert await anyio.to_thread.run_sync(counts) == (2, 3, 5, 5)
