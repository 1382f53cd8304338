"""Who is to be reached, where a sentence names several, or the page's title says of what."""

from __future__ import annotations

import pytest

from codexity.adapters.rank.bm25 import Bm25
from codexity.model import Limits
from codexity.question_kind import asked_for
from codexity.reaching import reaching
from codexity.stages.choose import choose
from codexity.stages.choose.joining import joined
from codexity.stages.chunk import chunk
from codexity.stages.cover import covering
from codexity.stages.quote import quote
from drafted import heading, page, prose, table

LIMITS = Limits()
DUTIES = page(
    "duties",
    "Duties",
    heading("Duties"),
    prose(
        "Lamp keepers are Ida Holm for the attic and the stairs, Per Lund for the jetty"
        " and Runa Dahl for the yard. The chapel has no lamp keeper."
    ),
    prose("Any leaking oil: call Tove Brandt at once."),
)
KILN = page(
    "kiln",
    "Kiln: short guide",
    heading("Kiln: short guide"),
    heading("Care", 2),
    prose("The elements are checked each spring by Varden Heat; the log hangs beside the door."),
)
PEOPLE = page(
    "people",
    "People and firms",
    heading("People and firms"),
    *table(
        ("name", "phone"),
        ("Ida Holm", "0555 371 101"),
        ("Per Lund", "0555 371 102"),
        ("Runa Dahl", "0555 371 103"),
        ("Varden Heat", "0555 371 104"),
        ("Tove Brandt", "0555 371 105"),
    ),
)


async def said(question: str) -> str:
    pages = (DUTIES, KILN, PEOPLE)
    passages = [one for each in pages for one in chunk(each, words=LIMITS.passage_words)]
    covered = covering(question, passages)
    if not covered:
        return ""
    evidence = await choose(question, covered, ranker=Bm25(), limits=LIMITS, max_sources=5)
    for each in reaching(question, covered):
        more = await choose(each, covered, ranker=Bm25(), limits=LIMITS, max_sources=1)
        evidence = joined(evidence, more)
    return "\n".join(one.text for one in quote(question, evidence, limits=LIMITS))


@pytest.mark.parametrize(
    ("question", "number"),
    [
        ("phone number of the lamp keeper of the jetty", "371 102"),
        ("phone number of the lamp keeper for the attic", "371 101"),
        ("phone number of the lamp keeper for the yard", "371 103"),
        ("phone number of the firm that checks the elements of the kiln", "371 104"),
        ("the oil tank is leaking, number of the person I should call", "371 105"),
    ],
)
async def test_the_number_is_that_of_the_part_that_is_described(question: str, number: str) -> None:
    text = await said(question)
    assert number in text
    assert text.count("0555") == 1


async def test_nobody_is_reached_for_what_has_nobody() -> None:
    assert "0555" not in await said("phone number of the lamp keeper of the chapel")


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("number of the plumber", "phone"),
        ("number of the person I should ring", "phone"),
        ("number for the night nurse", "phone"),
        ("number of members", "number"),
        ("number of seats in the van", "number"),
        ("number of the people in the choir", "number"),
    ],
)
def test_the_number_of_somebody_is_a_phone_number(question: str, kind: str) -> None:
    found = asked_for(question)
    assert found is not None
    assert found.kind == kind
