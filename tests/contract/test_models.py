"""When a model is looked for again, and that no look harms whoever asks."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import anyio
import httpx2
import pytest

from codexity.adapters.llm.discover import Found
from codexity.adapters.llm.models import Models
from codexity.adapters.llm.openai import OpenAIModel
from codexity.adapters.llm.turns import Turns
from codexity.adapters.running.slots import LocalSlots
from codexity.errors import ProviderError, ProviderUnavailable
from codexity.ports import Message
from world import Diary

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


async def fails(models: Models) -> ProviderError:
    model = models.current("local")
    assert model is not None
    with pytest.raises(ProviderUnavailable) as caught:
        await model.reply(ASKED, {"type": "object"}, max_tokens=9)
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
