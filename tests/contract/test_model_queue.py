"""A real llama.cpp is sent no more than it works on, and what nobody waits for ends."""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import anyio
import httpx2
import pytest
from anyio.to_thread import run_sync

from codexity.compose import parts
from codexity.errors import ContextTooSmall, ProviderUnavailable
from codexity.ports import LanguageModel, Message
from codexity.settings import load
from llamacpp import LlamaCpp, llamacpp
from tiny_gguf import Tiny, make
from world import Diary

LONG = 1_500
"""Words of a prompt that takes the server a while."""
SHORT = (Message(role="user", content="how does it work"),)
OBJECT = {
    "type": "object",
    "properties": {"text": {"type": "string", "minLength": 4_000}},
    "required": ["text"],
}
"""What no model is done with within these tests."""
FREE_SECONDS = 1.0
"""Ten times what a slot takes to be free, for a machine that is busy."""


def prompt(first: str, words: int = LONG) -> tuple[Message, ...]:
    # Another first word each time, so that nothing of it is in the server's cache.
    return (Message(role="user", content=f"{first} " + "page " * words),)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rig:
    server: LlamaCpp
    settings: dict[str, Any]

    @asynccontextmanager
    async def models(self, **llm: object) -> AsyncGenerator[parts.Models]:
        """The models as an installation with these settings has them."""
        named = {"base_url": self.server.base_url, "model": self.server.model, **llm}
        settings = (
            await run_sync(lambda: load(overrides={**self.settings, "llm": named}))
        ).settings
        async with httpx2.AsyncClient(trust_env=False) as client:
            made = parts.models(settings, client, (), Diary(), 15.0)
            async with made as models:
                await models.look(5.0)
                yield models

    async def busy(self, count: int, seconds: float = 20.0) -> float:
        """How long it took until so many slots work."""
        begun = time.monotonic()
        while await run_sync(self.server.busy) != count:
            assert time.monotonic() - begun < seconds, f"not {count} slots work"
            await anyio.sleep(0.002)
        return time.monotonic() - begun


@contextmanager
def rigged(folder: Path, **server: Any) -> Generator[Rig]:
    path = make(folder / "tiny.gguf", Tiny(end_bias=-30))
    with llamacpp(path, **server) as started:
        yield Rig(server=started, settings={"data_dir": str(folder / "data")})


@pytest.fixture(scope="module")
def one_slot(tmp_path_factory: pytest.TempPathFactory) -> Generator[Rig]:
    with rigged(tmp_path_factory.mktemp("one"), slots=1) as rig:
        yield rig


@pytest.fixture(scope="module")
def two_slots(tmp_path_factory: pytest.TempPathFactory) -> Generator[Rig]:
    with rigged(tmp_path_factory.mktemp("two"), slots=2) as rig:
        yield rig


def asked(models: parts.Models, principal: str) -> LanguageModel:
    model = models.current(principal)
    assert model is not None
    return model


async def written(model: LanguageModel, messages: tuple[Message, ...], most: int = 20) -> int:
    async with model.write(messages, max_tokens=most) as writing:
        return len([piece async for piece in writing])


@pytest.mark.parametrize("how", ["write", "reply", "leaves and another comes"])
async def test_the_prompt_of_who_left_the_queue_is_never_evaluated(one_slot: Rig, how: str) -> None:
    async with one_slot.models() as models, anyio.create_task_group() as tasks:
        before = await run_sync(one_slot.server.evaluated)
        waiting = anyio.CancelScope()

        async def wait() -> None:
            with waiting:
                if how == "reply":
                    await asked(models, "b").reply(prompt("not"), OBJECT, max_tokens=500)
                else:
                    await written(asked(models, "b"), prompt("not"))

        async with asked(models, "a").write(SHORT, max_tokens=600) as writing:
            pieces = aiter(writing)
            await anext(pieces)
            tasks.start_soon(wait)
            # Long enough for anything that is sent at once to be there.
            for _ in range(100):
                await anext(pieces)
            if how == "leaves and another comes":
                tasks.start_soon(written, asked(models, "c"), SHORT)
            waiting.cancel()
            async for _ in pieces:
                pass
        # The server takes in turn: what it had got before would be done before this.
        assert await written(asked(models, "d"), SHORT)
        await one_slot.busy(0)
        assert await run_sync(one_slot.server.evaluated) - before < LONG / 2


async def test_the_prompt_of_who_stays_in_the_queue_is_evaluated(one_slot: Rig) -> None:
    before = await run_sync(one_slot.server.evaluated)
    async with one_slot.models() as models, anyio.create_task_group() as tasks:
        tasks.start_soon(written, asked(models, "a"), SHORT, 600)
        await one_slot.busy(1)
        tasks.start_soon(written, asked(models, "b"), prompt("which"))
    assert await run_sync(one_slot.server.evaluated) - before > LONG


