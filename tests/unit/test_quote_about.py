"""What an answer without a model is about: what is asked, not what shares a word with it."""

from __future__ import annotations

import pytest

from codexity.adapters.extract.blocks import Draft
from codexity.adapters.rank.bm25 import Bm25
from codexity.model import Limits, Page
from codexity.stages.choose import choose
from codexity.stages.chunk import chunk
from codexity.stages.quote import quote
from drafted import heading, page, prose, table
from reading import page as read

LIMITS = Limits()


async def answered(question: str, found: Page) -> str:
    passages = chunk(found, words=LIMITS.passage_words)
    evidence = await choose(question, passages, ranker=Bm25(), limits=LIMITS, max_sources=5)
    return " ".join(one.text for one in quote(question, evidence, limits=LIMITS))


def steps(*texts: str) -> tuple[Draft, ...]:
    return tuple(
        Draft(text=text, kind="item", level=1, marker=f"{at}.") for at, text in enumerate(texts, 1)
    )


LOOM = page(
    "loom",
    "The loom and its reed",
    heading("The loom and its reed"),
    heading("Oiling the loom", 2),
    *steps("Lift the beam.", "Put a drop into each bearing."),
    heading("Autumn", 2),
    *steps("Slacken the warp.", "Cover the frame."),
    heading("The reed", 2),
    prose("The reed of the loom is cut to length with a fine saw."),
)


@pytest.mark.parametrize(
    ("question", "said", "not_said"),
    [
        ("How do I cut the reed of the loom?", "fine saw", "bearing"),
        ("How can I cut the loom reed?", "fine saw", "warp"),
        ("How do I oil the loom?", "bearing", "warp"),
        ("How do I prepare the loom in autumn?", "Slacken the warp", "bearing"),
    ],
)
async def test_steps_are_said_for_what_is_to_be_done(
    question: str, said: str, not_said: str
) -> None:
    text = await answered(question, LOOM)
    assert said in text
    assert not_said not in text


async def test_head_of_a_table_heads_nothing_behind_it() -> None:
    oven = page(
        "oven",
        "Oven",
        heading("Oven"),
        heading("Loaves", 2),
        *table(("loaf", "heat"), ("rye", "230 degrees"), ("wheat", "210 degrees")),
        prose("What stays damp in the middle needs ten minutes more of it."),
    )
    text = await answered("What does a damp loaf need?", oven)
    assert "ten minutes more" in text
    assert "loaf heat" not in text


@pytest.mark.parametrize("question", ["When is the mill open?", "opening hours", "hours open"])
async def test_line_alone_below_a_heading_is_said(question: str) -> None:
    mill = page(
        "mill",
        "Mill",
        heading("Mill"),
        heading("Opening hours", 2),
        prose("Tuesday to Saturday"),
        heading("Way", 2),
        prose("The mill stands behind the weir of the upper village."),
    )
    assert "Opening hours: Tuesday to Saturday" in await answered(question, mill)


async def test_number_of_a_step_within_prose_is_not_said() -> None:
    rules = page(
        "rules",
        "Rules",
        heading("Rules"),
        prose(
            "Targets come in turn. 4. Unknown targets are refused. 5. A target without a rule"
            " is skipped."
        ),
    )
    assert (await answered("What is a target without a rule?", rules)).startswith(
        "A target without"
    )


async def test_table_of_plain_text_below_a_line_of_its_own() -> None:
    text = """WORKSHOP

Belt tension
machine       slack    tight
planer        12 mm    8 mm
lathe         15 mm    9 mm

Blades
sharpened each spring
"""
    assert await answered("belt tension of the lathe", read(text, "text/plain")) == (
        "machine: lathe, slack: 15 mm, tight: 9 mm"
    )
    assert "Belt tension: Blades" not in await answered("belt tension", read(text, "text/plain"))


async def test_sentence_that_holds_another_part_of_the_question_comes_second() -> None:
    pier = page(
        "pier",
        "Pier",
        heading("Pier"),
        prose("The gate closes at dusk. Gulls nest below the planks. Anglers leave before noon."),
    )
    text = await answered("When does the gate close and when do anglers leave?", pier)
    assert "dusk" in text
    assert "noon" in text


async def test_nothing_that_holds_nothing_of_the_question_comes_second() -> None:
    pier = page(
        "pier",
        "Pier",
        heading("Pier"),
        prose("It closes at dusk. Gulls nest below the planks. Paint is stored in a shed."),
    )
    assert (await answered("when does the pier close", pier)).count(".") == 1
    assert not await answered("contact of the pier", pier)


HUT = page(
    "hut",
    "Hut rules",
    heading("Hut rules"),
    prose(
        "Dogs are allowed in the hut on a lead. The hut of the club has room for forty dogs of"
        " wood, carved by a member. In the hut boots stay at the door."
    ),
    heading("Stove", 2),
    prose(
        "The stove of the hut is lit by the warden at six. Wood for the stove lies behind the hut."
        " Ash of the stove goes into the iron bucket."
    ),
)


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("are dogs allowed in the hut", "Dogs are allowed in the hut on a lead."),
        ("what lights the stove of the hut", "The stove of the hut is lit by the warden at six."),
        ("ash of the stove of the hut", "Ash of the stove goes into the iron bucket."),
    ],
)
async def test_what_is_far_less_sure_than_the_answer_does_not_follow_it(
    question: str, said: str
) -> None:
    assert await answered(question, HUT) == said
