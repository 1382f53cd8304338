"""A section whose sentence names several things answers who asks for them, and for no others."""

from __future__ import annotations

import pytest

from codexity.adapters.rank.bm25 import Bm25
from codexity.model import Evidence, Limits, Page
from codexity.stages.choose import choose
from codexity.stages.chunk import chunk
from codexity.stages.quote import quote
from codexity.stages.quote.enumerating import enumerates
from codexity.stages.quote.kinds import asks_for_many
from codexity.stages.quote.named import named
from codexity.stages.quote.ranking import Ranking
from drafted import heading, items, page, prose

LIMITS = Limits()


async def found(question: str, *pages: Page) -> tuple[Evidence, ...]:
    passages = [one for read in pages for one in chunk(read, words=LIMITS.passage_words)]
    ranker = Bm25()
    return tuple(await choose(question, passages, ranker=ranker, limits=LIMITS, max_sources=5))


async def answered(question: str, *pages: Page) -> str:
    said = quote(question, await found(question, *pages), limits=LIMITS)
    return "".join(f"{one.before}{one.text}" for one in said)


MUSEUM = page(
    "museum",
    "Lighthouse museum",
    heading("Lighthouse museum"),
    prose("The lighthouse was built of granite and may be visited all year."),
    heading("3. Tickets", 2),
    prose("The desk sells them. There are day tickets, family tickets and school passes."),
    heading("Trustees", 2),
    prose("They meet twice a year. At present: Orla Finn (chair), Magnus Bly, Tove Aker."),
    heading("Visitor diary", 2),
    prose("Weather, number of guests, what was broken. It lies on the desk."),
    heading("Foghorn", 2),
    prose("240 kg, 3 m long, heard for 12 miles."),
    heading("Not in the tower", 2),
    prose("Dogs, prams, ice cream. Bags stay at the desk."),
    heading("Sunday guides", 2),
    *items("3 May: Orla", "10 May: Magnus"),
    heading("7 Gales", 2),
    prose("Close the shutters. Ring the coast guard, then go down."),
    heading("Before each opening", 2),
    *items("Sweep the stairs.", "Light the lamp.", "Unlock the gate."),
    heading("Calls", 2),
    prose("Who rings: Tove, on Mondays."),
)


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("kinds of tickets", "There are day tickets, family tickets and school passes."),
        (
            "what types of tickets are there",
            "There are day tickets, family tickets and school passes.",
        ),
        ("who are the trustees", "At present: Orla Finn (chair), Magnus Bly, Tove Aker."),
        (
            "what has to be noted in the visitor diary",
            "Weather, number of guests, what was broken.",
        ),
        ("what must not go into the lighthouse", "Dogs, prams, ice cream. Bags stay at the desk."),
        ("what is forbidden in the lighthouse", "Dogs, prams, ice cream. Bags stay at the desk."),
        ("who guides on Sundays", "Sunday guides:\n- 3 May: Orla\n- 10 May: Magnus"),
        (
            "how does the museum deal with gales",
            "Close the shutters. Ring the coast guard, then go down.",
        ),
        (
            "what has to be done before the lighthouse is opened",
            "Before each opening:\n- Sweep the stairs.\n- Light the lamp.\n- Unlock the gate.",
        ),
    ],
)
async def test_a_section_that_names_them_answers(question: str, said: str) -> None:
    assert await answered(question, MUSEUM) == said


@pytest.mark.parametrize(
    "question",
    [
        "what does the foghorn sound like",
        "who are the trustees of the ferry and of the foghorn",
        "which tickets did Magnus lose on the ferry",
        "what may be taken into the tower",
    ],
)
async def test_no_section_answers_what_it_does_not_name(question: str) -> None:
    evidence = await found(question, MUSEUM)
    assert named(Ranking(question, evidence), evidence) == ()


@pytest.mark.parametrize(
    ("text", "does"),
    [
        ("Kettles, mended pots, scales.", True),
        ("Smoking; dogs; open fire (candles, too).", True),
        ("We take rags, bottles and old iron, all washed.", True),
        ("It was late, so we went home, and nobody sang.", False),
        ("Rags and bottles.", False),
        ("2 m wide, 4 m long, 300 kg.", False),
        ("Claims: report within a week, keep the shards, take photographs.", False),
        (
            "The council, which had met in March to talk of the road, was, by then, in debt.",
            False,
        ),
    ],
)
def test_an_enumeration_is_told(text: str, does: bool) -> None:
    assert enumerates(text) is does


def test_a_label_in_front_is_allowed_where_persons_are_asked_for() -> None:
    assert enumerates("Present: Ann, Bo, Cy", labelled=True)
    assert not enumerates("Present: Ann, Bo, Cy")


@pytest.mark.parametrize(
    ("question", "many"),
    [
        ("which rubbish goes into which bin", True),
        ("which shelves are free", True),
        ("what time does the ferry leave", False),
        ("what happens to a dog", False),
        ("what goes on in there", False),
    ],
)
def test_many_things_are_asked_for(question: str, many: bool) -> None:
    assert asks_for_many(question) is many
