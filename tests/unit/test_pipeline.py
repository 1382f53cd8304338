"""The order of the stages, what the filters leave, and when the starter collection speaks."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from threading import get_ident

import anyio
import pytest
from anyio.from_thread import run_sync

import gathering
from codexity import pipeline
from codexity.errors import BadQuestion, NoEvidence, ProviderUnavailable
from codexity.events import Skipped, Sources, Status
from codexity.memo import Memo
from codexity.model import (
    Evidence,
    Filters,
    Limits,
    Page,
    Passage,
    Question,
    Sentence,
    Source,
    Usage,
)
from codexity.ports import Toolbox
from codexity.stages.chunk import chunk
from codexity.stages.quote import quote
from world import WORDS, Model, Provider, Reply, Shelf, Web, hits, toolbox

URL = "https://a.example/kestrel"
STARTED = "/library/starter/kestrel"
ASKED = "How does a kestrel hover in one place?"


class Ear(gathering.Ear):
    def steps(self) -> list[str]:
        return list(dict.fromkeys(event.step for event in self.heard if isinstance(event, Status)))


def _sources(ear: Ear) -> list[Source]:
    return [one for event in ear.heard if isinstance(event, Sources) for one in event.sources]


async def _answer(tools: Toolbox, **filters: object) -> tuple[Ear, Usage | None]:
    ear = Ear()
    question = Question(text=ASKED, filters=Filters(**filters))  # pyright: ignore[reportArgumentType]
    with anyio.fail_after(5):
        usage = await pipeline.answer(question, tools, Limits(), ear, anyio.Event())
    return ear, usage


def _tools(
    *providers: Provider, model: Model | None = None, starter: Provider | None = None
) -> Toolbox:
    shelf = Shelf(pages={STARTED: WORDS, "/library/documents/kestrel": WORDS})
    web = Web(pages={URL: WORDS})
    return toolbox(*providers, web=web, shelf=shelf, model=model, starter=starter)


async def test_the_steps_come_in_their_order() -> None:
    ear, _ = await _answer(_tools(Provider("p", hits(URL))))

    assert ear.steps() == [
        "queries_ready",
        "searching",
        "scraping",
        "scraping_done",
        "processing",
        "generating",
    ]


@pytest.mark.parametrize("leaves", [True, False])
async def test_a_run_that_has_ended_cuts_no_more_pages(
    monkeypatch: pytest.MonkeyPatch, *, leaves: bool
) -> None:
    cut: list[Passage] = []
    scope = anyio.CancelScope()

    def left(page: Page, *, words: int, checkpoint: Callable[[], None]) -> tuple[Passage, ...]:
        if leaves:
            run_sync(scope.cancel)
        cut.extend(chunk(page, words=words, checkpoint=checkpoint))
        return tuple(cut)

    monkeypatch.setattr(pipeline, "chunk", left)
    monkeypatch.setattr(pipeline, "_CUT", Memo[object]())  # other tests read this page too
    with scope:
        await _answer(_tools(Provider("p", hits(URL))))
    assert scope.cancelled_caught is leaves
    assert bool(cut) is not leaves


async def test_quotations_are_chosen_beside_the_event_loop(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    threads: list[int] = []

    def seen(
        question: str,
        evidence: Sequence[Evidence],
        *,
        limits: Limits,
        near: Mapping[str, float] | None = None,
    ) -> tuple[Sentence, ...]:
        threads.append(get_ident())
        return quote(question, evidence, limits=limits, near=near)

    monkeypatch.setattr(pipeline, "quote", seen)
    ear, _ = await _answer(_tools(Provider("p", hits(URL))))
    assert ear.text()
    assert len(threads) == 1
    assert threads != [get_ident()]


async def test_the_starter_is_asked_beside_others_and_says_so_where_it_answers() -> None:
    starter = Provider("starter", hits(STARTED))

    ear, _ = await _answer(_tools(Provider("p", hits(URL)), starter=starter))
    assert [query.text for query in starter.asked] == [ASKED]
    assert [one.url for one in _sources(ear)] == [URL]
    assert "starter collection" not in ear.text()

    starter.asked.clear()
    ear, _ = await _answer(_tools(Provider("p"), starter=starter))
    assert [query.text for query in starter.asked] == [ASKED]
    assert ear.text().count("this comes from the starter collection") == 1
    assert [event.sources[0].url for event in ear.heard if isinstance(event, Sources)] == [STARTED]


async def test_the_starter_is_not_asked_once_nothing_more_is_to_be_searched() -> None:
    starter = Provider("starter", hits(STARTED))
    tools, enough = _tools(Provider("p"), starter=starter), anyio.Event()
    enough.set()
    with anyio.fail_after(5), pytest.raises(NoEvidence):
        await pipeline.answer(Question(text=ASKED), tools, Limits(), Ear(), enough)
    assert starter.asked == []
    await _answer(tools)
    assert len(starter.asked) == 1


async def test_the_starter_is_asked_when_no_hit_could_be_read() -> None:
    ear, _ = await _answer(
        _tools(
            Provider("p", hits("https://gone.example/")), starter=Provider("starter", hits(STARTED))
        )
    )

    assert "this comes from the starter collection" in ear.text()
    assert [event.code for event in ear.heard if isinstance(event, Skipped)] == ["http_status"]


@pytest.mark.parametrize(
    "filters",
    [
        {"site": ("a.example",)},
        {"exclude_site": ("b.example",)},
        {"after": "2024-01-01"},
        {"language": "en"},
        {"collection": ("documents",)},
        {"provider": ("p",)},
    ],
    ids=["site", "exclude_site", "after", "language", "collection", "provider"],
)
async def test_a_filter_keeps_the_starter_out(filters: dict[str, object]) -> None:
    starter = Provider("starter", hits(STARTED))
    tools = _tools(Provider("p"), Provider("library"), starter=starter)
    with pytest.raises(NoEvidence):
        await _answer(tools, **filters)
    assert starter.asked == []

    await _answer(tools, max_sources=2)
    assert len(starter.asked) == 1


async def test_the_provider_filter_asks_these_alone_and_the_starter_by_its_name() -> None:
    one, two, starter = (
        Provider("one", hits(URL)),
        Provider("two", hits(URL)),
        Provider("starter", hits(STARTED)),
    )
    tools = _tools(one, two, starter=starter)

    await _answer(tools, provider=("two",))
    assert (len(one.asked) == 0, len(two.asked) > 0, len(starter.asked)) == (True, True, 0)

    ear, _ = await _answer(tools, provider=("starter",))
    assert "This comes from the starter collection" in ear.text()
    with pytest.raises(BadQuestion, match="'three'"):
        await _answer(tools, provider=("three",))


async def test_a_collection_is_looked_for_in_the_library_alone() -> None:
    web, library = (
        Provider("web", hits(URL)),
        Provider("library", hits("/library/documents/kestrel")),
    )

    await _answer(_tools(web, library), collection=("documents",))

    assert web.asked == []
    assert {query.collection for query in library.asked} == {("documents",)}


async def test_what_the_filters_leave_out_is_told_and_the_rest_answers() -> None:
    pages = {URL: WORDS, "https://b.example/kestrel": f"{WORDS} So says the second page."}
    tools = toolbox(Provider("p", hits(*pages)), web=Web(pages=pages))

    ear, _ = await _answer(tools, exclude_site=("b.example",))
    assert [one.url for one in _sources(ear)] == [URL]
    left_out = [event for event in ear.heard if isinstance(event, Skipped)]
    assert [(one.stage, one.what, one.code) for one in left_out] == [
        ("read", "https://b.example/kestrel", "filtered")
    ]

    ear, _ = await _answer(tools)
    assert [event for event in ear.heard if isinstance(event, Skipped)] == []


async def test_where_the_filters_leave_nothing_that_is_told() -> None:
    tools = _tools(Provider("p", hits(URL)))
    with pytest.raises(NoEvidence) as told:
        await _answer(tools, exclude_site=("a.example",))
    assert told.value.code == "no_pages"
    assert ("filters", "Pages that they left out: 1.") in told.value.tried
    assert (await _answer(tools, exclude_site=("b.example",)))[0].text()


async def test_max_sources_bounds_the_sources() -> None:
    pages = {
        f"https://{n}.example/": f"{WORDS} Number {n} says so on page {n}{n}." for n in range(4)
    }
    tools = toolbox(Provider("p", hits(*pages)), web=Web(pages=pages))

    ear, _ = await _answer(tools, max_sources=1)
    assert [len(event.sources) for event in ear.heard if isinstance(event, Sources)] == [1]


async def test_a_model_that_fails_before_its_first_word_is_replaced_by_quotations() -> None:
    lost = ProviderUnavailable("The model server cannot be reached.", code="unreachable")
    model = Model(Reply([], error=lost))

    ear, usage = await _answer(_tools(Provider("p", hits(URL)), model=model))

    generating = [
        event for event in ear.heard if isinstance(event, Status) and event.step == "generating"
    ]
    assert [event.model for event in generating] == ["tiny", None]
    assert ("write", "unreachable") in [
        (event.stage, event.code) for event in ear.heard if isinstance(event, Skipped)
    ]
    assert "[1]" in ear.text()
    assert usage is None


async def test_the_models_words_reach_the_reader_without_invented_numbers() -> None:
    model = Model(Reply(["It flies into the w", "ind [", "1", "][7", "].", " Yes [2]."]))

    ear, _ = await _answer(_tools(Provider("p", hits(URL)), model=model))

    assert ear.text() == "It flies into the wind [1]. Yes."
    assert any(WORDS[:40] in message.content for message in model.messages)


async def test_a_starter_answer_of_a_model_says_where_it_comes_from_once() -> None:
    model = Model(Reply(["It flies ", "into the wind [1]."]))

    ear, _ = await _answer(
        _tools(Provider("p"), model=model, starter=Provider("starter", hits(STARTED)))
    )

    assert ear.text().count("starter collection") == 1
    assert ear.text().endswith("It flies into the wind [1].")


async def test_a_reply_cut_at_its_length_is_told_and_is_still_an_answer() -> None:
    used = Usage(prompt_tokens=10, completion_tokens=3)
    model = Model(Reply(["It flies into the"], usage=used, cut_off=True))

    ear, usage = await _answer(_tools(Provider("p", hits(URL)), model=model))

    assert [event.code for event in ear.heard if isinstance(event, Skipped)] == ["cut_off"]
    assert usage == used


async def test_pages_that_do_not_speak_of_the_question_are_no_evidence() -> None:
    tools = toolbox(
        Provider("p", hits(URL)), web=Web(pages={URL: "Bread rises in a warm oven. " * 9})
    )
    with pytest.raises(NoEvidence) as told:
        await _answer(tools)
    assert told.value.code == "no_results"
