"""The HTTP server put together: routes, gate, errors, and what its lifespan opens."""

from __future__ import annotations

import math
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from importlib.resources import as_file, files

import anyio
import structlog
from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send

from codexity.compose import VERSION, Installation, opened
from codexity.edges.http import (
    following,
    library,
    openapi,
    refusals,
    routes,
    runs,
    streams,
    threads,
)
from codexity.edges.http.clients import networks
from codexity.edges.http.drain import Drain
from codexity.edges.http.error_pages import with_error_pages
from codexity.edges.http.gate import LOOPBACK_ORIGIN, Cors, Gate, Rules
from codexity.edges.http.serving import Serving
from codexity.edges.http.sse import HANDED, RunStream
from codexity.edges.journal import LogJournal
from codexity.errors import (
    BadQuestion,
    Busy,
    CodexityError,
    Elsewhere,
    KeyReused,
    UnknownDocument,
    UnknownRun,
)
from codexity.settings import Settings

_log = structlog.get_logger("codexity.http")


class Application(FastAPI):
    """The framework, and what is done once it is through with a request: relaying a stream."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request, as ASGI has it."""
        handed: list[RunStream] = []
        try:
            # A scope of its own, since the framework writes into it what nobody needs any more: no
            # name holds it, nor what sends for it, while a stream is relayed.
            await super().__call__(
                {**scope, HANDED: handed}, receive, with_error_pages(scope, send)
            )
            for stream in handed:
                await stream.relay(scope, receive, send)
        finally:
            for stream in handed:
                await stream.close()


def create(settings: Settings) -> FastAPI:
    """The server's ASGI application; everything is opened in its lifespan, nothing before."""
    app = Application(
        title="Codexity",
        version=VERSION,
        summary="An answer engine that cites what it read.",
        lifespan=_lifespan,
        docs_url=None,
        redoc_url=None,
        swagger_ui_oauth2_redirect_url=None,
        exception_handlers={
            HTTPException: refusals.http_error,
            BadQuestion: refusals.bad_question,
            UnknownRun: refusals.not_found,
            UnknownDocument: refusals.not_found,
            KeyReused: refusals.key_reused,
            Elsewhere: refusals.elsewhere,
            Busy: refusals.busy,
            CodexityError: refusals.unavailable,
            Exception: refusals.broken,
        },
    )
    app.state.settings = settings
    app.state.watchdog = app.state.stop = None
    app.include_router(routes.router)
    app.include_router(runs.router)
    app.include_router(threads.router)
    app.include_router(library.router)
    # Before the routes that take any run: these are longer.
    app.router.routes.extend(following.streams())
    with as_file(files("codexity.edges.http") / "page") as page:
        app.state.page = (page / "index.html").read_text("utf-8")
        app.state.icon = (page / "icon.ico").read_bytes()
        app.mount("/page", StaticFiles(directory=page))
    app.openapi = lambda: openapi.described(app)
    server = settings.server
    app.add_middleware(Gate, rules=_rules(settings))
    # Outside the gate: a preflight carries no key, and a page may read why it was refused.
    app.add_middleware(
        Cors,
        allow_origins=server.cors_origins,
        allow_origin_regex=LOOPBACK_ORIGIN,
        allow_methods=["GET", "POST", "DELETE"],
        # `Cache-Control` is what polyfills of EventSource send.
        allow_headers=[
            *("Authorization", "Cache-Control", "Content-Type"),
            *("Idempotency-Key", "Last-Event-ID"),
        ],
    )
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncGenerator[None, None]:
    async with AsyncExitStack() as stack:
        settings: Settings = app.state.settings
        installation = await stack.enter_async_context(opened(settings, LogJournal()))
        supervisor = installation.engine.supervisor
        open_streams = await stack.enter_async_context(streams.opened(settings.stream, supervisor))
        app.state.serving = Serving(
            installation=installation,
            streams=open_streams,
            proxies=networks(settings.server.trusted_proxies),
        )
        drain = Drain(
            installation.engine,
            open_streams,
            seconds=settings.stream.drain_seconds,
            watchdog=app.state.watchdog,
            stop=app.state.stop,
        )
        supervisor.on_failure(drain.fail)
        stack.enter_context(drain.listening())
        tasks = await stack.enter_async_context(anyio.create_task_group())
        tasks.start_soon(_prepare, installation)
        tasks.start_soon(drain.wait)
        stack.callback(tasks.cancel_scope.cancel)
        try:
            yield
        except BaseException:
            if anyio.current_effective_deadline() == -math.inf:
                # One of our own task groups has died: the server would look well without them.
                supervisor.fail("its own tasks")
                drain.end()
            raise


async def _prepare(installation: Installation) -> None:
    """What the first question would else wait for; what fails here is told when it is needed."""
    try:
        await installation.index.ready()
        if installation.starter is not None:
            await installation.starter.ensure_built()
        await installation.warm()
    except CodexityError as error:
        _log.warning("not prepared", message=error.message, detail=error.detail)
    except Exception:  # noqa: BLE001 - it would end the server's other tasks
        _log.exception("not prepared")


def _rules(settings: Settings) -> Rules:
    server = settings.server
    return Rules(
        host=server.host,
        open=server.open,
        allowed_hosts=frozenset(server.allowed_hosts),
        cors_origins=frozenset(server.cors_origins),
        api_keys={name: key.get_secret_value() for name, key in server.api_keys.items()},
    )
