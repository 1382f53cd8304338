"""What a document does not say is refused, though it speaks of the very thing that is asked about.

Each kind stands beside questions of its neighbourhood that the same document does answer.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import pytest
from anyio.to_thread import run_sync

from codexity.adapters.extract.text.markdown import read_markdown
from codexity.adapters.rank.bm25 import Bm25
from codexity.model import Limits
from codexity.stages.choose import choose
from codexity.stages.chunk import chunk
from codexity.stages.cover import covering
from codexity.stages.quote import quote

LIMITS = Limits()
SANCTUARY = """# Notes of the bird sanctuary

## Hides and paths

The north hide was built in 2014 and has a bench for six.
The boardwalk is 340 m long and 1.2 m wide.
The tower hide is painted dark green. A path leads round the lagoon in forty minutes.
The west gate was closed in March.
The footbridge was taken down in 2021, because its beams were rotten.
The reed path is shut from April to July: bitterns nest beside it.
The car park fills early, so come before ten.
The generator was switched off in autumn. The lagoon is drained every five years so that fish can be
taken out.

## People

Warden: Ines Falk, 0171 220 4455. Deputy: Rolf Amsel.
Ringing: Dr Petra Sand, ringing@lagune.example.
The bat boxes are emptied by volunteers. The shop is run by the Friends of the Lagoon.
Broken telescopes are replaced by the insurer. The mower is looked after by the caretaker.
The visitor centre, Strandweg 4, 24999 Wittfeld, is open Tuesday to Sunday, 9:30-17:00.
Nearest vet: Dr Koller, Holmby. The cafe at the ferry is open daily from 11 to 19.

## Trips

The boat trip starts at 8:15 at the jetty and takes two hours. The owl walk is on 12 October.
The electric boat may go at 6 km/h on the lagoon. The nets are checked every 40 minutes.

| ticket | adult | child |
|---|---|---|
| day | 7 | 3.50 |
| year | 45 | 20 |

| ring | species | weight |
|---|---|---|
| blue | teal | 320 g |
| red | mallard | 1.1 kg |
"""


async def said(question: str) -> str:
    page = replace(read_markdown(SANCTUARY, "/library/reserve/notes"), via="library")
    answering = await run_sync(covering, question, chunk(page, words=LIMITS.passage_words))
    evidence = await choose(question, answering, ranker=Bm25(), limits=LIMITS, max_sources=5)
    sentences = await run_sync(partial(quote, question, evidence, limits=LIMITS))
    return " ".join(one.text for one in sentences)


@pytest.mark.parametrize(
    "question",
    [
        # A reason that is not given.
        "why was the west gate closed in March",
        "why was the generator switched off",
        "why does the boat trip take two hours",
        # Who did it, where nobody is named, or somebody else.
        "who painted the tower hide",
        "who built the north hide",
        "who took down the footbridge",
        "who skippers the electric boat",
        "who designed the boardwalk",
        # What others have that are listed beside it.
        "address of the vet",
        "phone of Dr Koller",
        "Rolf Amsel phone number",
        "email of Rolf Amsel",
        "opening hours of the vet",
        # A measure of another kind.
        "what time does the owl walk start",
        "how long is the footbridge",
        "how deep is the lagoon",
        "how fast does the mower go",
        "how often is the mower serviced",
        "what colour is the teal",
        "dose for the teal",
        # A comparison that nobody makes.
        "which of our hides is the oldest",
        "which boat is the fastest",
        "Does Ines Falk or Rolf Amsel earn more?",
        "salary of the warden",
        # Somebody who is not on the list.
        "price of a year ticket for a student",
        "birthday of Ines Falk",
    ],
)
async def test_what_is_not_said_of_the_subject_is_refused(question: str) -> None:
    assert await said(question) == ""


@pytest.mark.parametrize(
    ("question", "right"),
    [
        ("why was the footbridge taken down", "rotten"),
        ("why is the reed path shut from April to July", "bitterns nest"),
        ("why is the lagoon drained every five years", "fish"),
        ("why should I come before ten", "fills early"),
        ("who empties the bat boxes", "volunteers"),
        ("who runs the shop", "Friends"),
        ("who replaces broken telescopes", "insurer"),
        ("who looks after the mower", "caretaker"),
        ("address of the visitor centre", "Strandweg 4"),
        ("visitor centre address", "Strandweg 4"),
        ("phone number of the warden", "0171 220 4455"),
        ("phone ines falk", "0171 220 4455"),
        ("email of Petra Sand", "ringing@lagune.example"),
        ("opening hours of the visitor centre", "9:30-17:00"),
        ("opening hours of the cafe", "11 to 19"),
        ("what time does the boat trip start", "8:15"),
        ("how long is the boat trip", "two hours"),
        ("how long is the boardwalk", "340 m"),
        ("how wide is the boardwalk", "1.2 m"),
        ("how fast may the electric boat go", "6 km/h"),
        ("how often are the nets checked", "40 minutes"),
        ("what colour is the tower hide", "dark green"),
        ("weight of the teal", "320 g"),
        ("which ring has the mallard", "red"),
        ("what does a day ticket cost for a child", "3.50"),
        ("owl walk date", "12 October"),
    ],
)
async def test_what_is_said_of_it_answers(question: str, right: str) -> None:
    assert right in await said(question)
