"""The schemas of events and answers: whatever is said has its shape, and nothing else does."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from typing import Any, get_args

import jsonschema_rs
import pytest

from codexity.edges.http.schemas import components
from codexity.edges.spelling import answer_object
from codexity.events import (
    KINDS,
    ClaimChecked,
    Done,
    Event,
    Failed,
    PageRead,
    Skipped,
    Sources,
    SourcesPreview,
    Status,
    Step,
    Token,
    answer_of,
    encode,
)
from codexity.model import Quotation, Source, Tried, Usage
from living import KESTREL, answering, events_of, living, writing
from world import Provider, Reply, toolbox

RUN = "0" * 32
SOURCE = Source(index=1, title="t", url="u", site="s", published=None, quote="q", link="l")
USAGE = Usage(prompt_tokens=1, completion_tokens=2)
QUOTED = Quotation(index=1, text="q", link="l")
STATUSES = (
    Status(step="queued", run=RUN, place=3),
    Status(step="rewriting_query", run=RUN, protocol=1),
    Status(step="queries_ready", queries=("a", "b")),
    Status(step="searching"),
    Status(step="scraping"),
    Status(step="scraping_done", scraped=1, total=2),
    Status(step="processing"),
    Status(step="generating", model="tiny"),
    Status(step="generating"),
)
OTHERS: tuple[Event, ...] = (
    Skipped(stage="read", what="u", why="w", code="robots", detail="for the log alone"),
    SourcesPreview(count=2, urls=("a", "b")),
    PageRead(url="u", title="t", chars=7, via="http"),
    Sources(sources=(SOURCE, SOURCE)),
    Token(text="It hovers."),
    ClaimChecked(start=0, end=2, citations=(1,), support="quoted", quotes=(QUOTED,)),
    Failed(code="no_pages", message="m", retryable=False, tried=(Tried(what="w", said="s"),)),
    Failed(code="busy", message="m", retryable=True),
    Done(status="completed", run=RUN, seconds={"total": 1.5}),
    Done(
        status="failed", run=RUN, seconds={}, usage=USAGE
    ),
)  # fmt: skip


def strict(schema: Any) -> Any:
    """The schema, which takes nothing that it does not name."""
    match schema:
        case {"type": "object", "properties": dict()}:
            closed = {name: strict(one) for name, one in schema.items()}
            return {"additionalProperties": False} | closed
        case dict():
            return {name: strict(one) for name, one in schema.items()}  # pyright: ignore[reportUnknownVariableType]
        case list():
            return [strict(one) for one in schema]  # pyright: ignore[reportUnknownVariableType]
        case _:
            return schema


@cache
def validator(name: str) -> jsonschema_rs.Validator:
    schemas = {"components": {"schemas": strict(components())}}
    return jsonschema_rs.validator_for({"$ref": f"#/components/schemas/{name}", **schemas})


def data(event: Event) -> Any:
    return json.loads(encode(event).decode().partition("data: ")[2])


def others(name: str) -> Iterator[str]:
    return (one for one in (*KINDS, "heartbeat") if one != name)


def test_the_examples_are_of_every_event_and_step() -> None:
    assert {type(one) for one in (*STATUSES, *OTHERS)} == set(KINDS.values())
    assert {one.step for one in STATUSES} == set(get_args(Step))


@pytest.mark.parametrize("event", [*STATUSES, *OTHERS], ids=lambda one: type(one).__name__)
def test_what_is_said_has_the_shape_that_is_described_and_no_other(event: Event) -> None:
    said = data(event)
    validator(f"{event.name}_event").validate(said)
    for name in others(event.name):
        assert not validator(f"{name}_event").is_valid(said)
    for name in said:
        left = {key: value for key, value in said.items() if key != name}
        assert validator(f"{event.name}_event").is_valid(left) == (name == "tried")
    assert not validator(f"{event.name}_event").is_valid({**said, "detail": "x"})


@pytest.mark.parametrize("event", [*STATUSES, *OTHERS], ids=lambda one: type(one).__name__)
def test_an_event_as_a_client_parses_it_is_one_of_those_described(event: Event) -> None:
    parsed = {"id": f"{RUN}-7", "event": event.name, "data": json.dumps(data(event))}
    assert validator("Event").is_valid(parsed)
    assert not validator("Event").is_valid(parsed | {"event": "noise"})
    assert not validator("Event").is_valid(parsed | {"id": "7"})


async def test_everything_that_runs_say_is_described_and_so_are_their_answers() -> None:
    found: set[str] = set()
    reply, _ = writing(Reply(["It flies into the wind [1]."], usage=USAGE))
    for tools in (answering(), toolbox(Provider("p")), reply):
        async with living(tools) as (engine, _diary):
            events = await events_of(engine, KESTREL)
        for event in events:
            validator(f"{event.name}_event").validate(data(event))
            found.add(event.name)
        spelled = json.loads(json.dumps(answer_object(answer_of("q", RUN, events))))
        validator("Answer").validate(spelled)
        assert not validator("Answer").is_valid({**spelled, "more": 1})
    assert found >= {"status", "skipped", "page", "sources", "token", "error", "done"}
