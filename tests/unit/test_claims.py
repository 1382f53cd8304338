"""Each sentence of an answer without a model has a claim, whose words stand in its page."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import partial
from urllib.parse import unquote

import anyio
import pytest

from codexity import pipeline
from codexity.events import ClaimChecked, Event, Sources, Token
from codexity.model import Limits, Page, Question
from codexity.ports import Fetched, Toolbox
from world import Model, Models, Provider, Reply, Shelf, Web, hits, toolbox

URL = "https://a.example/mill"
OTHER = "https://b.example/mill"
STARTED = "/library/starter/mill"


@dataclass(slots=True)
class Html(Web):
    """Pages of HTML, with their blocks; the text of each is in `read`."""

    read: dict[str, Page] | None = None

    async def extract(self, fetched: Fetched, *, worth: float = 0.0) -> Page:
        from codexity.adapters.extract.html.page import read_html

        text = fetched.body.decode()
        if text.startswith("<"):
            page = await anyio.to_thread.run_sync(partial(read_html, text, fetched.url))
        else:
            page = Page(url=fetched.url, title="The mill", text=text)
        self.read = {**(self.read or {}), fetched.url: page}
        return page


async def heard(question: str, tools: Toolbox, limits: Limits | None = None) -> list[Event]:
    told: list[Event] = []

    async def ear(*events: Event) -> None:
        told.extend(events)

    asked = Question(text=question)
    with anyio.fail_after(10):
        await pipeline.answer(asked, tools, limits or Limits(), ear, anyio.Event())
    return told


def text_of(events: list[Event]) -> str:
    return "".join(event.text for event in events if isinstance(event, Token))


def claims_of(events: list[Event]) -> list[ClaimChecked]:
    return [event for event in events if isinstance(event, ClaimChecked)]


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text)


FILLER = "The valley has many other houses, and none of them is of any use to this story."
LONG = "The mill of Brill grinds rye and " + "oats and barley and " * 40 + "wheat on Mondays."
PAGES = {
    "two spaces": f"{FILLER}\n\nThe  mill of Brill   grinds rye on Mondays.  It  rests on Sundays.",
    "wrapped lines": (
        "The mill of Brill grinds rye on every Monday of the year, unless the wind\n"
        "does not blow from the sea and the miller is not at home, which is on\n"
        "Tuesdays of June. Brill's mill has four sails of nine metres each of oak."
    ),
    "an example": f"{FILLER}\n\nOn Mondays the mill of Brill grinds rye so:\n\ngrind(rye)",
    "footnotes": f"{FILLER}\n\nThe mill of Brill grinds rye [3, 4] on Mondays.[12] It is white.",
    "cut": LONG,
    "astral": "The mill 𝄞 of Brill grinds rye 🌾 on Mondays. Its sails 🌬️ are long and white.",
    "a table": (
        f"<main><h1>Mills</h1><p>{FILLER}</p><table><tr><th>Mill</th><th>Grinds</th></tr><tr>"
        "<td>Brill</td><td>rye on Mondays</td></tr><tr><td>Harl</td><td>oats</td></tr></table>"
        "</main>"
    ),
    "a list": (
        f"<main><h1>Mills</h1><p>{FILLER}</p><p>What the mill of Brill grinds on Mondays:</p>"
        "<ul><li>rye</li><li>oats of the valley</li></ul></main>"
    ),
    "raised": (
        f"<main><h1>Mills</h1><p>{FILLER}</p><p>The mill of Brill grinds 10<sup>4</sup> sacks of "
        "rye on Mondays.</p></main>"
    ),
}


@pytest.mark.parametrize("kind", PAGES)
async def test_a_claim_quotes_its_sentences_own_words(kind: str) -> None:
    web = Html(
        pages={URL: PAGES[kind], OTHER: f"{FILLER} The mill of Harl grinds oats on Mondays."}
    )
    tools = toolbox(Provider("p", hits(URL, OTHER)), web=web)
    events = await heard("What does the mill of Brill grind on Mondays?", tools)

    text, claims = text_of(events), claims_of(events)
    assert web.read is not None
    (sources,) = (one.sources for one in events if isinstance(one, Sources))
    pages = {one.index: web.read[one.url].text for one in sources}
    assert len(claims) == len(re.findall(r"\[\d\]", text)) > 0
    for claim in claims:
        said = text[claim.start : claim.end]
        (number,) = claim.citations
        assert said.endswith(f"[{number}]")
        assert claim.quotes, said
        told = words(said)
        for one in claim.quotes:
            assert one.index == number
            assert one.text in pages[number]
            assert "\n\n" not in one.text
            assert set(words(one.text)) <= set(told), (one.text, said)
            first = unquote(one.link.partition("#:~:text=")[2]).split(",")[0]
            assert first in " ".join(pages[number].split())
    assert any("rye" in one.text for claim in claims for one in claim.quotes)


@pytest.mark.parametrize("kind", PAGES)
async def test_a_sources_quote_is_one_of_those_that_are_cited_of_it(kind: str) -> None:
    web = Html(pages={URL: PAGES[kind]})
    tools = toolbox(Provider("p", hits(URL)), web=web)
    events = await heard("What does the mill of Brill grind on Mondays?", tools)
    (sources,) = (one.sources for one in events if isinstance(one, Sources))
    for source in sources:
        own = [(q.text, q.link) for one in claims_of(events) for q in one.quotes]
        assert (source.quote, source.link) in own


@pytest.mark.parametrize(
    ("listed", "quote"),
    [
        ("<p>Starting the mill of Brill takes these steps:</p><ol>", "Loosen the brake of oak."),
        ("<h2>Starting the mill of Brill</h2><ol>", "Loosen the brake of oak."),
        ("<h2>Starting the mill of Brill</h2><p>No steps: it starts.</p><ul>", "No steps"),
    ],
)
async def test_what_only_announces_a_list_is_no_sources_quote(listed: str, quote: str) -> None:
    items = "<li>Loosen the brake of oak.</li><li>Turn the cap into the wind.</li>"
    listed += f"{items}</{listed[-3:-1]}>"
    web = Html(pages={URL: f"<main><h1>Brill</h1><p>{FILLER}</p>{listed}<p>{FILLER}</p></main>"})
    tools = toolbox(Provider("p", hits(URL)), web=web)
    events = await heard("How do I start the mill of Brill?", tools)
    (sources,) = (one.sources for one in events if isinstance(one, Sources))
    assert claims_of(events)
    assert sources[0].quote.startswith(quote), text_of(events)


async def test_offsets_count_the_preface_too() -> None:
    shelf = Shelf(pages={STARTED: PAGES["astral"]})
    tools = toolbox(Provider("p"), starter=Provider("starter", hits(STARTED)), shelf=shelf)
    events = await heard("What does the mill of Brill grind on Mondays?", tools)
    text = text_of(events)
    assert text.startswith("Nothing else was found")
    first = claims_of(events)[0]
    assert text[first.start :].startswith(first.quotes[0].text)


async def test_what_a_model_writes_makes_no_claim_and_keeps_the_sources_as_they_are() -> None:
    tools = toolbox(Provider("p", hits(URL)), web=Html(pages={URL: PAGES["two spaces"]}))
    with_model = replace(tools, models=Models(Model(Reply(["It grinds rye [1]."]))))
    question = "What does the mill of Brill grind on Mondays?"
    assert claims_of(await heard(question, tools))
    events = await heard(question, with_model)
    assert text_of(events) == "It grinds rye [1]."
    assert claims_of(events) == []
