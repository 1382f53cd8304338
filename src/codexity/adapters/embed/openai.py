"""Embeddings of any server that speaks OpenAI's protocol: Ollama, llama.cpp, vLLM, hosted."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any, Final, cast

import anyio
import httpx2

from codexity.adapters.embed import refusals
from codexity.adapters.embed.prefixes import prefixes_of
from codexity.adapters.embed.vectors import unit
from codexity.ports import Vector

_AT_ONCE: Final = 32
_AT_LEAST_CHARS: Final = 200
_MOST_CHARS: Final = 8_000
"""Of a longer text the rest is not sent: no passage is as long."""
_MAX_REPLY_BYTES: Final = 16_000_000
_MAX_ERROR_BYTES: Final = 16_000
_CONNECT_SECONDS: Final = 5.0


class OpenAIEmbedder:
    """Port `Embedder`: the model `model` of the server below `base_url` (its `/v1`).

    The client's owner closes it. `seconds` is the longest wait for one batch; `version` tells two
    models of one name apart, where their server does.

    Where a server says that a text is too long for its model, it is asked again with half of it.
    """

    def __init__(  # noqa: PLR0913 - each is a setting of its own, and given by name
        self,
        *,
        base_url: str,
        model: str,
        client: httpx2.AsyncClient,
        api_key: str | None = None,
        seconds: float = 60.0,
        version: str = "",
    ) -> None:
        self.name = f"{model}@{version}" if version else model
        self._model = model
        self._url = f"{base_url.rstrip('/')}/embeddings"
        self._client = client
        self._seconds = seconds
        self._prefixes = prefixes_of(model)
        self._headers = {"Content-Type": "application/json"}
        if api_key:
            self._headers["Authorization"] = f"Bearer {api_key}"

    async def embed(self, texts: Sequence[str], *, asks: bool = False) -> Sequence[Vector]:
        """Keeps `Embedder.embed`; some texts at a time, one request after the other."""
        found: list[Vector] = []
        for at in range(0, len(texts), _AT_ONCE):
            some = [
                self._prefixes.before(one[:_MOST_CHARS], asks=asks)
                for one in texts[at : at + _AT_ONCE]
            ]
            found.extend(await self._batch(some))
        if len({len(one) for one in found}) > 1:
            raise refusals.nonsense("vectors of different lengths", "")
        return found

    async def _batch(self, texts: Sequence[str]) -> Sequence[Vector]:
        longest = max(map(len, texts))
        while True:
            status, said = await self._asked([one[:longest] for one in texts])
            if status == 200:
                return _vectors(said, len(texts))
            if not refusals.is_too_long(said) or longest <= _AT_LEAST_CHARS:
                raise refusals.refusal(status, said.decode(errors="replace"))
            longest //= 2

    async def _asked(self, texts: Sequence[str]) -> tuple[int, bytes]:
        body = {"model": self._model, "input": list(texts), "encoding_format": "float"}
        content = json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")
        wait = httpx2.Timeout(self._seconds, connect=_CONNECT_SECONDS)
        request = self._client.build_request(
            "POST", self._url, content=content, headers=self._headers, timeout=wait
        )
        try:
            with anyio.fail_after(self._seconds):
                return await self._said(request)
        except TimeoutError as slow:
            raise refusals.timeout(f"{self._seconds:g} s") from slow
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            raise refusals.broken(error) from error

    async def _said(self, request: httpx2.Request) -> tuple[int, bytes]:
        # A redirect is not followed: the key is for this address alone.
        response = await self._client.send(request, stream=True, follow_redirects=False)
        body = bytearray()
        most = _MAX_REPLY_BYTES if response.status_code == 200 else _MAX_ERROR_BYTES
        try:
            async for piece in response.aiter_bytes():
                body += piece
                if len(body) > most:
                    break
        finally:
            await response.aclose()
        if len(body) > most and response.status_code == 200:
            raise refusals.nonsense("without an end", f"{len(body)} bytes")
        return response.status_code, bytes(body[:most])


def _vectors(said: bytes, count: int) -> Sequence[Vector]:
    """Source: OpenAI's API reference, "Create embeddings"."""
    try:
        reply: object = json.loads(said)
        placed = dict(_placed(reply))
        vectors = [unit(placed[at]) for at in range(count)]
    except (ValueError, TypeError, KeyError, OverflowError, RecursionError) as odd:
        raise refusals.nonsense("no vectors", f"{odd!r} in {len(said)} bytes") from odd
    return vectors


def _placed(reply: object) -> Iterator[tuple[int, list[float]]]:
    data: object = cast("dict[str, Any]", reply)["data"] if isinstance(reply, dict) else None
    if not isinstance(data, list):
        raise TypeError("no list of vectors")
    for at, one in enumerate(cast("list[object]", data)):
        if not isinstance(one, dict):
            raise TypeError("no vector")
        held = cast("dict[str, Any]", one)
        numbers = [float(number) for number in held["embedding"]]
        yield int(held.get("index", at)), numbers
