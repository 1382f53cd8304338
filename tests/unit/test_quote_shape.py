"""How an answer without a model stands: steps, lists, rows, versions, and what leans on another."""

from __future__ import annotations

from dataclasses import replace

import pytest

from codexity.adapters.extract.blocks import Draft
from codexity.adapters.rank.bm25 import Bm25
from codexity.model import Limits, Page
from codexity.stages.choose import choose
from codexity.stages.chunk import chunk
from codexity.stages.quote import quote
from drafted import heading, items, page, prose, table

LIMITS = Limits()


async def answered(question: str, *pages: Page) -> str:
    passages = [one for read in pages for one in chunk(read, words=LIMITS.passage_words)]
    evidence = await choose(question, passages, ranker=Bm25(), limits=LIMITS, max_sources=5)
    said = quote(question, evidence, limits=LIMITS)
    return "".join(f"{one.before}{one.text}" for one in said)


def steps(*texts: str) -> tuple[Draft, ...]:
    return tuple(
        Draft(text=text, kind="item", level=1, marker=f"{at}.") for at, text in enumerate(texts, 1)
    )


KILN = page(
    "kiln",
    "The kiln",
    heading("The kiln"),
    prose("The kiln was bought in 2012 and is lit on Saturdays."),
    heading("Lighting the kiln", 2),
    *steps("Open the damper.", "Fill the box with birch.", "Close the door."),
    heading("Cleaning the flue", 2),
    *steps("Let it cool for a day.", "Brush the flue from above."),
    heading("What to bring", 2),
    *items("gloves", "an apron", "glasses"),
    heading("Shelves", 2),
    *table(
        ("shelf", "takes plates", "height"),
        ("upper", "yes", "20 cm"),
        ("middle", "no", "30 cm"),
        ("lower", "yes", "25 cm"),
    ),
)


@pytest.mark.parametrize(
    ("question", "said"),
    [
        (
            "How do I light the kiln?",
            (
                "Lighting the kiln:\n1. Open the damper.\n2. Fill the box with birch."
                "\n3. Close the door."
            ),
        ),
        (
            "how to clean the flue of the kiln",
            "Cleaning the flue:\n1. Let it cool for a day.\n2. Brush the flue from above.",
        ),
        ("What should I bring to the kiln?", "What to bring:\n- gloves\n- an apron\n- glasses"),
        (
            "Which shelf takes plates?",
            (
                "- shelf: upper, takes plates: yes, height: 20 cm"
                "\n- shelf: lower, takes plates: yes, height: 25 cm"
            ),
        ),
    ],
)
async def test_what_has_several_parts_is_said_as_a_list(question: str, said: str) -> None:
    assert await answered(question, KILN) == said


async def test_a_fact_beside_steps_is_no_list() -> None:
    said = await answered("When was the kiln bought?", KILN)
    assert said.startswith("The kiln was bought in 2012")
    assert "\n1." not in said


@pytest.mark.parametrize(
    "leaning", ["It is 214 metres long.", "This spans 214 metres.", "They are 214 metres."]
)
async def test_what_leans_on_its_neighbour_brings_it(leaning: str) -> None:
    text = f"The pier of Holm stands on oak piles. {leaning} Gulls nest below."
    said = await answered("How many metres has the pier of Holm?", page("a", "Holm", prose(text)))
    assert said.startswith(f"The pier of Holm stands on oak piles. {leaning}")


RULES = "Guests may stay for {days} nights in the hut without a card."


@pytest.mark.parametrize(
    ("older", "newer"),
    [
        ("Rules of the hut 2021", "Rules of the hut 2023"),
        ("Hut rules, 3 May 2020", "Hut rules, 9 June 2024"),
        ("House rules 1998", "House rules 2001"),
    ],
)
async def test_of_two_values_the_newer_stands_first_with_its_date(older: str, newer: str) -> None:
    pages = [
        page(name, title, heading(title), prose(RULES.format(days=days)))
        for name, title, days in (("old", older, "four"), ("new", newer, "six"))
    ]
    question = "How many nights may guests stay in the hut?"
    for given in (pages, pages[::-1]):
        said = await answered(question, *given)
        assert said == (
            f"{newer}: {RULES.format(days='six')}\n\n{older}: {RULES.format(days='four')}"
        )
    said = await answered("How many nights do the rules of the hut 2023 allow guests?", *pages)
    assert f"{newer}: {newer}" not in said, "a heading that is the title is said once"
    dated = [
        replace(one, title="Hut", published=day)
        for one, day in zip(pages, ("2020-01-02", "2023-04-05"), strict=True)
    ]
    said = await answered(question, *dated)
    assert said.startswith("Hut (2023-04-05): Guests may stay for six")