async def test_principals_take_turns(one_slot: Rig) -> None:
    told: list[str] = []

    async def ask(principal: str) -> None:
        await written(asked(models, principal), SHORT, 5)
        told.append(principal)

    async with (
        one_slot.models() as models,
        anyio.create_task_group() as tasks,
        asked(models, "a").write(SHORT, max_tokens=2_000) as writing,
    ):
        await anext(aiter(writing))
        for principal in ("a", "a", "a", "b", "c"):
            tasks.start_soon(ask, principal)
            await anyio.lowlevel.checkpoint()
    assert told.index("b") < 3
    assert told.index("c") < 3
    assert told[-1] == "a"


@pytest.mark.parametrize("told", [{"at_once": 1}, {"at_once": 2}, {}])
async def test_as_many_are_sent_as_the_server_or_the_setting_says(
    two_slots: Rig, told: dict[str, int]
) -> None:
    async with two_slots.models(**told) as models, anyio.create_task_group() as tasks:
        begun: list[str] = []

        async def ask(principal: str) -> None:
            async with asked(models, principal).write(SHORT, max_tokens=8_000) as writing:
                await anext(aiter(writing))
                begun.append(principal)
                await anyio.sleep_forever()

        for principal in ("a", "b", "c"):
            tasks.start_soon(ask, principal)
        most = told.get("at_once", 2)
        with anyio.fail_after(20):
            while len(begun) < most:
                await anyio.sleep(0.005)
        await two_slots.busy(most)
        # One that nobody holds back would be with the server by now.
        assert await run_sync(two_slots.server.get, "/props")
        assert len(begun) == most
        tasks.cancel_scope.cancel()
    await two_slots.busy(0)


async def reworded(model: LanguageModel) -> None:
    await model.reply(SHORT, OBJECT, max_tokens=8_000)


async def rewritten(model: LanguageModel) -> None:
    await written(model, SHORT, 8_000)


@pytest.mark.parametrize("work", [reworded, rewritten])
@pytest.mark.parametrize("how", ["cancelled", "too late"])
async def test_what_is_given_up_frees_its_slot_while_another_is_written(
    two_slots: Rig, work: Callable[[LanguageModel], Any], how: str
) -> None:
    scope = anyio.CancelScope()

    async def ask() -> None:
        with scope:
            await work(asked(models, "b"))

    async with two_slots.models() as models, anyio.create_task_group() as tasks:
        tasks.start_soon(rewritten, asked(models, "a"))
        await two_slots.busy(1)
        tasks.start_soon(ask)
        await two_slots.busy(2)
        if how == "cancelled":
            scope.cancel()
        else:
            scope.deadline = anyio.current_time() + 0.2
            await anyio.sleep_until(scope.deadline)
        assert await two_slots.busy(1, FREE_SECONDS) < FREE_SECONDS
        # The other is still at it: it was no end of its own that freed the slot.
        assert await run_sync(two_slots.server.busy) == 1
        tasks.cancel_scope.cancel()
    await two_slots.busy(0)


# --- contexts ---------------------------------------------------------------------


@pytest.mark.parametrize("count", [2, 3, 4])
async def test_what_fits_a_shared_context_one_by_one_is_written_though_asked_at_once(
    tmp_path: Path, count: int
) -> None:
    heard: list[int] = []
    lost: list[ProviderUnavailable] = []
    with rigged(tmp_path, slots=None, context=2_048) as rig:
        async with rig.models() as models:

            async def ask(principal: str) -> None:
                try:
                    heard.append(await written(asked(models, principal), prompt(principal), 300))
                except ProviderUnavailable as error:
                    lost.append(error)

            for _ in range(2):
                heard.clear()
                lost.clear()
                async with anyio.create_task_group() as tasks:
                    for principal in "abcd"[:count]:
                        tasks.start_soon(ask, principal)
            # At the first time one may have had a word already, which nothing takes back.
            assert heard == [300] * count
            assert not lost


async def test_what_does_not_fit_alone_is_told_with_both_numbers(tmp_path: Path) -> None:
    told: list[ContextTooSmall] = []
    with rigged(tmp_path, slots=None, context=1_024) as rig:
        async with rig.models() as models:
            async with asked(models, "a").write(SHORT, max_tokens=600) as writing:
                await anext(aiter(writing))
                try:
                    await written(asked(models, "b"), prompt("b"))
                except ContextTooSmall as error:
                    told.append(error)
            assert await written(asked(models, "c"), SHORT)
    [error] = told
    assert error.context_tokens == 1_024
    assert error.prompt_tokens is not None
    assert error.prompt_tokens > LONG
    assert f"{error.prompt_tokens:,}" in error.message
    assert "1,024" in error.message
