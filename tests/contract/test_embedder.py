"""The port `Embedder`: a server that speaks OpenAI's protocol, and ONNX from a folder."""

from __future__ import annotations

import json
import math
from collections.abc import AsyncGenerator, Callable
from pathlib import Path
from typing import Any

import anyio
import httpx2
import numpy as np
import pytest

import tiny_onnx
from codexity.adapters.embed.kept import KeepingEmbedder
from codexity.adapters.embed.onnx import OnnxEmbedder
from codexity.adapters.embed.openai import OpenAIEmbedder
from codexity.errors import Misconfigured, ProviderError
from codexity.ports import Embedder
from servers.embedding import EmbeddingServer, said
from servers.local import Asked, Reply

TEXTS = ("long river", "bread", "how long", "oven bread bread", "river")


@pytest.fixture
async def client() -> AsyncGenerator[httpx2.AsyncClient]:
    async with httpx2.AsyncClient(trust_env=False) as client:
        yield client


@pytest.fixture(params=["server", "onnx", "onnx, pooled", "kept"])
async def embedder(
    request: pytest.FixtureRequest, tmp_path: Path, client: httpx2.AsyncClient
) -> AsyncGenerator[Embedder]:
    if request.param.startswith("onnx"):
        pooled = request.param.endswith("pooled")
        yield await opened(await made(tmp_path / "tiny", pooled=pooled))
        return
    with EmbeddingServer() as server:
        one = embedding(server, client)
        yield KeepingEmbedder(one) if request.param == "kept" else one


async def opened(folder: Path) -> OnnxEmbedder:
    return await anyio.to_thread.run_sync(OnnxEmbedder, folder)


async def made(folder: Path, **how: object) -> Path:
    return await anyio.to_thread.run_sync(lambda: tiny_onnx.made(folder, **how))  # type: ignore[arg-type]


def embedding(
    server: EmbeddingServer, client: httpx2.AsyncClient, *, seconds: float = 10, key: str = ""
) -> OpenAIEmbedder:
    return OpenAIEmbedder(
        base_url=server.base_url,
        model="meanings:latest",
        client=client,
        api_key=key or None,
        seconds=seconds,
    )


# --- what every embedder keeps ---------------------------------------------------


async def test_each_text_has_a_vector_of_length_1_in_its_place(embedder: Embedder) -> None:
    together = await embedder.embed(TEXTS)
    alone = [(await embedder.embed([one]))[0] for one in TEXTS]
    for first, second in zip(together, alone, strict=True):
        assert math.isclose(math.fsum(one * one for one in first), 1.0, abs_tol=1e-4)
        assert np.allclose(first, second, atol=1e-5)
    assert not np.allclose(together[0], together[1], atol=1e-2)


async def test_no_text_has_no_vector_and_a_long_one_has_one(embedder: Embedder) -> None:
    assert list(await embedder.embed([])) == []
    (vector,) = await embedder.embed(["river " * 20_000])
    assert math.isclose(math.fsum(one * one for one in vector), 1.0, abs_tol=1e-4)


async def test_many_texts_keep_their_order(embedder: Embedder) -> None:
    many = [TEXTS[at % len(TEXTS)] + " river" * (at % 7) for at in range(150)]
    found = await embedder.embed(many)
    again = await embedder.embed(many[97:99])
    assert np.allclose(found[97], again[0], atol=1e-5)
    assert np.allclose(found[98], again[1], atol=1e-5)


# --- a server --------------------------------------------------------------------


def garbled(data: list[dict[str, Any]]) -> Callable[[Asked], Reply]:
    return lambda _: said({"data": data})


def refusing(status: int, message: str = "no") -> Callable[[Asked], Reply]:
    return lambda _: said({"error": {"message": message}}, status)


def cut_off(_: Asked) -> Reply:
    return Reply(pieces=[b"{" * 50], cut_at=10)


