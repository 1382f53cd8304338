"""The same script as streams of Codexity, sse-starlette, Starlette, and of raw ASGI."""

from __future__ import annotations

import importlib
import json
import secrets
import sys
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from sse_starlette.sse import EventSourceResponse
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from codexity.edges.http import app as http
from codexity.engine import Engine
from codexity.events import Token
from codexity.model import Hit, Limits, Question, Usage
from codexity.ports import Emit, Message, Toolbox
from codexity.settings import Settings
from streams_script import WORDS, Script

TESTS = Path(__file__).resolve().parents[1] / "tests"
_TOKENS = {text: Token(text=text) for text in WORDS}
_DICTS = {text: {"text": text} for text in WORDS}
_URL = "https://kestrel.test/"


class ScriptedModel:
    """Port `LanguageModel`: it writes what the script says, and has no other query."""

    name = "script"
    context_tokens = None

    def __init__(self, script: Script) -> None:
        self._script = script

    @asynccontextmanager
    async def write(
        self, messages: Sequence[Message], *, max_tokens: int
    ) -> AsyncGenerator[_Writing, None]:
        """Begins the script, and tells it when its words are no longer wanted."""
        del messages, max_tokens
        try:
            yield _Writing(self._script)
        finally:
            self._script.leave()

    async def reply(
        self, messages: Sequence[Message], schema: Mapping[str, Any], *, max_tokens: int
    ) -> dict[str, Any]:
        """No further queries."""
        del messages, schema, max_tokens
        return {"queries": []}


async def _say(
    script: Script, _question: Question, _tools: Toolbox, _limits: Limits, emit: Emit, _: object
) -> None:
    try:
        await script.dictate(lambda texts: emit(*map(_token, texts)))
    finally:
        script.leave()


def _token(text: str) -> Token:
    """As ready as the dict that the others are given."""
    return _TOKENS.get(text) or Token(text=text)


class _Writing:
    usage: Usage | None = None
    cut_off = False

    def __init__(self, script: Script) -> None:
        self._script = script

    def __aiter__(self) -> AsyncIterator[str]:
        return self._script.pieces()


def codexity(script: Script, port: int, *, said: bool) -> None:
    """`codexity serve`, where each run says what the script says.

    Unless it is `said` as it comes, it is the words of a model: of one that is scripted, in a world
    of one page, or of the model server that the settings name.
    """
    sys.path.insert(0, str(TESTS))
    world = importlib.import_module("world")
    # By its full name: the package has a command of the same name.
    command: Any = importlib.import_module("codexity.edges.cli.serve")

    def create(settings: Settings) -> FastAPI:
        app = http.create(settings)
        opened = app.router.lifespan_context

        @asynccontextmanager
        async def scripted(opening: FastAPI) -> AsyncGenerator[None, None]:
            async with opened(opening):
                engine: Engine = opening.state.serving.engine
                if said:
                    engine.answer = partial(_say, script)
                engine.tools = world.toolbox(
                    world.Provider("script", (Hit(title="Kestrels", url=_URL),)),
                    web=world.Web({_URL: world.WORDS}),
                    model=engine.tools.models.current("local") or ScriptedModel(script),
                )
                yield

        app.router.lifespan_context = scripted
        return app

    command.create = create
    command.serve({"port": port})


def sse_starlette(script: Script) -> ASGIApp:
    """`EventSourceResponse`, given dicts, with the separator that the others have."""

    async def events() -> AsyncIterator[dict[str, str]]:
        run, seq = secrets.token_hex(16), 0
        async for text in script.pieces():
            seq += 1
            yield {"id": f"{run}-{seq}", "event": "token", "data": _json(_told(text))}
        yield {"id": f"{run}-{seq + 1}", "event": "done", "data": _json({"status": "completed"})}

    async def answer(_request: Request) -> Response:
        return EventSourceResponse(events(), sep="\n")

    return Starlette(routes=[Route("/search", answer)])


def streaming_response(script: Script) -> ASGIApp:
    """Starlette's own, given the same dicts, each made an event by hand."""

    async def events() -> AsyncIterator[bytes]:
        run, seq = secrets.token_hex(16), 0
        async for text in script.pieces():
            seq += 1
            yield f"id: {run}-{seq}\nevent: token\ndata: {_json(_told(text))}\n\n".encode()
        done = _json({"status": "completed"})
        yield f"id: {run}-{seq + 1}\nevent: done\ndata: {done}\n\n".encode()

    async def answer(_request: Request) -> Response:
        return StreamingResponse(events(), media_type="text/event-stream")

    return Starlette(routes=[Route("/search", answer)])


def raw(script: Script) -> ASGIApp:
    """Nothing but sends of bytes that are ready, which never looks whether anybody reads."""
    name = f"id: {secrets.token_hex(16)}-1\nevent: token\n".encode()
    ready = name + b'data: {"text":" kestrel"}\n\n'

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        del receive
        if scope["type"] != "http":
            return
        headers = [(b"content-type", b"text/event-stream")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        async for text in script.pieces():
            timed = text[1:2].isdigit()
            body = b'%sdata: {"text":"%s"}\n\n' % (name, text.encode()) if timed else ready
            await send({"type": "http.response.body", "body": body, "more_body": True})
        await send({"type": "http.response.body", "body": b""})

    return app


def model_server(script: Script) -> ASGIApp:
    """OpenAI's protocol: an answer is the script, and a rewriting has no query."""

    async def answer(request: Request) -> Response:
        if "response_format" not in await request.json():
            return StreamingResponse(_deltas(script), media_type="text/event-stream")
        message = {"role": "assistant", "content": '{"queries": []}'}
        return JSONResponse({"choices": [{"message": message, "finish_reason": "stop"}]})

    return Starlette(routes=[Route("/v1/chat/completions", answer, methods=["POST"])])


APPS: dict[str, Callable[[Script], ASGIApp]] = {
    "sse-starlette": sse_starlette,
    "StreamingResponse": streaming_response,
    "raw ASGI, ready bytes": raw,
    "model server": model_server,
}


async def _deltas(script: Script) -> AsyncIterator[bytes]:
    async for text in script.pieces():
        yield b'data: {"choices":[{"index":0,"delta":{"content":"%s"}}]}\n\n' % text.encode()
    yield b'data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\n'
    yield b"data: [DONE]\n\n"


def _told(text: str) -> Mapping[str, str]:
    return _DICTS.get(text) or {"text": text}


def _json(data: Mapping[str, object]) -> str:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))
