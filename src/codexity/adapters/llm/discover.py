"""Finds a model server that already runs on this machine."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, cast

import anyio
import httpx2

_MAX_BYTES = 1_000_000
_DEADLINE_SECONDS = 0.3
_PATIENT_SECONDS = 2.0
_EMBEDS = re.compile(r"embed|bert|minilm|rerank|\b(?:bge|gte|e5)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """Where a model server of this kind may listen; `url` ends with its port."""

    kind: Literal["Ollama", "llama.cpp"]
    url: str


CANDIDATES = (
    Candidate(kind="Ollama", url="http://127.0.0.1:11434"),
    Candidate(kind="llama.cpp", url="http://127.0.0.1:8080"),
)
"""The usual loopback ports, the preferred first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A model server that answered as such: what it is, its `/v1`, and the model to use.

    `slots` is how many requests it works on at once, `context_tokens` what each may hold; None
    where it does not say.
    """

    kind: str
    base_url: str
    model: str
    slots: int | None = None
    context_tokens: int | None = None


async def discover(
    client: httpx2.AsyncClient,
    candidates: Sequence[Candidate] = CANDIDATES,
    *,
    seconds: float = _DEADLINE_SECONDS,
) -> Found | None:
    """The first candidate that answers as its kind within `seconds` and has a model that writes.

    All are asked at once. Something else that listens on such a port is not taken for a model
    server, nor is a llama.cpp that wants a key.
    """
    found: dict[int, Found] = {}

    async def look(place: int, candidate: Candidate) -> None:
        ask = _ollama if candidate.kind == "Ollama" else _llamacpp
        model = await ask(client, candidate.url)
        if model is not None:
            base_url = f"{candidate.url}/v1"
            found[place] = Found(kind=candidate.kind, base_url=base_url, model=model)

    with anyio.move_on_after(seconds):
        async with anyio.create_task_group() as tasks:
            for place, candidate in enumerate(candidates):
                tasks.start_soon(look, place, candidate)
    return found[min(found)] if found else None


async def first_model(
    client: httpx2.AsyncClient, base_url: str, *, api_key: str | None = None
) -> str | None:
    """The first model that writes of any server that speaks OpenAI's protocol below `base_url`.

    None when the server cannot be asked, or lists none. The caller sets the deadline.
    Source: OpenAI's API reference, "List models".
    """
    headers = {"Authorization": f"Bearer {api_key}"} if api_key else {}
    reply = await object_at(client, f"{base_url.rstrip('/')}/models", headers)
    for model in listed(reply, "data"):
        name = _name(model)
        # As in `_ollama`: nobody named a model that would send the question away.
        if _writes(name, None) and not name.endswith("cloud"):
            return name
    return None


async def model_names(
    client: httpx2.AsyncClient, base_url: str, *, api_key: str | None = None
) -> tuple[str, ...]:
    """The models that write of the server below `base_url`; none when it does not say in 2 s."""
    headers = {"Authorization": f"Bearer {api_key}"} if api_key else {}
    reply: Mapping[str, Any] = {}
    with anyio.move_on_after(_PATIENT_SECONDS):
        reply = await object_at(client, f"{base_url.rstrip('/')}/models", headers)
    return tuple(name for one in listed(reply, "data") if _writes(name := _name(one), None))


async def _ollama(client: httpx2.AsyncClient, url: str) -> str | None:
    """Source: Ollama's API reference, "List models"."""
    for model in listed(await object_at(client, f"{url}/api/tags"), "models"):
        details = model.get("details")
        if not isinstance(details, dict) or not isinstance(model.get("digest"), str):
            continue
        # A model of Ollama's cloud would send the question away from this machine.
        if model.get("remote_host") or str(model.get("name")).endswith("cloud"):
            continue
        family = cast("dict[str, Any]", details).get("family")
        if _writes(model.get("name"), family):
            return str(model["name"])
    return None


async def _llamacpp(client: httpx2.AsyncClient, url: str) -> str | None:
    """Source: llama.cpp's server guide; `/v1/models` is open there even where a key is set."""
    props = await object_at(client, f"{url}/props")
    if "default_generation_settings" not in props:
        return None
    for model in listed(await object_at(client, f"{url}/v1/models"), "data"):
        name = _name(model)
        if model.get("owned_by") == "llamacpp" and _writes(name, None):
            return name
    return None


def _name(model: Mapping[str, Any]) -> str:
    name = model.get("id")
    if not isinstance(name, str):
        return ""
    # Where llama.cpp has no alias, the name is the path of the model's file, which nobody is told;
    # it takes any name for its one model.
    is_path = model.get("owned_by") == "llamacpp" and name.endswith(".gguf")
    return name.rpartition("/")[2] if is_path else name


def _writes(name: object, family: object) -> bool:
    return isinstance(name, str) and bool(name) and not embeds(name, family)


def embeds(name: str, family: object) -> bool:
    """Whether a model of this name and family is one for embeddings, or ranks."""
    return _EMBEDS.search(f"{name} {family}") is not None


def listed(reply: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    """The objects in a reply's list of this name."""
    found: object = reply.get(name)
    if not isinstance(found, list):
        return []
    return [
        cast("dict[str, Any]", one) for one in cast("list[object]", found) if isinstance(one, dict)
    ]


async def object_at(
    client: httpx2.AsyncClient, url: str, headers: Mapping[str, str] | None = None
) -> Mapping[str, Any]:
    """The JSON object at this address; empty when there is none."""
    body = bytearray()
    try:
        async with client.stream("GET", url, headers=headers, follow_redirects=False) as response:
            if response.status_code != 200:
                return {}
            async for piece in response.aiter_bytes():
                body += piece
                if len(body) > _MAX_BYTES:
                    return {}
        reply: object = json.loads(body)
    except (httpx2.HTTPError, httpx2.InvalidURL, ValueError, RecursionError):
        return {}
    return cast("dict[str, Any]", reply) if isinstance(reply, dict) else {}
