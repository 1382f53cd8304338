"""A model server that starts after Codexity is found, and one that is gone is forgotten."""

from __future__ import annotations

import json
import socket
from collections.abc import AsyncGenerator, Callable, Generator, Mapping
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import anyio
import httpx2
import pytest
from anyio.to_thread import run_sync

from asking import QUESTION, ask, library, models, skipped
from codexity.adapters.llm.discover import Candidate
from codexity.compose import Installation, opened
from codexity.model import Answer, Question
from codexity.settings import load
from llamacpp import llamacpp
from servers.local import Asked, LocalServer, Reply
from servers.openai import OpenAIServer
from smallweb.product import serving
from tiny_gguf import Tiny, make
from world import Diary, until

AGAIN_SECONDS = 0.2


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
