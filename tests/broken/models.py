"""Model servers that do not work."""

from __future__ import annotations

import json
import re
from collections.abc import Generator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest

from broken.setup import NOTHING, Broken, closed, fill_in
from codexity.adapters.llm.discover import Candidate
from llamacpp import llamacpp
from servers.local import Asked, LocalServer, Reply
from servers.openai import OpenAIServer, events
from tiny_gguf import Tiny, make


@contextmanager
def another_port(_folder: Path, _patch: pytest.MonkeyPatch) -> Generator[Broken]:
    with ollama() as server:
        yield Broken(
            part="model",
            says=f"cannot be reached.* Ollama answers at {server.url}/v1",
            settings={**NOTHING, "LLM__BASE_URL": f"{closed()}/v1", "LLM__MODEL": "gpt-9"},
            candidates=(Candidate(kind="Ollama", url=server.url),),
        )


@contextmanager
def no_server(_folder: Path, _patch: pytest.MonkeyPatch) -> Generator[Broken]:
    settings = {**NOTHING, "LLM__BASE_URL": f"{closed()}/v1"}
    yield Broken(part="model", says="cannot be reached", settings=settings, mended=None)


@contextmanager
def other_model(_folder: Path, _patch: pytest.MonkeyPatch) -> Generator[Broken]:
    with OpenAIServer() as server:
        key = {"LLM__BASE_URL": server.base_url, "LLM__API_KEY": server.key}
        settings = {**NOTHING, **key, "LLM__MODEL": "gpt-9"}
        yield Broken(part="model", says="lacks gpt-9; it has: words-1", settings=settings)


@contextmanager
def without_v1(_folder: Path, _patch: pytest.MonkeyPatch) -> Generator[Broken]:
    with OpenAIServer() as server:
        key = {"LLM__BASE_URL": server.url, "LLM__API_KEY": server.key}
        settings = {**NOTHING, **key, "LLM__MODEL": server.model}
        yield Broken(part="model", says="/v1", settings=settings)


@contextmanager
def wants_a_key(given: str, folder: Path, _patch: pytest.MonkeyPatch) -> Generator[Broken]:
    with OpenAIServer() as server:
        server.key = "sk-the-right-one"
        llm = {"LLM__BASE_URL": server.base_url, "LLM__MODEL": server.model, "LLM__API_KEY": given}
        mend = partial(fill_in, folder, "the-key-of-the-model-server", server.key)
        yield Broken(part="model", says="key", settings={**NOTHING, **llm}, by_hand=mend)


@contextmanager
def without_tls(_folder: Path, _patch: pytest.MonkeyPatch) -> Generator[Broken]:
    with OpenAIServer() as server:
        url = server.base_url.replace("http://", "https://")
        key = {"LLM__BASE_URL": url, "LLM__API_KEY": server.key}
        settings = {**NOTHING, **key, "LLM__MODEL": server.model}
        yield Broken(part="model", says="does not speak TLS at that port", settings=settings)


@contextmanager
def another_program(_folder: Path, _patch: pytest.MonkeyPatch) -> Generator[Broken]:
    html = Reply(media_type="text/html", pieces=(b"<!doctype html><p>Welcome",))
    with LocalServer(lambda _: html) as server:
        settings = {**NOTHING, "LLM__BASE_URL": server.url}
        yield Broken(part="model", says="makes no sense", settings=settings, mended=None)


@contextmanager
def still_loading(_folder: Path, _patch: pytest.MonkeyPatch) -> Generator[Broken]:
    with ollama() as server:
        usual = server.answer

        def mend(said: str) -> None:
            if "Wait until it has loaded" in said:
                server.answer = usual

        server.answer = lambda _: Reply(status=503)
        settings = {**NOTHING, "LLM__BASE_URL": f"{server.url}/v1"}
        yield Broken(part="model", says="not ready", settings=settings, by_hand=mend)


@contextmanager
def small_context(folder: Path, _patch: pytest.MonkeyPatch) -> Generator[Broken]:
    model = folder / "tiny.gguf"
    make(model, Tiny(end_bias=-30.0))
    with llamacpp(model, context=2_048) as server:
        settings = {**NOTHING, "LLM__BASE_URL": server.base_url}
        yield Broken(part="model", says="has 2,048 tokens.* need 4,024.*small", settings=settings)


@contextmanager
def ollama(context: int = 8_192) -> Generator[LocalServer]:
    """Answers as Ollama does; a GET of `/restart/N` gives it another context."""
    loaded = {"name": "llama3.2:latest", "model": "llama3.2:latest", "context_length": context}
    tag = {"name": "llama3.2:latest", "digest": "a" * 64, "details": {"family": "llama"}}
    replies: dict[str, object] = {
        "/api/tags": {"models": [tag]},
        "/api/ps": {"models": [loaded]},
        "/v1/models": {"data": [{"id": "llama3.2:latest", "owned_by": "library"}]},
    }

    def answer(asked: Asked) -> Reply:
        if asked.path == "/v1/chat/completions":
            return Reply(media_type="text/event-stream", pieces=events(["Yes"]))
        if asked.path.startswith("/restart/"):
            loaded["context_length"] = int(asked.path.removeprefix("/restart/"))
        if asked.path not in replies:
            return Reply(status=404)
        return Reply(pieces=(json.dumps(replies[asked.path]).encode(),))

    with LocalServer(answer) as server:
        yield server


@contextmanager
def small_ollama(_folder: Path, _patch: pytest.MonkeyPatch) -> Generator[Broken]:
    with ollama(512) as server:

        def mend(said: str) -> None:
            [wanted] = re.findall(r"OLLAMA_CONTEXT_LENGTH=(\d+)", said)
            restart = Asked(method="GET", path=f"/restart/{wanted}", query={}, headers={}, body=b"")
            server.answer(restart)

        yield Broken(
            part="model",
            says="has 512 tokens",
            settings={**NOTHING, "LLM__BASE_URL": f"{server.url}/v1"},
            by_hand=mend,
        )
