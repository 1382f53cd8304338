"""What changed later comes first: another document, a later message, an addendum."""

from __future__ import annotations

from dataclasses import replace

import pytest

from codexity.adapters.extract.text.plain_text import read_plain
from codexity.adapters.rank.bm25 import Bm25
from codexity.model import Limits, Page
from codexity.stages.choose import choose
from codexity.stages.chunk import chunk
from codexity.stages.quote import quote
from codexity.stages.quote.stamps import dated, edition, stamped
from codexity.stages.quote.versions import day

LIMITS = Limits()

PROGRAMME = """Autumn programme 2031

3. Harvest supper

On Saturday 4 October, in the barn of the mill. Hedda organises it, the budget is 300 euros.

4. Choir weekend

The weekend costs 85 euros and takes place in the hostel at Brunsee.
"""
LATER = """COMMITTEE 9 SEPTEMBER 2031

2 harvest supper
The fourth clashes with the fair, so it is now Saturday 18 October, same time.
Not in the barn but at the fire station.
Budget raised to 340 euros.

3 choir weekend
The price is raised to 95 euros, as the hostel charges more.
"""
CHAT = """[02/09/2031, 18:11] Runa Dahl: tuning of the organ is on the 12th as said
[05/09/2031, 07:40] Runa Dahl: who has the key of the loft?
[06/09/2031, 21:09] Runa Dahl: change!! tuning of the organ is now on the 19th, the tuner is ill
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
        ("date of the harvest supper", "18 October", "4 October"),
        ("When is the harvest supper?", "18 October", "4 October"),
        ("Where is the harvest supper?", "fire station", "barn of the mill"),
        ("How much does the choir weekend cost?", "95 euros", "85 euros"),
    ],
)
async def test_what_later_minutes_say_comes_before_what_an_older_paper_does(
    question: str, newer: str, older: str
) -> None:
    text = await said(
        question, note("programme-2031.txt", PROGRAMME), note("2031-09-09-committee.txt", LATER)
    )
    assert newer in text
    assert older not in text or text.index(newer) < text.index(older)


async def test_an_older_paper_alone_is_said_as_it_is() -> None:
    text = await said("date of the harvest supper", note("programme-2031.txt", PROGRAMME))
    assert "4 October" in text


async def test_of_the_messages_of_a_chat_the_last_comes_first() -> None:
    text = await said("when is the tuning of the organ", note("chat.txt", CHAT))
    assert text.index("the 19th") < text.index("the 12th")


async def test_a_later_message_about_something_else_changes_nothing() -> None:
    other = CHAT.replace("tuning of the organ is now on the 19th", "we now sing on the 19th")
    text = await said("when is the tuning of the organ", note("chat.txt", other))
    assert text.startswith("[02/09/2031")


RULES = (
    "Rules {year}\n\nUp to {days} swaps may be kept for the next season. They must be used by "
    "{until}, otherwise they lapse.\n\nSwaps that were lost by illness do not lapse.\n"
)


async def test_the_sentence_that_has_the_asked_day_brings_the_one_it_leans_on() -> None:
    old = note("rules-2029.txt", RULES.format(year=2029, days=3, until="1 March"))
    new = note("rules-2030.txt", RULES.format(year=2030, days=6, until="1 May"))
    text = await said("until when must kept swaps be used", old, new)
    assert "1 May" in text
    assert "1 March" not in text or text.index("1 May") < text.index("1 March")


@pytest.mark.parametrize(
    ("text", "at", "told"),
    [
        ("[02/09/2031, 18:11] a: x\n[06/09/2031, 21:09] b: y", 30, "2031-09-06 21:09"),
        ("14.06.31, 08:12 - Ole: hello", 20, "2031-06-14 08:12"),
        ("2031-05-11 21:09 <ole> hi", 20, "2031-05-11 21:09"),
        ("5/13/31, 9:09 PM - Ole: hi", 20, "2031-05-13 09:09"),
        ("From: A\nDate: Fri, 30 Jan 2032 08:05\n\nThe wall is dry.", 50, "2032-01-30"),
        ("Sent: March 3, 2032\n\nThe wall is dry.", 25, "2032-03-03"),
        ("The wall was dry on 30 January 2032.", 25, ""),
        ("Date: Saturday 4 July\nThe fair.", 25, ""),
    ],
)
def test_a_place_in_a_message_has_the_day_of_the_message(text: str, at: int, told: str) -> None:
    assert stamped(text, at) == told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Boats\n\nState of 1 May 2031.", "2031-05-01"),
        ("Addendum\nsigned 21 February 2032, in force from 1 April 2032", "2032-02-21"),
        ("Fees\n\nValid from 1 January 2031, set by the meeting.", "2031-01-01"),
        ("Handbook\n\nThe house was built on 3 May 1931.", ""),
    ],
)
def test_an_edition_is_told_in_the_first_lines(text: str, told: str) -> None:
    assert edition(text) == told


@pytest.mark.parametrize(
    ("title", "url", "text", "told"),
    [
        ("Chat of the parents", "/library/docs/chat-4k-2068ed52f2", "hello", ""),
        (
            "Addendum to the lease of 1 April 2024",
            "/library/docs/addendum-2026-6daf37e224",
            "",
            "2026",
        ),
        ("Price list", "/library/docs/prices-2030-7600664485", "", "2030"),
        ("Boats", "/library/docs/boats-346ee3d6c6", "Boats\n\nState of 1 May 2031.", "2031-05-01"),
    ],
)
def test_a_document_is_of_the_newest_year_of_its_title_and_name(
    title: str, url: str, text: str, told: str
) -> None:
    assert day(Page(url=url, title=title, text=text)) == told


@pytest.mark.parametrize(
    ("title", "told"),
    [
        ("Minutes, 9 sep 2031", "2031-09-09"),
        ("Minutes, 9 ſep 2031", "2031-09-09"),
        ("Minutes, September 2031", "2031-09"),
        ("Minutes, 2026-12-31", "2026-12-31"),
        ("Minutes, 12/31/2026", "2026-12-31"),
        ("Minutes, 2026-45-99", ""),
        ("Minutes, 2026-00-10", ""),
        ("Minutes, 2026-10-00", ""),
        ("Minutes, 32 May 2026", ""),
    ],
)
def test_a_day_that_there_is_not_is_no_day(title: str, told: str) -> None:
    assert dated(title) == told
