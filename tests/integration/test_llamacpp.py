"""A real llama.cpp server: found, spoken to, killed in the middle of a sentence."""

from __future__ import annotations

import json
import socket
from collections.abc import AsyncGenerator
from pathlib import Path

import httpx2
import pytest

from codexity.adapters.llm.discover import Candidate, discover
from codexity.adapters.llm.openai import OpenAIModel
from codexity.errors import ProviderUnavailable
from codexity.ports import Message
from llamacpp import llamacpp
from servers.local import Asked, LocalServer, Reply
from tiny_gguf import Tiny, make

ASKED = (Message(role="user", content="how does it work"),)
OLLAMA = {
    "models": [
        {"name": "nomic-embed-text:latest", "digest": "1", "details": {"family": "nomic-bert"}},
        {"name": "all-minilm:33m", "digest": "2", "details": {"family": "bert"}},
        {"name": "gpt-oss:120b-cloud", "digest": "3", "details": {"family": "gptoss"}},
        {"name": "far:1b", "digest": "4", "details": {"family": "x"}, "remote_host": "https://h"},
        {"name": "gemma3:4b", "model": "gemma3:4b", "digest": "5", "details": {"family": "gemma3"}},
        {"name": "qwen3:8b", "digest": "6", "details": {"family": "qwen3"}},
    ]
}


@pytest.fixture
async def client() -> AsyncGenerator[httpx2.AsyncClient]:
    async with httpx2.AsyncClient(trust_env=False) as opened:
        yield opened


@pytest.fixture
def closed() -> str:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return f"http://127.0.0.1:{taken.getsockname()[1]}"


def serving(replies: dict[str, object]) -> LocalServer:
    def answer(asked: Asked) -> Reply:
        if asked.path not in replies:
            return Reply(status=404)
        return Reply(pieces=(json.dumps(replies[asked.path]).encode(),))

    return LocalServer(answer)


async def test_llamacpp_is_found_by_itself_and_writes(
    client: httpx2.AsyncClient, tmp_path: Path, closed: str
) -> None:
    with llamacpp(make(tmp_path / "tiny.gguf")) as server:
        there = Candidate(kind="llama.cpp", url=server.url)
        found = await discover(client, (Candidate(kind="Ollama", url=closed), there))
        assert found is not None
        assert (found.kind, found.base_url, found.model) == ("llama.cpp", server.base_url, "tiny")
        model = OpenAIModel(base_url=found.base_url, model=found.model, client=client)
        async with model.write(ASKED, max_tokens=20) as writing:
            assert [piece async for piece in writing]
        # Not taken for the other kind.
        assert await discover(client, (Candidate(kind="Ollama", url=server.url),)) is None


async def test_llamacpp_that_wants_a_key_is_not_taken(
    client: httpx2.AsyncClient, tmp_path: Path
) -> None:
    with llamacpp(make(tmp_path / "tiny.gguf"), key="secret") as server:
        assert await discover(client, (Candidate(kind="llama.cpp", url=server.url),)) is None


async def test_a_server_that_dies_in_the_middle_of_a_sentence_cuts_it_off(
    client: httpx2.AsyncClient, tmp_path: Path
) -> None:
    path = make(tmp_path / "tiny.gguf", Tiny(end_bias=-30))
    heard: list[str] = []
    with llamacpp(path) as server:
        model = OpenAIModel(base_url=server.base_url, model="tiny", client=client)
        async with model.write(ASKED, max_tokens=8_000) as writing:
            with pytest.raises(ProviderUnavailable) as caught:  # noqa: PT012 - it fails while read
                async for piece in writing:
                    heard.append(piece)
                    if len(heard) == 10:
                        server.kill()
    assert caught.value.code == "cut_off"
    assert len(heard) >= 10


async def test_ollama_is_found_with_its_first_model_that_writes_here(
    client: httpx2.AsyncClient, closed: str
) -> None:
    with serving({"/api/tags": OLLAMA}) as server:
        there = Candidate(kind="Ollama", url=server.url)
        for candidates in ((there,), (Candidate(kind="llama.cpp", url=closed), there)):
            found = await discover(client, candidates)
            assert found is not None
            assert (found.kind, found.model) == ("Ollama", "gemma3:4b")
            assert found.base_url == f"{server.url}/v1"


@pytest.mark.parametrize(
    "replies",
    [
        {},
        {"/api/tags": {"models": []}},
        {"/api/tags": {"models": None}},
        {"/api/tags": {"models": OLLAMA["models"][:4]}},
        {"/api/tags": {"models": [{"name": "a"}]}},
        {"/api/tags": ["models"]},
        {"/v1/models": {"data": [{"id": "gpt", "owned_by": "llamacpp"}]}},
        {"/props": {}, "/v1/models": {"data": [{"id": "gpt", "owned_by": "llamacpp"}]}},
        {
            "/props": {"default_generation_settings": {}},
            "/v1/models": {"data": [{"id": "gpt", "owned_by": "someone"}]},
        },
        {
            "/props": {"default_generation_settings": {}},
            "/v1/models": {"data": [{"id": "bge-m3.gguf", "owned_by": "llamacpp"}]},
        },
    ],
)
async def test_another_server_on_such_a_port_is_not_taken_for_a_model(
    client: httpx2.AsyncClient, replies: dict[str, object]
) -> None:
    with serving(replies) as server:
        both = tuple(Candidate(kind=kind, url=server.url) for kind in ("Ollama", "llama.cpp"))
        assert await discover(client, both) is None


async def test_a_server_that_hangs_costs_no_more_than_the_deadline_and_hides_no_other(
    client: httpx2.AsyncClient,
) -> None:
    with LocalServer(lambda _: Reply(hold=True)) as hanging:
        hung = Candidate(kind="Ollama", url=hanging.url)
        assert await discover(client, (hung,)) is None
        props: dict[str, object] = {
            "/props": {"default_generation_settings": {}},
            "/v1/models": {"data": [{"id": "models/some-7b.gguf", "owned_by": "llamacpp"}]},
        }
        with serving(props) as server:
            found = await discover(client, (hung, Candidate(kind="llama.cpp", url=server.url)))
            assert found is not None
            assert found.model == "some-7b.gguf"


async def test_nobody_listening_is_no_model(client: httpx2.AsyncClient, closed: str) -> None:
    assert await discover(client, (Candidate(kind="Ollama", url=closed),)) is None
