"""When a model is looked for again, and that no look harms whoever asks."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import anyio
import httpx2
import pytest
from anyio.to_thread import run_sync

from codexity.adapters.llm.discover import Found
from codexity.adapters.llm.models import Models
from codexity.adapters.llm.openai import OpenAIModel
from codexity.adapters.llm.queued import QueuedModel
from codexity.adapters.llm.turns import Turns
from codexity.adapters.running.slots import LocalSlots
from codexity.compose import parts
from codexity.errors import ProviderError, ProviderUnavailable
from codexity.ports import LanguageModel, Message
from codexity.settings import load
from servers.local import Asked, LocalServer, Reply
from servers.openai import OpenAIServer
from world import Diary, until

ASKED = (Message(role="user", content="how"),)


class Looking:
    """Counts the looks; each finds what is there then."""

    def __init__(self, found: Found | None = None, fault: Exception | None = None) -> None:
        self.found = found
        self.fault = fault
        self.looks = 0

    async def __call__(self, _seconds: float) -> Found | None:
        self.looks += 1
        await anyio.lowlevel.checkpoint()
        if self.fault is not None:
            raise self.fault
        return self.found


def found(model: str, **told: Any) -> Found:
    return Found(kind="Ollama", base_url="http://127.0.0.1:1/v1", model=model, **told)


@asynccontextmanager
async def looked(
    looking: Callable[[float], Awaitable[Found | None]], *, again_seconds: float, named: bool
) -> AsyncGenerator[tuple[Models, Diary]]:
    diary = Diary()
    async with httpx2.AsyncClient(trust_env=False) as client:

        def make_one(one: Found) -> tuple[OpenAIModel, Turns]:
            model = OpenAIModel(
                base_url=one.base_url,
                model=one.model,
                client=client,
                context_tokens=one.context_tokens,
            )
            return model, Turns(LocalSlots(9, 9), wait_seconds=5)

        models = Models(
            look=looking,
            make=make_one,
            otherwise=make_one(found("named")) if named else None,
            journal=diary,
            again_seconds=again_seconds,
        )
        async with models:
            await models.look()
            yield models, diary


def asked(models: Models) -> LanguageModel:
    model = models.current("local")
    assert model is not None
    return model


async def fails(models: Models) -> ProviderError:
    with pytest.raises(ProviderUnavailable) as caught:
        await asked(models).reply(ASKED, {"type": "object"}, max_tokens=9)
    return caught.value


@pytest.mark.parametrize("named", [False, True])
async def test_it_is_not_looked_again_within_the_time_though_all_fail(named: bool) -> None:
    looking = Looking(found("m"))
    async with looked(looking, again_seconds=60, named=named) as (models, _):
        for _ in range(5):
            assert (await fails(models)).code == "unreachable"
        await anyio.wait_all_tasks_blocked()
        assert looking.looks == 1


async def test_who_asks_at_once_has_one_look_together() -> None:
    looking = Looking()
    async with looked(looking, again_seconds=0, named=False) as (models, _):
        for _ in range(50):
            assert models.current("local") is None
        await anyio.wait_all_tasks_blocked()
        assert looking.looks == 2


async def test_a_named_server_that_said_all_is_looked_at_again_when_it_failed() -> None:
    looking = Looking(found("m", context_tokens=2_048))
    async with looked(looking, again_seconds=0, named=True) as (models, _):
        for _ in range(5):
            assert models.current("local") is not None
            await anyio.wait_all_tasks_blocked()
        assert looking.looks == 1
        looking.found = found("other", context_tokens=4_096)
        await fails(models)
        models.current("local")
        await anyio.wait_all_tasks_blocked()
        model = models.current("local")
        assert model is not None
        assert (model.name, model.context_tokens) == ("other", 4_096)


async def now(models: Models) -> OpenAIModel:
    """The model as it is once the look that asking for it begins has ended."""
    models.current("local")
    await anyio.wait_all_tasks_blocked()
    model = models.current("local")
    assert isinstance(model, QueuedModel)
    assert isinstance(model.model, OpenAIModel)
    return model.model


@pytest.mark.parametrize("named", [False, True])
async def test_what_a_look_does_not_tell_of_the_same_model_is_as_it_was(named: bool) -> None:
    looking = Looking(found("m", context_tokens=4_096, slots=2))
    async with looked(looking, again_seconds=0, named=named) as (models, _):
        first = await now(models)
        looking.found = found("m")
        await fails(models)
        assert await now(models) is first, "it knows what its server refuses"
        looking.found = found("m", context_tokens=2_048, slots=2)
        await fails(models)
        assert (await now(models)).context_tokens == 2_048
        looking.found = found("other")
        await fails(models)
        other = await now(models)
        assert (other.name, other.context_tokens) == ("other", None)


@pytest.mark.parametrize("named", [False, True])
async def test_a_server_that_is_away_keeps_its_queue_where_it_is_named(named: bool) -> None:
    looking = Looking(found("m", slots=1))
    async with looked(looking, again_seconds=0, named=named) as (models, _):
        queued = models.current("local")
        assert isinstance(queued, QueuedModel)
        looking.found = None
        await fails(models)
        await anyio.wait_all_tasks_blocked()
        # A second look: who was silent once is not forgotten.
        models.current("local")
        await anyio.wait_all_tasks_blocked()
        away = models.current("local")
        assert (away is None) == (not named)
        if isinstance(away, QueuedModel):
            assert (away.name, away.turns is queued.turns) == ("named", True)


@pytest.mark.parametrize(("status", "looks"), [(400, 2), (401, 1)])
async def test_a_named_server_is_looked_at_again_when_a_prompt_does_not_fit(
    status: int, looks: int
) -> None:
    said = b'{"error": {"message": "request (9 tokens) exceeds the available context size (8)"}}'
    refused = Reply(status=status, pieces=(said,))
    with LocalServer(lambda _: refused) as server:
        told = replace(found("m", context_tokens=2_048), base_url=f"{server.url}/v1")
        looking = Looking(told)
        async with looked(looking, again_seconds=0, named=True) as (models, _):
            model = await now(models)
            with pytest.raises(ProviderError):
                await asked(models).reply(ASKED, {"type": "object"}, max_tokens=9)
            looking.found = replace(told, context_tokens=512)
            assert (await now(models) is model) == (looks == 1)
            assert looking.looks == looks


async def test_what_a_model_has_shown_is_known_once_its_context_is(tmp_path: Path) -> None:
    musing = "Looking for mills. \n</think>\n"
    props: dict[str, object] = {}

    def answer(asked: Asked) -> Reply:
        if asked.path == "/props":
            return Reply(pieces=(json.dumps(props).encode(),))
        return server.usual(asked)

    async with httpx2.AsyncClient(trust_env=False) as client:
        with OpenAIServer(lambda _: f"{musing}It is old.") as server:
            server.answer = answer
            llm = {"base_url": server.base_url, "model": server.model, "api_key": server.key}
            told = {"data_dir": tmp_path, "llm": llm}
            settings = (await run_sync(lambda: load(overrides=told, environ={}))).settings
            async with parts.models(settings, client, (), Diary(), 0) as models:
                assert await said(models) == f"{musing}It is old.", "nothing spoke for thinking"
                props["default_generation_settings"] = {"n_ctx": 4_096}
                await until(lambda: asked(models).context_tokens == 4_096)
                assert await said(models) == "It is old."


async def said(models: Models) -> str:
    async with asked(models).write(ASKED, max_tokens=90) as writing:
        return "".join([piece async for piece in writing])


async def test_a_look_that_breaks_ends_nothing_and_is_told() -> None:
    looking = Looking(fault=LookupError("odd"))
    async with looked(looking, again_seconds=0, named=False) as (models, diary):
        assert models.current("local") is None
        await anyio.wait_all_tasks_blocked()
        assert [type(one.error) for one in diary.loops] == [LookupError, LookupError]
        looking.fault, looking.found = None, found("m")
        models.current("local")
        await anyio.wait_all_tasks_blocked()
        model = models.current("local")
        assert model is not None
        assert model.name == "m"
