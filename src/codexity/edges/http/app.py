"""The HTTP server put together: routes, gate, errors, and what its lifespan opens."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from importlib.resources import as_file, files

import anyio
import structlog
from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.staticfiles import StaticFiles

from codexity.compose import VERSION, Installation, opened
from codexity.edges.http import openapi, routes
from codexity.edges.http.gate import LOOPBACK_ORIGIN, Cors, Gate, Rules, problem
from codexity.edges.journal import LogJournal
from codexity.errors import CodexityError, UnknownDocument, UnknownRun
from codexity.settings import Settings

_log = structlog.get_logger("codexity.http")


def create(settings: Settings) -> FastAPI:
    """The server's ASGI application; everything is opened in its lifespan, nothing before."""
    app = FastAPI(
        title="Codexity",
        version=VERSION,
        summary="An answer engine that cites what it read.",
        lifespan=_lifespan,
        docs_url=None,
        redoc_url=None,
        swagger_ui_oauth2_redirect_url=None,
        exception_handlers={
            HTTPException: _http_error,
            UnknownRun: _not_found,
            UnknownDocument: _not_found,
            CodexityError: _unavailable,
            Exception: _broken,
        },
    )
    app.state.settings = settings
    app.include_router(routes.router)
    app.router.routes.extend(routes.streams())
    with as_file(files("codexity.edges.http") / "page") as page:
        app.state.page = (page / "index.html").read_text("utf-8")
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
        allow_headers=["Authorization", "Content-Type", "Last-Event-ID"],
    )
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncGenerator[None, None]:
    async with AsyncExitStack() as stack:
        installation = await stack.enter_async_context(opened(app.state.settings, LogJournal()))
        app.state.installation = installation
        tasks = await stack.enter_async_context(anyio.create_task_group())
        tasks.start_soon(_prepare, installation)
        stack.callback(tasks.cancel_scope.cancel)
        yield


async def _prepare(installation: Installation) -> None:
    """What the first question would else wait for; what fails here is told when it is needed."""
    try:
        if installation.starter is not None:
            await installation.starter.ensure_built()
        await installation.warm()
    except CodexityError as error:
        _log.warning("not prepared", message=error.message, detail=error.detail)


def _rules(settings: Settings) -> Rules:
    server = settings.server
    return Rules(
        host=server.host,
        open=server.open,
        allowed_hosts=frozenset(server.allowed_hosts),
        cors_origins=frozenset(server.cors_origins),
        api_keys={name: key.get_secret_value() for name, key in server.api_keys.items()},
    )


async def _http_error(_request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    code = {404: "not_found", 405: "method_not_allowed"}.get(status, "http_error")
    told = error.detail if isinstance(error, HTTPException) else "Something broke."
    response = problem(status, code, told)
    if isinstance(error, HTTPException) and error.headers:
        response.headers.update(error.headers)
    return response


async def _not_found(_request: Request, error: Exception) -> Response:
    message = error.message if isinstance(error, CodexityError) else "There is no such thing."
    return problem(404, "not_found", message)


async def _unavailable(request: Request, error: Exception) -> Response:
    """What a part says of itself, such as a store that is locked; the detail is for the log."""
    if not isinstance(error, CodexityError):
        return await _broken(request, error)
    _log.error("request failed", code=type(error).__name__, detail=error.detail)
    return problem(503, "unavailable", error.message, retryable=True)


async def _broken(_request: Request, _error: Exception) -> Response:
    return problem(500, "internal", "Something broke inside Codexity; its log says what.")
