"""What the library finds: words in any spelling, late passages, and where they stand."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from codexity.adapters.library.documents import Document, sliced, title_stems
from codexity.adapters.library.index import LibraryIndex
from codexity.adapters.search.library import LibrarySearch
from codexity.model import Block, Query
from codexity.text import stemmed_in


def document(
    title: str, text: str, *, blocks: tuple[Block, ...] = (), page_starts: tuple[int, ...] = ()
) -> Document:
    language = stemmed_in(text, None)
    return Document(
        slug=title.lower().replace(" ", "-"),
        title=title,
        title_stems=title_stems(title, "", language),
        text=text,
        slices=sliced(text, language),
        language=language,
        blocks=blocks,
        page_starts=page_starts,
    )


@pytest.fixture
def index(tmp_path: Path) -> LibraryIndex:
    return LibraryIndex(tmp_path / "data" / "library.db")


TEXTS = {
    "Gasthof": "Der Gasthof Schäfer an der Großen Straße hat zwölf Häuser und keinen Garten.",
    "Verger": "Les chevaux mangent des pommes dans le verger des Lefèvre.",
    "果园": "果园里的梨树今年结了很多果。看门的是一只鹅。",
    "やま": "山小屋は十月に閉まります。鍵は役場にあります。",
    "정원": "정원에는 사과나무가 세 그루 있습니다.",
    "ตลาด": "ตลาดนัดเปิดทุกวันเสาร์ตอนเช้า",
    "Сад": "Яблони в саду цветут весной. Ключи у сторожа.",
    "Sharp": "The tool is written in C#.",
    "Plain": "The driver is in C, and C is what the board wants. All in C.",
    "Office": "Please send an e-mail. The file name is on the vue.js page. Set it up, then log in.",
    "Byen": "Firmaet Sørensen er i Ålborg, og det er ikke til salg. Butikken er lukket.",
    "Staden": "Firman Sjöberg är i Göteborg, och den är inte till salu. Butiken är stängd.",
    "Grad": "Djokovic i Đurić su vlasnici kafane.",
    "Numbers": "A rope of 12,500 metres and a Q&A at noon.",
}


@pytest.mark.parametrize(
    ("asked", "title"),
    [
        ("Schafer", "Gasthof"),
        ("SCHÄFER", "Gasthof"),
        ("Grosse Strasse", "Gasthof"),
        ("Schaefer", "Gasthof"),
        ("Haeuser", "Gasthof"),
        ("Soerensen", "Byen"),
        ("Aalborg", "Byen"),
        ("Goeteborg", "Staden"),
        ("Sjoberg", "Staden"),
        ("Đoković", "Grad"),
        ("Djuric", "Grad"),
        ("Haus", "Gasthof"),
        ("cheval", "Verger"),
        ("pomme", "Verger"),
        ("Lefevre", "Verger"),
        ("梨树", "果园"),
        ("鹅", "果园"),
        ("梨树结果了吗？", "果园"),
        ("山小屋", "やま"),
        ("鍵はどこにありますか", "やま"),
        ("사과나무", "정원"),
        ("정원", "정원"),
        ("วันเสาร์", "ตลาด"),
        ("яблоня", "Сад"),
        ("ключ", "Сад"),
        ("C#", "Sharp"),
        ("C", "Plain"),
        ("email", "Office"),
        ("e mail", "Office"),
        ("filename", "Office"),
        ("vuejs", "Office"),
        ("setup", "Office"),
        ("login", "Office"),
        ("12500", "Numbers"),
        ("q&a", "Numbers"),
    ],
)
async def test_the_first_hit_is_the_document_that_has_the_word(
    index: LibraryIndex, asked: str, title: str
) -> None:
    for name, text in TEXTS.items():
        await index.put("mixed", document(name, text))
    hits = await index.search(asked, collections=("mixed",), limit=3)
    assert hits[0].title == title


@pytest.mark.parametrize("asked", ["Kirche", "桃树", "도서관", "слон", "F#", "carpet"])
async def test_what_no_document_has_is_not_found(index: LibraryIndex, asked: str) -> None:
    for name, text in TEXTS.items():
        await index.put("mixed", document(name, text))
    assert await index.search(asked, limit=3) == ()


@pytest.mark.parametrize("asked", ["鹅可以从哪个门看", "谁的鹅", "鹅是什么"])
async def test_single_characters_of_a_question_may_be_its_words(
    index: LibraryIndex, asked: str
) -> None:
    for name, text in TEXTS.items():
        await index.put("mixed", document(name, text))
    assert [hit.title for hit in await index.search(asked, limit=3)] == ["果园"]


LONG = "\n\n".join(f"The log of hour {n}: pump, valve and lamp were seen to." for n in range(9_000))


async def test_the_end_of_a_long_document_is_found(index: LibraryIndex) -> None:
    end = "The password of the shed is heron."
    await index.put("logs", document("Log", f"{LONG}\n\n{end}"))
    (hit,) = await index.search("password of the shed", limit=3)
    assert hit.at is not None
    assert end[hit.at - len(LONG) - 2 :].startswith("password")
    assert end in hit.snippet


async def test_a_long_document_leaves_room_for_others(index: LibraryIndex) -> None:
    await index.put("logs", document("Pump log", LONG))
    await index.put("logs", document("Note", f"{'Nothing of this is new. ' * 20} A lamp."))
    hits = await index.search("lamp", limit=2)
    assert {hit.title for hit in hits} == {"Pump log", "Note"}


async def test_a_collection_is_searched_as_fast_as_all(index: LibraryIndex) -> None:
    await index.put("logs", document("Log", LONG))
    await index.put("other", document("Other", "A lamp."))

    async def best(collections: tuple[str, ...]) -> float:
        times: list[float] = []
        for _ in range(3):
            begin = time.perf_counter()
            assert await index.search("lamp valve", collections=collections, limit=1)
            times.append(time.perf_counter() - begin)
        return min(times)

    assert await best(("logs",)) < 5 * await best(()) + 0.05


@pytest.mark.parametrize(("before", "behind"), [(0, 0), (0, 900), (300, 0), (440, 430)], ids=str)
async def test_the_snippet_is_of_what_was_found(
    index: LibraryIndex, before: int, behind: int
) -> None:
    some = "and so it went on with other things "
    text = f"{(some * 30)[:before]} the heron sleeps {(some * 30)[:behind]}".strip()
    await index.put("notes", document("Note", text))
    (hit,) = await index.search("heron", limit=1)
    assert "the heron sleeps" in hit.snippet
    assert len(hit.snippet) <= 404
    assert hit.at == text.index("heron")
    assert hit.snippet.startswith("… ") is (before == 440)
    assert hit.snippet.endswith(" …") is (behind > 0)


async def test_a_hit_has_its_place(index: LibraryIndex) -> None:
    text = "Boats\n\nAll of them.\n\nWinter\n\nThe heron sleeps."
    heads = (("Boats", 1), ("Winter", 2))
    blocks = tuple(
        Block(kind="heading", start=text.index(one), end=text.index(one) + len(one), level=level)
        for one, level in heads
    )
    await index.put("notes", document("Boats", text, blocks=blocks, page_starts=(0, 21)))
    (late,) = await index.search("heron", limit=1)
    place = await index.place(late)
    assert (place.headings, place.page) == (("Boats", "Winter"), 2)


async def test_without_headings_and_pages_a_hit_has_no_place(index: LibraryIndex) -> None:
    await index.put("notes", document("Note", "The heron sleeps."))
    (hit,) = await index.search("heron", limit=1)
    place = await index.place(hit)
    assert (place.headings, place.page) == ((), None)
    await index.remove("notes")
    assert (await index.place(hit)).headings == ()


@pytest.mark.parametrize(
    "asked",
    [
        "lamp " * 2_000,
        "lamp "
        + " ".join(f"abcdefghij{chr(97 + n % 26)}klmnopqr{'x' * (n % 9)}" for n in range(90)),
        '"lamp" OR * ^ : ( NEAR',
        "lamp \x00 \ud800 '",
        "lamp " + "字" * 500,
        "lamp == -- && ** _ __",
    ],
)
async def test_no_question_is_too_odd_to_be_looked_for(index: LibraryIndex, asked: str) -> None:
    await index.put("logs", document("Log", "A lamp."))
    assert [hit.title for hit in await index.search(asked, limit=3)] == ["Log"]


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("how deep is the resevoir", {"resevoir": "reservoir"}),
        ("where is the resrevoir", {"resrevoir": "reservoir"}),
        ("what may pasengers bring", {"pasengers": "passengers"}),
        ("when does Ostertag dive", {}),
        ("when does Ostertagg dive", {"Ostertagg": "Ostertag"}),
        ("how deep is the reservoir", {}),
        ("where is the helicopter", {}),
    ],
)
async def test_a_word_that_no_document_has_is_held_against_those_that_they_have(
    index: LibraryIndex, asked: str, meant: dict[str, str]
) -> None:
    text = "The reservoir is nine metres deep. Birgit Ostertag dives there; passengers may swim."
    await index.put("notes", document("Water", text))
    assert await index.meant(asked) == meant


async def test_a_slip_finds_what_was_meant_and_a_name_stays(index: LibraryIndex) -> None:
    await index.put("notes", document("Water", "The reservoir is deep. Birgit Ostertag dives."))
    search = LibrarySearch(index)
    found = await search.search(Query(text="resevoir"), limit=3)
    assert [hit.title for hit in found] == ["Water"]
    assert not await search.search(Query(text="Ostertagg"), limit=3)


@pytest.mark.parametrize(
    ("before", "asked", "after", "meant"),
    [
        ("The reservoir is deep.", "resevoir", "The reaktor is warm.", {}),
        ("The reservoir is deep.", "a reakctor", "The reaktor is warm.", {"reakctor": "reaktor"}),
        ("The zebulon is deep.", "a zwoorkin", "The zworkin is warm.", {"zwoorkin": "zworkin"}),
    ],
)
async def test_what_is_meant_follows_the_documents(
    index: LibraryIndex, before: str, asked: str, after: str, meant: dict[str, str]
) -> None:
    """Another text in the place of the last one has as many passages as that had."""
    await index.put("notes", document("Note", before))
    first = await index.meant(asked)
    await index.put("notes", document("Note", after))
    assert await index.meant(asked) == meant != first


@pytest.mark.parametrize("letters", ["resevoir", "reservior", "rezervoir"])
async def test_a_slip_is_found_among_many_words_of_its_letter(
    index: LibraryIndex, letters: str
) -> None:
    many = " ".join(f"r{one}{other}{one}" for one in "abcdefghij" for other in "klmnopqrst")
    await index.put("notes", document("Many", many), document("Water", "The reservoir is deep."))
    assert await index.meant(letters) == {letters: "reservoir"}
