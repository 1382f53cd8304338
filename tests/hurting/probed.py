"""`codexity serve` with instruments in it: what blocks its event loop, and for how long."""

from __future__ import annotations

import sys
import time
from importlib import import_module
from typing import Any

import anyio
from blockbuster import BlockBuster
from fastapi import FastAPI

from codexity.edges.http.app import create
from codexity.settings import Settings

_STEP_SECONDS = 0.005


class Probed:
    """The application. `/probe` answers with two figures, and begins them anew.

    The first is the longest time for which the loop did not turn, the second the most time of a
    processor that its thread took between two turns: on a busy machine the first one holds the
    waiting for a processor too.
    """

    def __init__(self, app: FastAPI) -> None:
        self._app = app
        self.state = app.state
        self._longest = 0.0
        self._busiest = 0.0

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            async with anyio.create_task_group() as group:
                group.start_soon(self._watch)
                await self._app(scope, receive, send)
                group.cancel_scope.cancel()
        elif scope["path"] == "/probe":
            body = f"{self._longest:.6f} {self._busiest:.6f}".encode()
            self._longest = self._busiest = 0.0
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": body})
        else:
            await self._app(scope, receive, send)

    async def _watch(self) -> None:
        BlockBuster("codexity").activate()
        last, used = time.perf_counter(), time.thread_time()
        while True:
            await anyio.sleep(_STEP_SECONDS)
            now, used_now = time.perf_counter(), time.thread_time()
            self._longest = max(self._longest, now - last - _STEP_SECONDS)
            self._busiest = max(self._busiest, used_now - used)
            last, used = now, used_now


def probed(settings: Settings) -> Probed:
    """What the command serves in the place of what it would."""
    return Probed(create(settings))


if __name__ == "__main__":
    command = import_module("codexity.edges.cli.serve")
    vars(command)["create"] = probed
    sys.exit(command.serve({"port": 0}))
