"""A question becomes queries: its own at once, a model's when they come in time."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import anyio
import pytest

from codexity.errors import ProviderError, ProviderRefused, ProviderUnavailable
from codexity.events import Event, Status
from codexity.model import Filters, Limits, Query, Question
from codexity.ports import LanguageModel, Message
from codexity.stages.rewrite import PROMPT, SCHEMA, rewrite
from world import Model, Reply

TEXT = "How does a kestrel hover in one place?"
OWN = (TEXT, "kestrel hover one place")
MORE = ("kestrel hovering flight", "why birds hover")
LIMITS = Limits(rewrite_seconds=5.0)


class Ear:
    def __init__(self) -> None:
        self.heard: list[Event] = []

    async def __call__(self, *events: Event) -> None:
        self.heard += events

    def ready(self) -> list[tuple[str, ...] | None]:
        return [event.queries for event in self.heard if isinstance(event, Status)]


class Rewording(Model):
    """Answers with `reply`, raises it where it is an error, and keeps what it was asked."""

    def __init__(self, reply: object) -> None:
        super().__init__(Reply([]))
        self.given = reply
        self.asked: list[tuple[Sequence[Message], Mapping[str, Any]]] = []

    async def reply(
        self, messages: Sequence[Message], schema: Mapping[str, Any], *, max_tokens: int
    ) -> dict[str, Any]:
        assert max_tokens > 0
        self.asked.append((messages, schema))
        if isinstance(self.given, ProviderError):
            raise self.given
        return {"queries": self.given}


async def queries(
    model: LanguageModel | None,
    *,
    text: str = TEXT,
    filters: Filters | None = None,
    limits: Limits = LIMITS,
) -> tuple[list[Query], list[tuple[str, ...] | None]]:
    """What is searched for, and what is said of it; the stream of queries ends."""
    ear = Ear()
    question = Question(text=text, filters=filters or Filters())
    send, receive = anyio.create_memory_object_stream[Query](limits.max_queries)
    with anyio.fail_after(5):
        async with receive:
            await rewrite(question, send, model=model, limits=limits, emit=ear)
            return [query async for query in receive], ear.ready()


def texts(found: list[Query]) -> tuple[str, ...]:
    return tuple(query.text for query in found)


async def test_without_a_model_the_question_and_its_keywords_are_searched() -> None:
    found, ready = await queries(None)
    assert (texts(found), ready) == (OWN, [OWN])


async def test_a_question_of_keywords_is_searched_once() -> None:
    found, ready = await queries(None, text="Kestrel hover")
    assert (texts(found), ready) == (("Kestrel hover",), [("Kestrel hover",)])


async def test_filters_go_with_every_query() -> None:
    filters = Filters(
        site=("a.example",), exclude_site=("b.example",), after="2024-01-01", before="2025-01-01",
        language="de", collection=("documents",),
    )  # fmt: skip
    found, _ = await queries(Rewording(MORE), filters=filters)
    assert texts(found) == (*OWN, *MORE)
    for query in found:
        assert query == Query(
            text=query.text, site=("a.example",), exclude_site=("b.example",), after="2024-01-01",
            before="2025-01-01", language="de", collection=("documents",),
        )  # fmt: skip


async def test_operators_that_a_model_adds_are_left_out() -> None:
    found, _ = await queries(Rewording(("kestrel site:x.org after:2024", 'why "site:x.org" birds')))
    assert texts(found) == (*OWN, "kestrel", 'why "site:x.org" birds')


async def test_a_models_queries_join_and_are_told() -> None:
    model = Rewording(MORE)
    found, ready = await queries(model)
    assert texts(found) == (*OWN, *MORE)
    assert ready == [OWN, (*OWN, *MORE)]
    [((system, user), schema)] = model.asked
    assert (system.content, schema) == (PROMPT, SCHEMA)
    assert json.loads(user.content) == {"question": TEXT}


async def test_the_questions_own_queries_do_not_wait_for_the_model() -> None:
    ear, model = Ear(), Model(Reply([]), queries=MORE, rewriting=anyio.Event())
    send, receive = anyio.create_memory_object_stream[Query](0)

    async def rewriting() -> None:
        await rewrite(Question(text=TEXT), send, model=model, limits=LIMITS, emit=ear)

    with anyio.fail_after(5):
        async with anyio.create_task_group() as tasks, receive:
            tasks.start_soon(rewriting)
            assert [(await receive.receive()).text for _ in OWN] == [*OWN]
            assert ear.ready() == [OWN]
            assert model.rewriting is not None
            model.rewriting.set()
            assert [query.text async for query in receive] == [*MORE]


@pytest.mark.parametrize(
    ("reply", "kept"),
    [
        ((), ()),
        (("", " \n", "?!"), ()),
        ((OWN[1].upper(), f" {TEXT}\n"), ()),
        (("x" * 201, "x" * 200), ("x" * 200,)),
        (("  why\tbirds\n hover ",), ("why birds hover",)),
        (("a b", "A  b!", "c d"), ("a b", "c d")),
        (("birds \ud83d hover",), ("birds ? hover",)),
        (("one", "two", "three", "four"), ("one", "two")),
    ],
)
async def test_only_queries_that_are_new_and_short_join(
    reply: tuple[str, ...], kept: tuple[str, ...]
) -> None:
    found, ready = await queries(Rewording(reply))
    assert texts(found) == (*OWN, *kept)
    assert ready == ([OWN, (*OWN, *kept)] if kept else [OWN])


@pytest.mark.parametrize("most", [1, 2, 3])
async def test_queries_are_bounded_and_a_model_is_asked_only_when_there_is_room(most: int) -> None:
    model = Rewording(MORE)
    found, _ = await queries(model, limits=Limits(max_queries=most))
    assert texts(found) == (*OWN, *MORE)[:most]
    assert len(model.asked) == (most > len(OWN))


@pytest.mark.parametrize(
    "error",
    [
        ProviderRefused("It refused the key.", code="unauthorized"),
        ProviderUnavailable("It made no sense.", code="bad_reply"),
    ],
)
async def test_a_model_that_fails_costs_nothing_but_its_queries(error: ProviderError) -> None:
    assert await queries(Rewording(error)) == await queries(None)


async def test_a_model_that_is_late_is_left_behind_at_the_deadline() -> None:
    late = Model(Reply([]), queries=MORE, rewriting=anyio.Event())
    begin = anyio.current_time()
    found, ready = await queries(late, limits=Limits(rewrite_seconds=0.1))
    assert (texts(found), ready) == (OWN, [OWN])
    assert 0.1 <= anyio.current_time() - begin < 2
    assert late.rewriting is not None
    assert late.rewriting.statistics().tasks_waiting == 0
