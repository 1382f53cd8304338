"""The server for any ASGI server: `codexity.asgi:app`, composed when its lifespan starts."""

from __future__ import annotations

from starlette.types import ASGIApp, Receive, Scope, Send

from codexity.errors import Misconfigured


class Deferred:
    """An ASGI application that reads its settings when it is first called, not at import."""

    def __init__(self) -> None:
        self._app: ASGIApp | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers as the application does; wrong settings fail the lifespan's start."""
        if self._app is None:
            try:
                self._app = await _composed()
            except Misconfigured as error:
                if scope["type"] != "lifespan":
                    raise
                await receive()
                await send({"type": "lifespan.startup.failed", "message": error.message})
                return
        await self._app(scope, receive, send)


async def _composed() -> ASGIApp:
    from anyio.to_thread import run_sync

    return await run_sync(_compose)


def _compose() -> ASGIApp:
    from codexity.compose import claim
    from codexity.edges.http.app import create
    from codexity.edges.journal import warn
    from codexity.edges.log import configure
    from codexity.settings import load

    loaded = load()
    settings = loaded.settings
    configure(settings.log.level, settings.log.format)
    warn(loaded.warnings)
    claim(settings.data_dir)
    return create(settings)


app = Deferred()