FAILURES: dict[str, tuple[Callable[[Asked], Reply], str, str]] = {
    "no key": (refusing(401), "unauthorized", "EMBED__API_KEY"),
    "another's key": (refusing(403), "unauthorized", "EMBED__API_KEY"),
    "no such path": (refusing(404), "unauthorized", "EMBED__MODEL"),
    "no such model": (
        refusing(400, 'model "x" not found, try pulling it'),
        "unauthorized",
        "EMBED__MODEL",
    ),
    "a model that writes": (
        refusing(501, "This server does not support embeddings"),
        "unauthorized",
        "EMBED__MODEL",
    ),
    "too often": (refusing(429), "quota", "quota"),
    "still loading": (refusing(503), "unreachable", "not ready"),
    "its own fault": (refusing(500), "bad_reply", "HTTP 500"),
    "elsewhere": (
        lambda _: Reply(status=307, headers=(("Location", "/v1/other"),)),
        "bad_reply",
        "HTTP 307",
    ),
    "no JSON": (lambda _: Reply(pieces=[b"<html>"]), "bad_reply", "no vectors"),
    "a list": (lambda _: Reply(pieces=[b"[]"]), "bad_reply", "no vectors"),
    "deep": (lambda _: Reply(pieces=[b"[" * 200_000]), "bad_reply", "no vectors"),
    "none": (garbled([]), "bad_reply", "no vectors"),
    "not numbers": (garbled([{"embedding": ["a"]}]), "bad_reply", "no vectors"),
    "no direction": (garbled([{"embedding": [0, 0]}]), "bad_reply", "no vectors"),
    "not finite": (garbled([{"embedding": [1e999, 1]}]), "bad_reply", "no vectors"),
    "another's place": (garbled([{"index": 3, "embedding": [1]}]), "bad_reply", "no vectors"),
    "empty vector": (garbled([{"embedding": []}]), "bad_reply", "no vectors"),
    "too wide": (garbled([{"embedding": [1.0] * 10_000}]), "bad_reply", "no vectors"),
    "cut off": (cut_off, "unreachable", "reached"),
}


@pytest.mark.parametrize("what", FAILURES)
async def test_what_a_server_does_wrong_is_told(client: httpx2.AsyncClient, what: str) -> None:
    answer, code, words = FAILURES[what]
    with EmbeddingServer() as server:
        server.answer = answer
        with pytest.raises(ProviderError) as caught:
            await embedding(server, client).embed(["river"])
    assert (caught.value.code, words in caught.value.message) == (code, True), caught.value.message
    assert "127.0.0.1" not in caught.value.message


async def test_a_silent_server_is_waited_for_no_longer_than_it_may_take(
    client: httpx2.AsyncClient,
) -> None:
    with EmbeddingServer() as server:
        server.answer = lambda _: Reply(hold=True)
        with anyio.fail_after(5), pytest.raises(ProviderError) as caught:
            await embedding(server, client, seconds=0.2).embed(["river"])
    assert caught.value.code == "timeout"


async def test_a_server_that_is_gone_is_told(client: httpx2.AsyncClient) -> None:
    with EmbeddingServer() as server:
        gone = embedding(server, client)
    with pytest.raises(ProviderError) as caught:
        await gone.embed(["river"])
    assert caught.value.code == "unreachable"


async def test_the_key_goes_to_the_server_and_nowhere_else(client: httpx2.AsyncClient) -> None:
    with EmbeddingServer(key="sk-one") as server, EmbeddingServer() as other:
        assert await embedding(server, client, key="sk-one").embed(["river"])
        server.answer = lambda _: Reply(status=307, headers=(("Location", other.base_url),))
        with pytest.raises(ProviderError):
            await embedding(server, client, key="sk-one").embed(["river"])
    assert server.asked[0].headers["authorization"] == "Bearer sk-one"
    assert other.asked == []


