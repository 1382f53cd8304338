"""Which model writes when none is named: found on this machine, or the first of a named server."""

from __future__ import annotations

import json
import socket
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import anyio
import pytest
from anyio.to_thread import run_sync

from asking import QUESTION, ask, library, models, skipped, text
from codexity.adapters.llm.discover import Candidate
from codexity.compose import opened
from codexity.model import Answer, Question
from codexity.settings import load
from llamacpp import llamacpp
from servers.local import Asked, LocalServer, Reply
from servers.openai import events
from smallweb.product import serving
from tiny_gguf import make
from world import Diary

WORDS = ("It flies", " into the wind", " [1].")
SAID = "It flies into the wind [1]."
TAGS = {
    "models": [
        {
            "name": name,
            "model": name,
            "modified_at": "2026-10-01T12:00:00.000000000+02:00",
            "size": 3_338_801_804,
            "digest": digest * 64,
            "details": {
                "parent_model": "",
                "format": "gguf",
                "family": family,
                "families": [family],
                "parameter_size": "4.3B",
                "quantization_level": "Q4_K_M",
            },
        }
        for name, digest, family in (
            ("all-minilm:latest", "a", "bert"),
            ("gemma3:4b", "b", "gemma3"),
        )
    ]
}


def listed(*names: str, owner: str = "library") -> dict[str, Any]:
    models = [{"id": one, "object": "model", "created": 1, "owned_by": owner} for one in names]
    return {"object": "list", "data": models}


@contextmanager
def model_server(replies: Mapping[str, object]) -> Generator[LocalServer]:
    """Answers these paths with these objects, and writes `WORDS` as the last of its models."""

    def answer(asked: Asked) -> Reply:
        if asked.path == "/v1/chat/completions":
            if "response_format" in json.loads(asked.body):
                return Reply(status=500)
            return Reply(media_type="text/event-stream", framing="chunked", pieces=events(WORDS))
        if asked.path not in replies:
            return Reply(status=404)
        return Reply(pieces=(json.dumps(replies[asked.path]).encode(),))

    with LocalServer(answer) as server:
        yield server


def wanted(server: LocalServer) -> set[str]:
    """The models that were asked for."""
    chats = [one for one in server.asked if one.path == "/v1/chat/completions"]
    return {json.loads(one.body)["model"] for one in chats}


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return library(tmp_path_factory.mktemp("shelf"))


@pytest.fixture
def closed() -> str:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return f"http://127.0.0.1:{taken.getsockname()[1]}"


async def found(shelf: Mapping[str, str], *candidates: Candidate, discovers: bool = True) -> Answer:
    """The answer of an installation that looks for a model server at these places."""
    # What embeds is looked for as well, by tests of its own.
    environ = {
        **shelf,
        "CODEXITY_LLM__DISCOVER": json.dumps(discovers),
        "CODEXITY_EMBED__DISCOVER": "false",
    }
    folder = Path(shelf["CODEXITY_DATA_DIR"])
    settings = (await run_sync(lambda: load(environ=environ, cwd=folder))).settings
    with anyio.fail_after(30):
        async with opened(settings, Diary(), candidates=candidates) as installation:
            engine = installation.engine
            run = engine.start(Question(text=QUESTION))
            async with engine.follow(run, principal="local") as follower:
                while await follower.read():
                    pass
            return await engine.snapshot(run, principal="local")


# --- found on this machine --------------------------------------------------------


async def test_an_ollama_is_found_and_its_model_is_named(shelf: dict[str, str]) -> None:
    with model_server({"/api/tags": TAGS}) as server:
        there = Candidate(kind="Ollama", url=server.url)
        answer = await found(shelf, there)
        assert (answer.model, answer.text, answer.skipped) == ("gemma3:4b", SAID, ())
        assert wanted(server) == {"gemma3:4b"}

        answer = await found(shelf, there, discovers=False)
        assert answer.model is None
        assert "[1]" in answer.text


async def test_a_key_goes_to_no_server_that_was_only_found(shelf: dict[str, str]) -> None:
    keyed = {**shelf, "CODEXITY_LLM__API_KEY": "sk-of-somebody-else"}
    with model_server({"/api/tags": TAGS}) as server:
        answer = await found(keyed, Candidate(kind="Ollama", url=server.url))
        assert answer.model == "gemma3:4b"
        assert {one.headers.get("authorization") for one in server.asked} == {None}

        named = {"CODEXITY_LLM__BASE_URL": f"{server.url}/v1", "CODEXITY_LLM__MODEL": "gemma3:4b"}
        await found({**keyed, **named})
        assert server.asked[-1].headers["authorization"] == "Bearer sk-of-somebody-else"


