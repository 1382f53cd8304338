"""Any model server that speaks OpenAI's protocol: Ollama, llama.cpp, vLLM, LM Studio, hosted."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

import httpx2

from codexity.adapters.llm import refusals
from codexity.adapters.llm.stream import piece_of
from codexity.adapters.llm.structured import object_in
from codexity.adapters.llm.thinking import Habit, Thinking, answer_in
from codexity.adapters.llm.writing import StreamedReply
from codexity.ports import Message

_MAX_REPLY_BYTES = 4_000_000
_MAX_ERROR_BYTES = 64_000
_CONNECT_SECONDS = 5.0

# What a server may refuse by name, and what is sent in its stead. OpenAI's newer models want
# `max_completion_tokens` and take no temperature; older servers know no `stream_options`; some hold
# a model to a schema only where the reply is not streamed.
_STAND_INS: Mapping[str, str | None] = {
    "stream_options": None,
    "temperature": None,
    "max_tokens": "max_completion_tokens",
    "stream": None,
    "response_format": None,
}


_NO_STREAMS = frozenset({"text/html", "application/json"})


class OpenAIModel:
    """The model `model` of the server below `base_url` (its `/v1`), through `client`.

    The client's owner closes it. `silence_seconds` is the longest wait for the next word of the
    server, the first included; whoever asks sets the deadline of the whole. `context_tokens` is
    what one conversation may hold, where that is known; `habit` is what its model has shown before.
    """

    def __init__(  # noqa: PLR0913 - each is a setting of its own, and given by name
        self,
        *,
        base_url: str,
        model: str,
        client: httpx2.AsyncClient,
        api_key: str | None = None,
        temperature: float = 0.2,
        silence_seconds: float = 120.0,
        context_tokens: int | None = None,
        habit: Habit | None = None,
    ) -> None:
        self.name = model
        self.context_tokens = context_tokens
        self._url = f"{base_url.rstrip('/')}/chat/completions"
        self._client = client
        self._temperature = temperature
        self._silence = silence_seconds
        self._refused: set[str] = set()
        self._habit = habit or Habit()
        # Compressed, a stream waits for a full block; so it is asked for as it is.
        self._headers = {"Content-Type": "application/json", "Accept-Encoding": "identity"}
        if api_key:
            self._headers["Authorization"] = f"Bearer {api_key}"

    @asynccontextmanager
    async def write(
        self, messages: Sequence[Message], *, max_tokens: int
    ) -> AsyncGenerator[StreamedReply]:
        """Starts a reply; leaving the block closes the connection, by which the server stops.

        Raises:
            ProviderRefused: `unauthorized`, `model_missing` or `quota`.
            ContextTooSmall: with both numbers, where the server says them.
            ProviderUnavailable: `unreachable`, `timeout`, `cut_off` or `bad_reply`.
        """
        body = self._body(messages, max_tokens)
        body |= {"stream": True, "stream_options": {"include_usage": True}}
        async with self._asked(body) as response:
            media_type = _media_type(response)
            if media_type in _NO_STREAMS:
                raise await self._no_stream(response, media_type)
            thinking = Thinking(self._habit, self.name)
            async with self._streamed(response, thinking) as reply:
                yield reply

    async def reply(
        self, messages: Sequence[Message], schema: Mapping[str, Any], *, max_tokens: int
    ) -> dict[str, Any]:
        """A reply checked against a JSON schema.

        It is asked for as a stream too, though it is read to its end: a whole reply goes on where
        nobody waits for it any more, for llama.cpp looks at its client only when it sends. A server
        that cannot hold its model to a schema is asked once more in plain words, and prose or a
        code fence around the object is taken off.

        Raises:
            ProviderRefused: as `write`.
            ProviderUnavailable: as `write`; `bad_reply` when nothing in the reply fits the schema,
                `cut_off` when it ended at its length limit before that.
        """
        body = self._body(messages, max_tokens)
        wanted = {"name": "reply", "strict": True, "schema": dict(schema)}
        body["response_format"] = {"type": "json_schema", "json_schema": wanted}
        body["stream"] = True
        async with self._asked(body) as response:
            if _media_type(response) in _NO_STREAMS:
                text, is_cut_off = await _whole(response)
            else:
                async with self._streamed(response, None) as streamed:
                    text = await _to_the_end(streamed)
                    is_cut_off = streamed.cut_off
        text = answer_in(text, self._habit)
        try:
            return object_in(text, schema)
        except ValueError as unfit:
            # Not the reply itself: it may hold the question, which the log must not.
            detail = f"{unfit}, in {len(text)} characters"
            if is_cut_off:
                raise refusals.cut_off(detail) from unfit
            raise refusals.nonsense("not the JSON that was asked for", detail) from unfit

    @asynccontextmanager
    async def _asked(self, body: dict[str, Any]) -> AsyncGenerator[httpx2.Response]:
        response = await self._ask(body)
        try:
            yield response
        finally:
            await response.aclose()

    @asynccontextmanager
    async def _streamed(
        self, response: httpx2.Response, thinking: Thinking | None
    ) -> AsyncGenerator[StreamedReply]:
        reply = StreamedReply(response, silence_seconds=self._silence, thinking=thinking)
        try:
            yield reply
        finally:
            await reply.aclose()

    def _body(self, messages: Sequence[Message], max_tokens: int) -> dict[str, Any]:
        return {
            "model": self.name,
            "messages": [{"role": one.role, "content": one.content} for one in messages],
            "max_tokens": max_tokens,
            "temperature": self._temperature,
        }

    async def _ask(self, body: dict[str, Any]) -> httpx2.Response:
        """A reply with status 200, its body unread; the caller closes it."""
        # A reply that is to be shown as it is written can be nothing but a stream.
        may = _STAND_INS.keys() - ({"stream"} if "stream_options" in body else set())
        without = self._refused & may
        while True:
            response = await self._send(_spelled(body, without))
            if response.status_code == 200:
                return response
            said = await _read(response, _MAX_ERROR_BYTES)
            name = _refused(response.status_code, said, body.keys() & may - without)
            if name is None:
                raise refusals.refusal(response.status_code, said)
            without.add(name)
            if _names(said, name):
                self._refused.add(name)

    async def _send(self, body: dict[str, Any]) -> httpx2.Response:
        # Half a surrogate pair, which pages do hold, is no UTF-8 and becomes a question mark.
        content = json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")
        request = self._client.build_request(
            "POST",
            self._url,
            content=content,
            headers=self._headers,
            timeout=httpx2.Timeout(self._silence, connect=_CONNECT_SECONDS),
        )
        try:
            return await self._client.send(request, stream=True, follow_redirects=False)
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            raise refusals.broken(error) from error

    async def _no_stream(self, response: httpx2.Response, media_type: str) -> Exception:
        said = await _read(response, _MAX_ERROR_BYTES)
        if refusals.is_context(said):
            return refusals.stopped(said)
        return refusals.nonsense("no stream", f"{media_type}, {len(said)} characters")


def _spelled(body: dict[str, Any], without: set[str]) -> dict[str, Any]:
    """The body with the stand-ins of what this server refused."""
    spelled = {name: value for name, value in body.items() if name not in without}
    for name in without & body.keys():
        stand_in = _STAND_INS[name]
        if stand_in is not None:
            spelled[stand_in] = body[name]
    if "response_format" in without and "response_format" in body:
        schema = json.dumps(body["response_format"]["json_schema"]["schema"])
        *before, last = body["messages"]
        wish = "Reply with one JSON object that fits this JSON schema, and with nothing else:"
        spelled["messages"] = [
            *before,
            {**last, "content": f"{last['content']}\n\n{wish}\n{schema}"},
        ]
    return spelled


def _refused(status: int, said: str, sent: set[str]) -> str | None:
    """Which field to ask again without, if any."""
    if status not in {400, 422, 500, 501} or refusals.is_context(said):
        return None
    named = [name for name in _STAND_INS if name in sent and _names(said, name)]
    if named:
        return named[0]
    # A server need not name what it dislikes about a schema ("failed to parse grammar").
    return "response_format" if "response_format" in sent else None


def _names(said: str, field: str) -> bool:
    return re.search(rf"\b{field}\b", said) is not None


def _media_type(response: httpx2.Response) -> str:
    return response.headers.get("Content-Type", "").partition(";")[0].strip().lower()


async def _to_the_end(reply: StreamedReply) -> str:
    text = ""
    async for piece in reply:
        text += piece
        if len(text) > _MAX_REPLY_BYTES:
            raise refusals.nonsense("without an end", f"{len(text)} characters")
    return text


async def _whole(response: httpx2.Response) -> tuple[str, bool]:
    """The text of a reply that came as a whole though a stream was asked, and if it was cut off."""
    said = await _read(response, _MAX_REPLY_BYTES)
    try:
        reply: object = json.loads(said)
    except (ValueError, RecursionError) as garbled:
        raise refusals.nonsense("no JSON", f"{len(said)} characters") from garbled
    try:
        piece = piece_of(reply)
    except (ValueError, RecursionError) as odd:
        raise refusals.nonsense(str(odd), f"{len(said)} characters") from odd
    if piece.error is not None:
        raise refusals.stopped(piece.error)
    return piece.text, piece.finish == "length"


async def _read(response: httpx2.Response, most: int) -> str:
    """The body as text, `most` bytes of it; closes the response."""
    body = bytearray()
    try:
        async for piece in response.aiter_bytes():
            body += piece
            if len(body) > most:
                break
    except httpx2.TimeoutException as slow:
        raise refusals.timeout(repr(slow)) from slow
    except httpx2.HTTPError as error:
        raise refusals.cut_off(repr(error)) from error
    finally:
        await response.aclose()
    return body[:most].decode(errors="replace")
