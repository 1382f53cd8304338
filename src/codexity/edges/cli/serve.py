"""`codexity serve`: the HTTP server in this process."""

from __future__ import annotations

import socket
from collections.abc import Mapping

import typer
import uvicorn
from fastapi import FastAPI

from codexity.compose import Installation
from codexity.edges.cli.address import server_address
from codexity.edges.http.app import create
from codexity.edges.log import configure
from codexity.errors import Misconfigured
from codexity.settings import load

_GRACE_SECONDS = 3
_BACKLOG = 2_048


def serve(overrides: Mapping[str, object]) -> int:
    """Serves until it is told to stop; every run is ended and told so before.

    Raises:
        Misconfigured: a setting is wrong, or the address cannot be listened on.
    """
    loaded = load(overrides={"server": overrides})
    settings = loaded.settings
    settings.server.check_binding()
    configure(settings.log.level, settings.log.format)
    app = create(settings)
    listener = _listen(settings.server.host, settings.server.port)
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=_GRACE_SECONDS,
        lifespan="on",
    )
    server = _Server(config, app, address=_address(listener))
    server.run(sockets=[listener])
    return 0 if server.started else 1


class _Server(uvicorn.Server):
    """Ends the runs before the connections: their readers are told, and nothing waits for them."""

    def __init__(self, config: uvicorn.Config, app: FastAPI, *, address: str) -> None:
        super().__init__(config)
        self._app = app
        self._address = address

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Tells the page's address once it can be opened."""
        await super().startup(sockets)
        if self.started:
            typer.echo(f"Codexity is at {self._address} (Ctrl-C stops it)")

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Says `interrupted` to every reader, then closes."""
        installation: Installation = self._app.state.installation
        await installation.engine.interrupt()
        await super().shutdown(sockets)


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listener = socket.create_server((host, port), family=family, backlog=_BACKLOG)
    except OSError as error:
        message = (
            f"server.host and server.port: {host}:{port} cannot be listened on "
            f"({error.strerror or error}). Is another server there? Try: codexity serve --port 0"
        )
        raise Misconfigured(message) from error
    return listener


def _address(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"{server_address(host, port)}/"
