"""A row or an item that speaks of what is asked is said before sentences that do not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from codexity.adapters.rank.bm25 import Bm25
from codexity.model import Evidence, Limits, Page
from codexity.stages.choose import choose
from codexity.stages.chunk import chunk
from codexity.stages.quote import quote
from drafted import heading, items, page, pairs, prose, table

LIMITS = Limits()


async def asked(question: str, holds: Page) -> tuple[Evidence, list[str]]:
    passages = chunk(holds, words=LIMITS.passage_words)
    evidence = await choose(question, passages, ranker=Bm25(), limits=LIMITS, max_sources=5)
    return evidence[0], [one.text for one in quote(question, evidence, limits=LIMITS)]


STABLE = page(
    "stable",
    "Der Reitstall",
    heading("Der Reitstall"),
    prose("Die Pferde stehen im Sommer auf der Weide hinter dem Hof und im Winter im Stall."),
    *table(("Leistung", "Beitrag"), ("Futter", "31 Euro"), ("Hufschmied", "64 Euro")),
    prose("Die Gebühren der Reitschüler sind für das ganze Jahr zu zahlen."),
)
CHOIR = page(
    "choir",
    "Хор завода",
    heading("Хор завода"),
    prose("Мы поём в зале на втором этаже, и каждый может прийти и послушать."),
    *items("Дирижёр: Вера Ким", "Аккомпаниатор: Лев Дуб"),
)
BATH = page(
    "bath",
    "銭湯のご案内",
    heading("銭湯のご案内"),
    prose("当館は川の東側にあり、橋を渡ってすぐの赤い建物です。"),
    *items("石鹸は受付で売っています", "回数券は半年間使えます"),
)
FERRY = page(
    "ferry",
    "The ferry of Skaw",
    heading("The ferry of Skaw"),
    prose("It has been on the strait since the bridge was given up by the county long ago."),
    *pairs(bicycle="15 crowns", trailer="90 crowns"),
)


@pytest.mark.parametrize(
    ("question", "holds", "said", "quoted"),
    [
        (
            "Was kostet das Futter?",
            STABLE,
            "Leistung: Futter, Beitrag: 31 Euro",
            "Futter 31 Euro",
        ),
        (
            "Welche Summe will der Hufschmied?",
            STABLE,
            "Leistung: Hufschmied, Beitrag: 64 Euro",
            "Hufschmied 64 Euro",
        ),
        (
            "Как зовут дирижёра?",
            CHOIR,
            "Хор завода: Дирижёр: Вера Ким",
            "Дирижёр: Вера Ким",
        ),
        (
            "回数券はいつまで有効ですか",
            BATH,
            "銭湯のご案内: 回数券は半年間使えます",
            "回数券は半年間使えます",
        ),
        (
            "What do you want for taking a trailer across?",
            FERRY,
            "The ferry of Skaw: trailer: 90 crowns",
            "trailer 90 crowns",
        ),
    ],
)
async def test_what_speaks_of_what_is_asked_is_said_and_quoted(
    question: str, holds: Page, said: str, quoted: str
) -> None:
    source, answer = await asked(question, holds)
    assert said in answer
    assert source.source.quote == quoted


async def test_a_sentence_that_speaks_of_it_is_still_said() -> None:
    _, answer = await asked("Wo stehen die Pferde im Winter?", STABLE)
    assert answer[0].startswith("Die Pferde stehen im Sommer auf der Weide")


OUTING = page(
    "outing",
    "The outing",
    heading("The outing"),
    prose("At the last outing we missed candles, and candles are what every outing needs most."),
    heading("Bring along", 2),
    *items("eight candles", "a drum"),
)


async def test_a_sentence_without_a_number_does_not_silence_the_item_that_has_it() -> None:
    _, answer = await asked("How many candles are needed for the outing?", OUTING)
    assert "Bring along: eight candles" in answer


async def test_a_sentence_with_the_number_comes_before_an_item_that_holds_less() -> None:
    told = page(
        "told",
        "The outing",
        heading("The outing"),
        prose("For the outing to the caves twelve candles are needed."),
        *items("candles, six of them in red"),
    )
    _, answer = await asked("How many candles are needed for the outing to the caves?", told)
    assert answer == ["For the outing to the caves twelve candles are needed."]


@pytest.mark.parametrize(
    ("question", "text", "language", "good"),
    [
        (
            "Gebührenhöhe Fristen",
            (
                "Der Garten ist klein und liegt am Fluss, und man darf dort auch grillen.\n\n"
                "Die Frist für den Garten endet im März, und sie wird nicht verlängert."
            ),
            "de",
            "Die Frist für den Garten",
        ),
        (
            "Chevaux écurie",
            (
                "La maison est vieille, et les murs sont de pierre depuis trois siècles.\n\n"
                "Un cheval de la ferme est mort en hiver, et il est enterré derrière la grange."
            ),
            "fr",
            "Un cheval",
        ),
        (
            "Lupy skladované",
            (
                "Dům stojí na kopci a je vidět z dálky, když je v zimě jasno.\n\n"
                "Lupa leží ve skříni u okna, a klíč je u paní ředitelky."
            ),
            "cs",
            "Lupa",
        ),
    ],
)
async def test_a_word_in_another_form_is_found_in_the_language_of_the_page(
    question: str, text: str, language: str, good: str
) -> None:
    told = Page(url="https://a.example/", title="Notes", text=text, language=language)
    source, answer = await asked(question, told)
    assert any(one.startswith(good) for one in answer)
    assert source.source.quote.startswith(good)


async def test_in_another_language_the_forms_are_different_words() -> None:
    """The control: English knows no `Fristen` of `Frist`."""
    text = (
        "Fristen was a hamlet in the hills of the far north.\n\n"
        "Frist was another one, by the sea, and it had a mill."
    )
    source, _ = await asked("Frist", Page(url="https://a.example/", title="N", text=text))
    assert source.source.quote.startswith("Frist was")


def test_a_passage_has_the_stems_of_its_pages_language() -> None:
    bare = Page(url="https://a.example/", title="Notes", text="Häuser, Bäume, Wälder")
    german = replace(bare, language="de")
    (plain,), (own,) = (chunk(one, words=150) for one in (bare, german))
    assert {"haus", "wald"} <= set(own.stems)
    assert not {"haus", "wald"} & set(plain.stems)


NOTES = page(
    "notes",
    "Notes on the beacon",
    heading("Notes on the beacon"),
    prose("Start the lamp:"),
    prose("./lamp start --watts 60"),
    prose("The lamp was a gift, and how to start the lamp was a riddle to all of us for years."),
    prose("LAMP_COLOUR green seen from the sea"),
    prose("LAMP_PERIOD 9 seconds from flash to flash"),
    prose("LAMP_HEIGHT 22 metres above the water"),
)


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("How do I start the lamp?", "Start the lamp: ./lamp start --watts 60"),
        ("What is LAMP_COLOUR?", "Notes on the beacon: LAMP_COLOUR green seen from the sea"),
        (
            "What is LAMP_PERIOD set to?",
            "Notes on the beacon: LAMP_PERIOD 9 seconds from flash to flash",
        ),
        ("What is LAMP_HEIGHT?", "Notes on the beacon: LAMP_HEIGHT 22 metres above the water"),
    ],
)
async def test_a_short_line_of_plain_text_is_an_answer(question: str, said: str) -> None:
    _, answer = await asked(question, NOTES)
    assert said in answer


async def test_a_short_line_above_a_sentence_is_its_heading() -> None:
    told = page(
        "told",
        "Beacon",
        heading("Beacon"),
        prose("The colour of the lamp"),
        prose("It was green for as long as anybody on the island can remember."),
    )
    _, answer = await asked("What is the colour of the lamp?", told)
    assert answer == [
        "The colour of the lamp: It was green for as long as anybody on the island can remember."
    ]