async def test_a_real_llamacpp_is_found_and_its_model_is_named(
    shelf: dict[str, str], tmp_path: Path, closed: str
) -> None:
    with llamacpp(make(tmp_path / "tiny.gguf")) as server:
        answer = await found(
            shelf,
            Candidate(kind="Ollama", url=closed),
            Candidate(kind="llama.cpp", url=server.url),
        )
        assert (answer.model, answer.status) == ("tiny", "completed")
        assert answer.usage is not None


async def test_an_unrelated_server_on_such_a_port_is_not_given_the_question(
    shelf: dict[str, str],
) -> None:
    with LocalServer(lambda _: Reply(pieces=(b'{"models": [{"name": "a"}]}',))) as server:
        answer = await found(
            shelf,
            Candidate(kind="Ollama", url=server.url),
            Candidate(kind="llama.cpp", url=server.url),
        )
        assert {one.method for one in server.asked} == {"GET"}
    assert answer.model is None
    assert "[1]" in answer.text


# --- the first of a server that was named -----------------------------------------


@pytest.mark.parametrize(
    ("names", "first"),
    [
        (listed("nomic-embed-text:latest", "gpt-oss:120b-cloud", "gemma3:4b", "b"), "gemma3:4b"),
        (listed("models/some-7b.gguf", owner="llamacpp"), "some-7b.gguf"),
        (listed("models/some-7b.gguf", owner="me"), "models/some-7b.gguf"),
        (listed("bge-m3"), "default"),
        ({"data": None}, "default"),
        ({}, "default"),
    ],
)
def test_a_server_named_without_a_model_writes_with_its_first(
    shelf: dict[str, str], tmp_path: Path, names: object, first: str
) -> None:
    with model_server({"/v1/models": names}) as server:
        named = {**shelf, "CODEXITY_LLM__BASE_URL": f"{server.url}/v1"}
        with serving(tmp_path, named) as address:
            heard = ask(address)
        shown = "the model" if first == "default" else first
        assert (models(heard), text(heard)) == ([shown], SAID)
        assert wanted(server) == {first}


def test_a_model_that_was_named_is_used_whatever_its_server_lists(
    shelf: dict[str, str], tmp_path: Path
) -> None:
    with model_server({"/v1/models": listed("gemma3:4b")}) as server:
        named = {"CODEXITY_LLM__BASE_URL": f"{server.url}/v1", "CODEXITY_LLM__MODEL": "mine"}
        with serving(tmp_path, {**shelf, **named}) as address:
            assert models(ask(address)) == ["mine"]
        assert wanted(server) == {"mine"}


def test_the_list_is_asked_for_with_the_key(shelf: dict[str, str], tmp_path: Path) -> None:
    with llamacpp(make(tmp_path / "tiny.gguf"), key="secret") as server:
        named = {"CODEXITY_LLM__BASE_URL": server.base_url, "CODEXITY_LLM__API_KEY": "secret"}
        with serving(tmp_path, {**shelf, **named}) as address:
            heard = ask(address)
    assert models(heard) == ["tiny"]
    assert heard[-1].data["status"] == "completed"


def test_a_model_server_that_starts_later_is_used_from_then_on(
    shelf: dict[str, str], tmp_path: Path
) -> None:
    with LocalServer() as server:
        # It is there, and knows nothing yet: as one that is still loading its model.
        server.answer = lambda _: Reply(status=503)
        named = {**shelf, "CODEXITY_LLM__BASE_URL": f"{server.url}/v1"}
        with serving(tmp_path, named) as address:
            heard = ask(address)
            assert models(heard) == ["the model", None]
            assert skipped(heard, "write") == ["unreachable"]
            assert "[1]" in text(heard)
            with model_server({"/v1/models": listed("gemma3:4b")}) as ready:
                server.answer = ready.answer
                heard = ask(address)
            assert (models(heard), text(heard)) == (["gemma3:4b"], SAID)


def test_a_model_server_that_hangs_or_is_down_does_not_stop_the_start(
    shelf: dict[str, str], tmp_path: Path, closed: str
) -> None:
    with LocalServer(lambda _: Reply(hold=True)) as hanging:
        for number, url in enumerate((closed, hanging.url)):
            folder = tmp_path / str(number)
            folder.mkdir()
            named = {
                **shelf,
                "CODEXITY_LLM__BASE_URL": f"{url}/v1",
                "CODEXITY_LIMITS__FIRST_TOKEN_SECONDS": "0.5",
                "CODEXITY_LIMITS__REWRITE_SECONDS": "0.2",
            }
            with serving(folder, named) as address:
                heard = ask(address)
            assert models(heard) == ["the model", None]
            assert skipped(heard, "write") == ["timeout" if number else "unreachable"]
            assert "[1]" in text(heard)
            assert heard[-1].data["status"] == "completed"
