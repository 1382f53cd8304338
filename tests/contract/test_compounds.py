"""Compounds of German and its like are found by their parts, in both directions."""

from __future__ import annotations

from pathlib import Path

import pytest

from codexity.adapters.library.index import LibraryIndex
from codexity.adapters.rank.bm25 import Bm25
from codexity.analysis.parts import marked, parted
from codexity.model import Page
from codexity.stages.chunk import chunk
from codexity.stages.cover import cover
from codexity.text import stemmed_in
from finding.sets import Short, indexed

OTHERS = (
    Short(key="brot", title="Brot", text="Das Brot wird mit Roggen und Hefe am Abend gebacken."),
    Short(key="kerk", title="Kerk", text="De kerk is op maandag gesloten en het orgel is stil."),
    Short(key="kyrka", title="Kyrka", text="Den gamla kyrkan är stängd och klockan slår inte."),
    Short(key="talo", title="Talo", text="Vanha talo on punainen ja se on meren rannalla."),
)
PAIRS = [
    (
        "bäume pflanzen",
        "Nadelbäume und Pappeln dürfen in den Gärten nicht gepflanzt werden, auch nicht am Weg.",
    ),
    ("trocknerpreis", "Der Preis für den Trockner ist ein Euro und wird in die Dose gelegt."),
    ("pacht kündigen", "Das Pachtverhältnis wird bis zum August gekündigt und endet im Herbst."),
    ("kündigung pachtvertrag", "Wer den Vertrag über die Pacht kündigt, ist im Herbst frei."),
    ("parkeringsplats", "Det finns en plats för parkering bakom huset och den är gratis."),
    ("plats", "Det finns två parkeringsplatser bakom huset och de är gratis."),
    ("prijs huur", "De huurprijs van de zaal is veertig euro en wordt niet met korting verlaagd."),
    ("huurprijs", "De prijs voor de huur van de zaal is veertig euro en niet hoger."),
    ("sopimus", "Uusi vuokrasopimus on laatikossa ja se on voimassa, mutta vanha ei ole."),
]


@pytest.mark.parametrize(("question", "text"), PAIRS)
async def test_a_compound_is_found_by_its_parts_and_they_by_it(
    tmp_path: Path, question: str, text: str
) -> None:
    index = LibraryIndex(tmp_path / "library.db")
    await indexed(index, (*OTHERS, Short(key="right", title="", text=text)))
    hits = await index.search(question, limit=3)
    assert hits
    assert hits[0].url.endswith("/right")


@pytest.mark.parametrize(("question", "text"), PAIRS)
async def test_the_ranker_and_the_gate_know_them_too(question: str, text: str) -> None:
    language = stemmed_in(text, None)
    pages = [
        Page(url=f"/library/a/{at}", title="", text=one, language=language, via="library")
        for at, one in enumerate((text, *(other.text for other in OTHERS)))
    ]
    passages = [one for page in pages for one in chunk(page, words=150)]
    scores = await Bm25().scores(question, passages)
    assert scores[0] == max(scores) > 0
    if " " in question or text.find(question) > 0:
        assert cover(question, passages[:1]).answers


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("sicherung", "Die Versicherung wird im Mai bezahlt und gilt für das ganze Haus."),
        ("beit", "Die Arbeit an der Hütte ist im Mai fertig und wird nicht verschoben."),
        ("heit", "Die Gesundheit ist das Wichtigste und sie wird nicht bezahlt."),
    ],
)
async def test_what_is_no_part_is_not_found(tmp_path: Path, question: str, text: str) -> None:
    index = LibraryIndex(tmp_path / "library.db")
    await indexed(index, (*OTHERS, Short(key="wrong", title="", text=text)))
    assert await index.search(question, limit=3) == ()


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("trocknerpreis", "Der Trockner steht im Keller und wird mit der Karte bedient."),
        ("hausmeisterwohnung", "Der Hausmeister wird im Mai gewählt und hat nicht viel zu tun."),
        ("fietsenstalling", "De fietsen van de kinderen worden in het huis van de buren gezet."),
    ],
)
def test_the_front_of_a_compound_is_not_what_is_asked_for(question: str, text: str) -> None:
    page = Page(url="/library/a/b", title="", text=text, language=stemmed_in(text, None))
    assert not cover(question, chunk(page, words=150)).answers


async def test_a_hyphen_stands_for_the_end_of_the_word_behind(tmp_path: Path) -> None:
    text = "An Sonn- und Feiertagen wird nicht gemäht, und an Werktagen nur bis zum Abend."
    index = LibraryIndex(tmp_path / "library.db")
    await indexed(index, (*OTHERS, Short(key="right", title="", text=text)))
    (hit,) = await index.search("sonntag", limit=3)
    assert hit.url.endswith("/right")


@pytest.mark.parametrize(
    ("word", "pair"),
    [
        ("Hoffest", ("hof", "fest")),
        ("haustürschlüssel", ("haustür", "schlüssel")),
        ("båtplats", ("båt", "plats")),
        ("fietsenstalling", ("fietsen", "stalling")),
        ("vuokrasopimus", ("vuokra", "sopimus")),
    ],
)
def test_a_word_is_parted_where_a_word_may_begin(word: str, pair: tuple[str, str]) -> None:
    assert pair in list(parted(word))


@pytest.mark.parametrize("word", ["versicherung", "kurz", "x" * 100, "a1b2c3d4e5", "zusammen"])
def test_a_word_that_is_none_is_left_whole(word: str) -> None:
    assert not {("ver", "sicherung"), ("zu", "sammen")} & set(parted(word))
    assert len(list(parted(word))) < 6


def test_english_has_no_such_parts() -> None:
    assert list(marked("The landlord of the boathouse", "")) == []
