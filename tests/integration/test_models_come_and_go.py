"""A model server that starts after Codexity is found, and one that is gone is forgotten."""

from __future__ import annotations

import json
import socket
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator, Mapping
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import anyio
import httpx2
import pytest
from anyio.to_thread import run_sync

from asking import QUESTION, ask, library, models, skipped
from codexity.adapters.llm.discover import Candidate, Found
from codexity.adapters.llm.models import Models
from codexity.adapters.llm.openai import OpenAIModel
from codexity.adapters.llm.turns import Turns
from codexity.adapters.running.slots import LocalSlots
from codexity.compose import Installation, opened
from codexity.errors import ProviderError, ProviderUnavailable
from codexity.model import Answer, Question
from codexity.ports import Message
from codexity.settings import load
from llamacpp import llamacpp
from servers.local import Asked, LocalServer, Reply
from servers.openai import OpenAIServer
from smallweb.product import serving
from tiny_gguf import Tiny, make
from world import Diary, until

AGAIN_SECONDS = 0.2
ASKED = (Message(role="user", content="how"),)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return taken.getsockname()[1]


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return library(tmp_path_factory.mktemp("shelf"))


@asynccontextmanager
async def installed(
    shelf: Mapping[str, str], *candidates: Candidate, **environ: str
) -> AsyncGenerator[Installation]:
    told = {**shelf, "CODEXITY_LLM__DISCOVER": "true", **environ}
    folder = Path(shelf["CODEXITY_DATA_DIR"])
    settings = (await run_sync(lambda: load(environ=told, cwd=folder))).settings
    with anyio.fail_after(60):
        async with opened(
            settings, Diary(), candidates=candidates, again_seconds=AGAIN_SECONDS
        ) as installation:
            yield installation


async def answered(installation: Installation) -> Answer:
    engine = installation.engine
    run = engine.start(Question(text=QUESTION))
    async with engine.follow(run, principal="local") as follower:
        while await follower.read():
            pass
    return await engine.snapshot(run, principal="local")


async def becomes(installation: Installation, model: str | None) -> Answer:
    """Asks until this model answers; fails after a while in which it never does."""
    with anyio.fail_after(20):
        while True:
            answer = await answered(installation)
            if answer.model == model:
                return answer
            await anyio.sleep(0.02)


def known(installation: Installation) -> str | None:
    model = installation.engine.tools.models.current("local")
    return model.name if model else None


async def test_a_llamacpp_that_starts_late_is_found_and_forgotten_when_it_dies(
    shelf: dict[str, str], tmp_path: Path
) -> None:
    port = free_port()
    there = Candidate(kind="llama.cpp", url=f"http://127.0.0.1:{port}")
    path = await run_sync(make, tmp_path / "tiny.gguf", Tiny(end_bias=-30))
    limits = {"CODEXITY_LIMITS__ANSWER_TOKENS": "16"}
    async with installed(shelf, there, **limits) as installation:
        assert (await answered(installation)).model is None
        with llamacpp_at(path, port) as kill:
            found = await becomes(installation, "tiny")
            assert found.text
            assert (await answered(installation)).model == "tiny", "it is still there"
            kill()
            gone = await becomes(installation, None)
            assert gone.text
            assert gone.status == "completed"
            await until(lambda: known(installation) is None)
        # Another one in its place.
        with llamacpp_at(path, port):
            assert (await becomes(installation, "tiny")).text


@contextmanager
def llamacpp_at(path: Path, port: int) -> Generator[Callable[[], None]]:
    with llamacpp(path, port=port, slots=1) as server:
        yield server.kill


async def test_nothing_is_found_where_nothing_may_be_looked_for(
    shelf: dict[str, str], tmp_path: Path
) -> None:
    path = await run_sync(make, tmp_path / "tiny.gguf")
    port = free_port()
    there = Candidate(kind="llama.cpp", url=f"http://127.0.0.1:{port}")
    async with (
        installed(shelf, there) as looking,
        installed(shelf, there, CODEXITY_LLM__DISCOVER="false") as blind,
    ):
        with llamacpp_at(path, port):
            await becomes(looking, "tiny")
            assert (await answered(blind)).model is None
            assert known(blind) is None


def tags(name: str) -> dict[str, object]:
    one = {"name": name, "model": name, "digest": "a" * 64, "details": {"family": "llama"}}
    return {"/api/tags": {"models": [one]}}


def serve(replies: Mapping[str, object]) -> Callable[[Asked], Reply]:
    def answer(asked: Asked) -> Reply:
        if asked.path not in replies:
            return Reply(status=404)
        return Reply(pieces=(json.dumps(replies[asked.path]).encode(),))

    return answer


async def test_another_model_of_the_same_server_is_noticed(shelf: dict[str, str]) -> None:
    with LocalServer(serve(tags("first:1b"))) as server:
        async with installed(shelf, Candidate(kind="Ollama", url=server.url)) as installation:
            assert known(installation) == "first:1b"
            server.answer = serve(tags("second:1b"))
            await until(lambda: known(installation) == "second:1b", 10)


async def test_a_server_that_is_silent_once_is_not_forgotten(shelf: dict[str, str]) -> None:
    with LocalServer(serve(tags("first:1b"))) as server:
        async with installed(shelf, Candidate(kind="Ollama", url=server.url)) as installation:
            usual, refused = server.answer, list[Asked]()

            def once(asked: Asked) -> Reply:
                if asked.path == "/api/tags" and not refused:
                    refused.append(asked)
                    return Reply(status=500)
                return usual(asked)

            server.answer = once
            begun = looks_at(server)
            while looks_at(server) < begun + 4:
                assert known(installation) == "first:1b"
                await anyio.sleep(0.005)
            assert refused
            server.answer = lambda _: Reply(status=500)
            await until(lambda: known(installation) is None, 10)


def looks_at(server: LocalServer) -> int:
    return sum(one.path == "/api/tags" for one in server.asked)


async def test_who_asks_does_not_wait_for_a_look(shelf: dict[str, str]) -> None:
    with LocalServer(lambda _: Reply(hold=True)) as server:
        async with installed(shelf, Candidate(kind="Ollama", url=server.url)) as installation:
            begun = len(server.asked)
            await until(lambda: known(installation) is None and len(server.asked) > begun, 10)
            with anyio.fail_after(1.5):  # a look goes on for two seconds
                assert (await answered(installation)).model is None


# --- the looks themselves ---------------------------------------------------------


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


# --- who is told ------------------------------------------------------------------


@pytest.mark.parametrize("named", [False, True])
def test_ready_says_which_model_writes(shelf: dict[str, str], tmp_path: Path, named: bool) -> None:
    with OpenAIServer(lambda _: "It hovers [1].") as server:
        llm = {"BASE_URL": server.base_url, "MODEL": server.model, "API_KEY": server.key}
        told = {f"CODEXITY_LLM__{name}": value for name, value in llm.items()} if named else {}
        with serving(tmp_path, {**shelf, **told}) as address:
            ready = httpx2.get(f"{address}/ready", trust_env=False).json()
            heard = ask(address)
    writes = server.model if named else None
    assert ready == {"status": "ready", "model": writes}
    assert (models(heard), skipped(heard, "write")) == ([writes], [])
