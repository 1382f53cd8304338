"""What a page has in brackets does not become a citation on the way from page to answer."""

from __future__ import annotations

import re

import anyio

from codexity import pipeline
from codexity.events import Event, Sources, Token
from codexity.model import Limits, Question
from world import Model, Provider, Reply, Web, hits, toolbox

URLS = ("https://a.example/kestrel", "https://b.example/kestrel")
ASKED = "How does a kestrel hover in one place?"
PAGES = {
    URLS[0]: "A kestrel hovers in one place by flying into the wind at the wind's own speed.[2] "
    "Its head keeps still[1][2] while the kestrel looks for voles, as [note 2] says of 【1】.\n\n"
    "def hover(kestrel):\n    return kestrel.place[1], kestrel.wind[2]",
    URLS[1]: "The kestrel spreads its tail's feathers to hover in one place for a minute [1, 2]. "
    "A hovering kestrel can see a vole from a height of fifteen metres[12].",
}


async def answered(model: Model | None) -> str:
    heard: list[Event] = []

    async def ear(*events: Event) -> None:
        heard.extend(events)

    tools = toolbox(Provider("p", hits(*URLS)), web=Web(pages=PAGES), model=model)
    with anyio.fail_after(5):
        await pipeline.answer(Question(text=ASKED), tools, Limits(), ear, anyio.Event())
    assert [len(event.sources) for event in heard if isinstance(event, Sources)] == [2]
    return "".join(event.text for event in heard if isinstance(event, Token))


def cited(answer: str) -> list[str]:
    return re.findall(r"\[\d+\]", answer)


async def test_an_answer_in_the_sources_sentences_cites_each_once_by_our_number() -> None:
    answer = await answered(None)

    sentences = re.split(r"(?<=\[[12]\])\s+", answer)
    assert len(sentences) >= 2
    for sentence in sentences:
        (number,) = cited(sentence)
        assert sentence.endswith(f" {number}")
        source = PAGES[URLS[int(number[1:-1]) - 1]]
        words = re.findall(r"[a-z]{5,}", sentence)
        assert all(word in source for word in words), (sentence, number)
    assert "[ 2 ]" in answer


async def test_a_model_that_repeats_its_sources_repeats_no_number_but_ours() -> None:
    model = Model(Reply(["It flies into the wind [1]."]))
    assert cited(await answered(model)) == ["[1]"]

    given = model.messages[-1].content
    repeated = await answered(Model(Reply([given])))
    assert "kestrel hovers in one place by flying" in repeated
    assert cited(repeated) == ["[1]", "[2]"], "the numbers that the sources stand under"

    raw = await answered(Model(Reply(["\n\n".join(PAGES.values())])))
    assert len(cited(raw)) > 2, "what would have come of the pages as they are"
