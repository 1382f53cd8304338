"""Which embedder there is: the one that is named, or an Ollama's; and what it remembers."""

from __future__ import annotations

from collections.abc import AsyncGenerator

import httpx2
import pytest

from codexity.adapters.embed.found import Embedders, ollama_embedder
from codexity.adapters.embed.kept import KeepingEmbedder
from codexity.adapters.embed.openai import OpenAIEmbedder
from codexity.adapters.llm.discover import Candidate
from codexity.ports import Embedder
from servers.embedding import EmbeddingServer


@pytest.fixture
async def client() -> AsyncGenerator[httpx2.AsyncClient]:
    async with httpx2.AsyncClient(trust_env=False) as client:
        yield client


@pytest.mark.parametrize(
    ("model", "family", "wanted", "found"),
    [
        ("bge-m3:latest", "bert", None, True),
        ("nomic-embed-text:latest", "nomic-bert", None, True),
        ("mine:latest", "llama", "mine", True),
        ("mine:latest", "llama", None, False),
        ("bge-reranker:latest", "bert", None, False),
        ("embed-large-cloud", "bert", None, False),
    ],
)
async def test_an_ollama_is_found_with_its_model_for_embeddings(
    client: httpx2.AsyncClient, model: str, family: str, wanted: str | None, found: bool
) -> None:
    with EmbeddingServer(model=model) as server:
        server.family = family
        one = await ollama_embedder(client, [Candidate(kind="Ollama", url=server.url)], wanted)
    assert (one.name if one else None) == (f"{model}@0123456789ab" if found else None)


async def test_a_model_that_is_pulled_anew_is_another_one(client: httpx2.AsyncClient) -> None:
    with EmbeddingServer(model="bge-m3:latest") as server:
        where = [Candidate(kind="Ollama", url=server.url)]
        before = await ollama_embedder(client, where, None)
        server.digest = "f" * 16
        after = await ollama_embedder(client, where, None)
    assert before
    assert after
    assert before.name != after.name


async def test_one_that_comes_later_is_found_and_looked_for_no_more_than_now_and_then() -> None:
    looked: list[int] = []

    async def look() -> Embedder | None:
        looked.append(1)
        return None

    patient = Embedders(look=look, again_seconds=3_600)
    assert [await patient.current() for _ in range(3)] == [None] * 3
    assert len(looked) == 1
    eager = Embedders(look=look, again_seconds=0)
    assert [await eager.current() for _ in range(3)] == [None] * 3
    assert len(looked) == 4


async def test_a_text_is_embedded_once_as_long_as_it_is_remembered(
    client: httpx2.AsyncClient,
) -> None:
    with EmbeddingServer() as server:
        one = OpenAIEmbedder(base_url=server.base_url, model=server.model, client=client)
        kept = KeepingEmbedder(one, most=2)
        await kept.embed(["bread", "heating", "bread"])
        await kept.embed(["heating", "bread"])
        assert server.texts == ["bread", "heating"]
        await kept.embed(["work"])
        await kept.embed(["heating"])
        await kept.embed(["bread"], asks=True)
    assert server.texts == ["bread", "heating", "work", "heating", "bread"]
