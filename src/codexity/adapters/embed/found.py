"""Which embedding model there is: the one that the settings name, or one of an Ollama."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Final, cast

import anyio
import httpx2

from codexity.adapters.embed.openai import OpenAIEmbedder
from codexity.adapters.llm.discover import Candidate, embeds, listed, object_at
from codexity.ports import Embedder

_LOOK_SECONDS: Final = 0.5
AGAIN_SECONDS: Final = 30.0
"""How old a look that found nothing may become."""


class Embedders:
    """The embedder of this installation: `named`, else what `look` finds when it is wanted."""

    def __init__(
        self,
        named: Embedder | None = None,
        look: Callable[[], Awaitable[Embedder | None]] | None = None,
        *,
        again_seconds: float = AGAIN_SECONDS,
    ) -> None:
        self._named = named
        self._look = look
        self._again_seconds = again_seconds
        self._found: Embedder | None = None
        self._old_at = 0.0

    async def current(self) -> Embedder | None:
        """The embedder; looked for again where the last look is old, for half a second at most."""
        if self._named is not None or self._look is None:
            return self._named
        if time.monotonic() >= self._old_at:
            # Who asks meanwhile takes what is known.
            self._old_at = time.monotonic() + self._again_seconds
            found = None
            with anyio.move_on_after(_LOOK_SECONDS):
                found = await self._look()
            # The same one keeps what it knows.
            if found is None or self._found is None or found.name != self._found.name:
                self._found = found
        return self._found


async def ollama_embedder(
    client: httpx2.AsyncClient, candidates: Sequence[Candidate], model: str | None
) -> Embedder | None:
    """The model of this name of the first Ollama that answers, else its first that embeds.

    Source: Ollama's API reference, "List models".
    """
    for one in candidates:
        if one.kind != "Ollama":
            continue
        for told in listed(await object_at(client, f"{one.url}/api/tags"), "models"):
            name, digest = told.get("name"), told.get("digest")
            if not isinstance(name, str) or not isinstance(digest, str):
                continue
            # A model of Ollama's cloud would send the texts away from this machine.
            if told.get("remote_host") or name.endswith("cloud"):
                continue
            if _is_wanted(name, _family(told), model):
                return OpenAIEmbedder(
                    base_url=f"{one.url}/v1", model=name, client=client, version=digest[:12]
                )
    return None


def _family(told: dict[str, Any]) -> object:
    details: object = told.get("details")
    return cast("dict[str, Any]", details).get("family") if isinstance(details, dict) else None


def _is_wanted(name: str, family: object, model: str | None) -> bool:
    if model is None:
        return embeds(name, family) and "rerank" not in name.lower()
    return model in {name, name.removesuffix(":latest")}