async def test_a_text_that_is_too_long_for_the_model_is_cut_until_it_fits(
    client: httpx2.AsyncClient,
) -> None:
    with EmbeddingServer(most=1_000) as server:
        cut, short = await embedding(server, client).embed(["bread " * 1_000, "heating"])
        whole = await embedding(server, client).embed(["heating"])
    assert np.allclose(short, whole[0])
    assert len(cut) == len(short)


async def test_many_texts_are_sent_in_several_requests(client: httpx2.AsyncClient) -> None:
    with EmbeddingServer() as server:
        await embedding(server, client).embed([f"river {at}" for at in range(100)])
    sizes = [len(json.loads(one.body)["input"]) for one in server.asked]
    assert sum(sizes) == 100
    assert max(sizes) <= 32


# --- what families of models want to read ----------------------------------------


@pytest.mark.parametrize(
    ("model", "question", "text"),
    [
        ("multilingual-e5-small", "query: river", "passage: river"),
        ("nomic-embed-text:latest", "search_query: river", "search_document: river"),
        ("embeddinggemma", "task: search result | query: river", "title: none | text: river"),
        ("bge-m3", "river", "river"),
        ("all-minilm:22m", "river", "river"),
    ],
)
async def test_a_question_and_a_text_are_sent_as_the_family_of_the_model_wants(
    client: httpx2.AsyncClient, model: str, question: str, text: str
) -> None:
    with EmbeddingServer(model=model) as server:
        one = OpenAIEmbedder(base_url=server.base_url, model=model, client=client)
        await one.embed(["river"], asks=True)
        await one.embed(["river"])
    assert server.texts == [question, text]


# --- a folder --------------------------------------------------------------------


@pytest.mark.parametrize("below", ["", "onnx"])
async def test_a_model_is_found_where_hubs_have_it(tmp_path: Path, below: str) -> None:
    folder = await made(tmp_path / "tiny", below=below)
    assert len((await (await opened(folder)).embed(["river"]))[0]) == tiny_onnx.WIDTH


@pytest.mark.parametrize(("pooling", "word"), [("cls", 2), ("last", 4), ("mean", None)])
async def test_a_text_has_the_vector_that_its_model_makes_of_its_words(
    tmp_path: Path, pooling: str, word: int | None
) -> None:
    (vector,) = await (await opened(await made(tmp_path / "t", pooling=pooling))).embed(
        ["river long"]
    )
    words = tiny_onnx.weights()
    wanted = words[[2, 3, 4]].mean(axis=0) if word is None else words[word]
    assert np.allclose(vector, wanted / np.linalg.norm(wanted), atol=1e-5)


@pytest.mark.parametrize("missing", ["model.onnx", "tokenizer.json"])
async def test_a_folder_without_a_model_is_told_with_what_it_lacks(
    tmp_path: Path, missing: str
) -> None:
    folder = await made(tmp_path / "tiny")
    (folder / missing).unlink()
    with pytest.raises(Misconfigured, match=missing):
        await opened(folder)


@pytest.mark.parametrize("broken", ["model.onnx", "tokenizer.json"])
async def test_a_broken_file_is_an_error_and_no_crash(tmp_path: Path, broken: str) -> None:
    folder = await made(tmp_path / "tiny")
    (folder / broken).write_bytes(b"\x00 not a model")
    with pytest.raises(ProviderError) as caught:
        await (await opened(folder)).embed(["river"])
    assert (caught.value.code, "EMBED__FOLDER" in caught.value.message) == ("bad_reply", True)


async def test_two_models_of_one_name_are_told_apart(tmp_path: Path) -> None:
    first = await opened(await made(tmp_path / "a" / "tiny"))
    same = await opened(await made(tmp_path / "b" / "tiny"))
    other = await opened(await made(tmp_path / "c" / "tiny", pooled=True))
    assert first.name == same.name
    assert first.name != other.name
    assert other.name.startswith("tiny@")
