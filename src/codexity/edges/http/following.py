"""The routes that stream: plain ASGI, since a route of the framework costs memory a stream."""

from __future__ import annotations

from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from codexity.edges.http.gate import start_refusal
from codexity.edges.http.parameters import question_of
from codexity.edges.http.resume import Cursor, cursor
from codexity.edges.http.serving import client, principal, serving
from codexity.edges.http.sse import RETRY, RunStream, Short, gone
from codexity.engine import Request as Asked
from codexity.errors import CodexityError, UnknownRun

_EVENT_STREAM: Final = "text/event-stream"


def streams() -> list[Route]:
    """The routes that stream."""
    return [
        Route("/search", Search(), methods=["GET"]),
        Route("/runs/{run}/events", Events(), methods=["GET"]),
    ]


class Search:
    """`GET /search?q=`: starts a run and streams its events, or comes back to one."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request, as ASGI has it."""
        request = Request(scope)
        given = _last_event_id(request)
        response = await _started(request) if given is None else _resumed(request, cursor(given))
        await response(scope, receive, send)


class Events:
    """`GET /runs/{run}/events`: the run's events from the start, or behind an event id."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request, as ASGI has it."""
        request = Request(scope)
        run: str = request.path_params["run"]
        given = _last_event_id(request)
        if given is None:
            response: ASGIApp = _stream(request, Cursor(run=run, seq=0))
        else:
            asked = cursor(given)
            response = _resumed(request, asked if asked and asked.run == run else None)
        await response(scope, receive, send)


class _Resumed:
    """Goes on where a client stopped; whatever but 200 and 204 ends a native EventSource."""

    def __init__(self, response: RunStream, run: str, *, identity: bool) -> None:
        self._response = response
        self._run = run
        self._identity = identity

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request, as ASGI has it."""
        try:
            await self._response(scope, receive, send)
        except UnknownRun:
            await Short(gone(self._run), identity=self._identity)(scope, receive, send)
        except CodexityError:
            await Short(RETRY + b"\n", identity=self._identity)(scope, receive, send)


async def _started(request: Request) -> ASGIApp:
    question = question_of(request.scope["query_string"], principal=principal(request))
    refusal = start_refusal(request.scope)
    if refusal is not None:
        return refusal
    server = serving(request)
    await server.installation.index.check(question.filters.collection)
    mine = client(request)
    # Before anything is begun that nobody could be told of.
    server.streams.check(mine)
    run = server.engine.start(question, Asked(client=mine))
    return _stream(request, Cursor(run=run, seq=0))


def _resumed(request: Request, asked: Cursor | None) -> ASGIApp:
    if asked is None or not asked.seq:
        return Response(status_code=204)
    server = serving(request)
    identity = server.streams.settings.content_encoding_identity
    if server.engine.draining:
        return Short(RETRY + b"\n", identity=identity)
    return _Resumed(_stream(request, asked), asked.run, identity=identity)


def _stream(request: Request, after: Cursor) -> RunStream:
    server = serving(request)
    return RunStream(
        server.engine,
        server.streams,
        after.run,
        principal=principal(request),
        client=client(request),
        after=after.seq,
        grace_seconds=_grace_seconds(request),
    )


def _last_event_id(request: Request) -> str | None:
    given = request.headers.get("last-event-id")
    return request.query_params.get("last_event_id") if given is None else given


def _grace_seconds(request: Request) -> float:
    comes_back = (
        _EVENT_STREAM in request.headers.get("accept", "") or _last_event_id(request) is not None
    )
    if not comes_back or request.query_params.get("resume") == "0":
        return 0
    return serving(request).streams.settings.resume_seconds
