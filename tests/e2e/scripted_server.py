"""Serves the page and follows a script: states that a real run shows only for a moment."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
PAGE = Path(str(files("codexity.edges.http") / "page"))

Said = tuple[str, dict[str, Any]]


class Hold:
    """A place in a script at which the stream waits until the test lets it go on."""

    def __init__(self) -> None:
        self.reached = asyncio.Event()
        self.released = asyncio.Event()


class Hangup:
    """A place in a script at which the connection breaks; who resumes hears what is behind it."""


Script = list["Said | Hold | Hangup"]


@dataclass(slots=True, kw_only=True)
class ScriptedServer:
    """The scripts by question, and what was asked of the server."""

    url: str = ""
    scripts: dict[str, Script] = field(default_factory=dict[str, Script])
    asked: list[str] = field(default_factory=list[str])
    stopped: list[str] = field(default_factory=list[str])
    resumed: list[str] = field(default_factory=list[str])
    open_streams: int = 0
    most_streams: int = 0
    stop_status: int = 204
    resume_statuses: list[int] = field(default_factory=list[int])
    snapshot: tuple[int, dict[str, Any]] = (404, {})
    ask: str = "yes"
    plain: str = "<!doctype html><title>plain</title><p>The whole answer"

    async def index(self, _request: Request) -> Response:
        text = (PAGE / "index.html").read_text("utf-8")
        return self._secured(HTMLResponse(text.replace('data-ask="yes"', f'data-ask="{self.ask}"')))

    async def answer(self, request: Request) -> Response:
        self.asked.append(request.query_params["q"])
        return self._secured(HTMLResponse(self.plain))

    async def document(self, _request: Request) -> Response:
        return self._secured(HTMLResponse(self.plain))

    async def search(self, request: Request) -> Response:
        question = request.query_params["q"]
        if "last_event_id" in request.query_params:
            return self._resumed(request.query_params["last_event_id"], question)
        if question not in self.scripts:
            problem = {"code": "draining", "message": "Not now.", "retryable": True}
            return JSONResponse(problem, 503)
        self.asked.append(question)
        run = f"run{len(self.asked)}"
        return StreamingResponse(self._events(run, question), media_type="text/event-stream")

    def _resumed(self, last: str, question: str) -> Response:
        self.resumed.append(last)
        if self.resume_statuses:
            return Response(status_code=self.resume_statuses.pop(0))
        run, _, seq = last.partition("-")
        if not self.scripts[question][int(seq) + 1 :]:
            return Response(status_code=204)
        events = self._events(run, question, after=int(seq))
        return StreamingResponse(events, media_type="text/event-stream")

    async def run(self, request: Request) -> Response:
        if request.method == "GET":
            return JSONResponse(self.snapshot[1], self.snapshot[0])
        self.stopped.append(request.path_params["run"])
        return Response(status_code=self.stop_status)

    async def _events(self, run: str, question: str, after: int = 0) -> AsyncIterator[bytes]:
        self.open_streams += 1
        self.most_streams = max(self.most_streams, self.open_streams)
        try:
            yield b"retry: 100\n"
            for seq, said in enumerate(self.scripts[question], 1):
                if isinstance(said, Hangup):
                    if after:
                        continue
                    return
                if seq <= after:
                    continue
                if isinstance(said, Hold):
                    said.reached.set()
                    await said.released.wait()
                    continue
                name, data = said
                text = json.dumps(data | {"run": run} if name in {"status", "done"} else data)
                yield f"id: {run}-{seq}\nevent: {name}\ndata: {text}\n\n".encode()
        finally:
            self.open_streams -= 1

    @staticmethod
    def _secured(response: Response) -> Response:
        response.headers["content-security-policy"] = POLICY
        return response


@asynccontextmanager
async def serving(server: ScriptedServer) -> AsyncGenerator[ScriptedServer]:
    routes = [
        Route("/", server.index),
        Route("/answer", server.answer),
        Route("/search", server.search),
        Route("/library/{document:path}", server.document),
        Route("/runs/{run}", server.run, methods=["GET", "DELETE"]),
        Mount("/page", StaticFiles(directory=PAGE)),
    ]
    app = Starlette(routes=[Mount("/below", routes=routes), *routes])
    config = uvicorn.Config(app, log_level="error", lifespan="off", timeout_graceful_shutdown=1)
    listener = socket.create_server(("127.0.0.1", 0))
    server.url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    running = uvicorn.Server(config)
    task = asyncio.ensure_future(running.serve(sockets=[listener]))
    try:
        yield server
    finally:
        running.should_exit = True
        await task
        listener.close()
