"""What amends an answer comes before it, though it names the subject only in part."""

from __future__ import annotations

from dataclasses import replace

import pytest

from codexity.adapters.extract.text.plain_text import read_plain
from codexity.adapters.rank.bm25 import Bm25
from codexity.model import Limits, Page
from codexity.stages.choose import choose
from codexity.stages.chunk import chunk
from codexity.stages.quote import quote
from codexity.stages.quote.straying import has_other_role

LIMITS = Limits()

EARLIER = """Board of the quarry choir, 4 February 2031

1. Spring walk

The spring walk of the choir is on Sunday 11 April. Osric plans the spring walk with Lene.

2. Copies of scores

Copies of scores are paid by sheets, 6 cents each, and Lene counts them.

3. Bus

The bus to the contest leaves from the yard of the Larkfield mill at 7:30.
"""
LATER = """Board of the quarry choir, 8 March 2031

1. Spring walk

The path is washed out. New day Sunday 2 May, from the dam. Runa takes it over from Osric.

2. Copies of scores

By sheets was a nuisance, says Lene. New: 30 euros a year for everybody, in cash.

3. Parking

The Larkfield mill has ended our lease. The bus to the contest will also leave from the swimming
pool.

4. Flowers

Flowers for the altar are bought by Lene, as ever. Osric brings the vases.
"""
CHAT = """[03/05/2031, 17:10] Pell: Nora's farewell: Fri 6 June, bowling alley Strike, Kelp Lane
[03/05/2031, 17:40] Tove: see you there
[09/05/2031, 08:20] Pell: Strike is flooded. Farewell is now at our garden, 12 Fern Row, same time
[10/05/2031, 21:02] Ines: Water in the cellar corridor is off on Monday 19 May, whole of the terrace
[11/05/2031, 07:15] Ines: Correction, the plumber rang: it's TUESDAY 20 May, not Monday
"""
SHEET = """Open evenings of the observatory

The open evening of the observatory is on Friday 9 October at 20:00.

Bring warm clothes.

Update: the open evening is on Friday 16 October at 20:00, as the dome is being painted.
"""
NO_CHANGE = """Board of the quarry choir, 8 March 2031

1. Spring walk

The budget is raised to 90 euros. Bring a flask. Runa brings the map in place of Osric.
"""


def note(name: str, text: str) -> Page:
    return replace(read_plain(text, f"/library/choir/{name}"), via="library", file=name)


async def said(question: str, *pages: Page) -> str:
    passages = [one for page in pages for one in chunk(page, words=LIMITS.passage_words)]
    evidence = await choose(question, passages, ranker=Bm25(), limits=LIMITS, max_sources=5)
    return "\n".join(one.text for one in quote(question, evidence, limits=LIMITS))


@pytest.mark.parametrize(
    ("question", "newer", "older"),
    [
        ("When is the spring walk of the choir?", "Sunday 2 May", "11 April"),
        ("date of the spring walk", "Sunday 2 May", "11 April"),
        ("who plans the spring walk", "Runa takes it over", "Osric plans"),
        ("How are copies of scores paid?", "30 euros a year", "6 cents"),
        ("where does the bus to the contest leave from", "swimming", "leaves from the yard"),
    ],
)
async def test_later_minutes_that_name_the_subject_in_part_come_first(
    question: str, newer: str, older: str
) -> None:
    text = await said(question, note("2031-02-04.txt", EARLIER), note("2031-03-08.txt", LATER))
    assert newer in text
    assert older not in text or text.index(newer) < text.index(older)


@pytest.mark.parametrize(
    ("question", "newer", "older"),
    [
        ("where is nora's farewell", "12 Fern Row", "Kelp Lane"),
        ("which day is the water off in the terrace", "20 May", "19 May"),
    ],
)
async def test_a_later_message_with_a_part_of_the_words_comes_first(
    question: str, newer: str, older: str
) -> None:
    text = await said(question, note("chat.txt", CHAT))
    assert newer in text
    assert older not in text or text.index(newer) < text.index(older)


async def test_a_correction_further_down_comes_first() -> None:
    text = await said("when is the open evening of the observatory", note("sheet.txt", SHEET))
    assert "16 October" in text
    assert "9 October" not in text or text.index("16 October") < text.index("9 October")


async def test_later_minutes_that_change_nothing_come_not_first() -> None:
    pages = note("2031-02-04.txt", EARLIER), note("2031-03-08.txt", NO_CHANGE)
    text = await said("When is the spring walk of the choir?", *pages)
    assert "11 April" in text.splitlines()[0]


async def test_a_change_of_something_else_comes_not_first() -> None:
    pages = note("2031-02-04.txt", EARLIER), note("2031-03-08.txt", LATER)
    text = await said("who counts the copies", *pages)
    assert "Runa" not in text


RULES_2029 = """Rules of the reading room 2029

Lockers

Everybody leaves bags at the desk, readers and guests.
"""
RULES_2031 = """Rules of the reading room 2031

Lockers

Bags are locked into the cabinets in the hall. The desk no longer takes bags.
"""


async def test_where_something_is_no_longer_so_what_is_so_instead_comes_first() -> None:
    text = await said(
        "do i still leave bags at the desk",
        note("rules-2029.txt", RULES_2029),
        note("rules-2031.txt", RULES_2031),
    )
    assert "locked into the cabinets" in text
    assert "no longer takes bags" in text
    assert text.index("locked into the cabinets") < text.find("leaves bags") % len(text)


@pytest.mark.parametrize(
    ("question", "text", "other"),
    [
        ("who is the chair of the choir", "Deputy chair: Odd Marke", True),
        ("who is the treasurer", "The former treasurer, Berit Kvam, lives in Brunsee.", True),
        ("who is the coach of the juniors", "Tove Lindahl is assistant coach.", True),
        ("who is the chair of the choir", "Chair: Ida Holm. Deputy chair: Odd Marke.", False),
        ("who is the deputy chair", "Deputy chair: Odd Marke", False),
        ("who is the chair of the choir", "Chair: Ida Holm", False),
    ],
)
def test_the_deputy_is_not_the_chair(question: str, text: str, other: bool) -> None:
    assert has_other_role(question, text) is other


async def test_a_sentence_before_a_denial_that_is_about_something_else_stays_behind() -> None:
    older = note(
        "2030-01-05.txt", "Prices of the stall, 5 January 2030\n\nWe take coins and eels.\n"
    )
    newer = (
        "Prices of the stall, 4 March 2031\n\n"
        "Bills are settled in May. We take coins, but no longer any eels.\n"
    )
    text = await said("Do you take eels?", older, note("2031-03-04.txt", newer))
    assert "no longer any eels" in text
    assert "Bills" not in text
