"""`codexity serve`: the HTTP server in this process."""

from __future__ import annotations

import errno
import gc
import socket
from collections.abc import Mapping
from ipaddress import ip_address
from types import FrameType

import typer
import uvicorn

from codexity.compose import check_files
from codexity.edges.cli.address import server_address
from codexity.edges.http.app import create
from codexity.edges.http.connections import Bounds
from codexity.edges.http.drain import END_SECONDS
from codexity.edges.http.protocol import Protocol
from codexity.edges.http.server import BoundedServer
from codexity.edges.http.watchdog import Watchdog
from codexity.edges.journal import warn
from codexity.edges.log import configure
from codexity.errors import CodexityError, Misconfigured
from codexity.settings import Settings, load

_GRACE_SECONDS = 3
_BACKLOG = 4_096
_SEND_BUFFER_BYTES = 64 * 1024
_KEEPALIVE_SECONDS = 30


def serve(overrides: Mapping[str, object]) -> int:
    """Serves until it is told to stop; every run is ended and told so before.

    Raises:
        Misconfigured: a setting is wrong, the data folder is another program's or a newer
            Codexity's, or the address cannot be listened on.
        CodexityError: the server could not go on.
    """
    loaded = load(overrides={"server": overrides})
    settings = loaded.settings
    configure(settings.log.level, settings.log.format)
    warn(loaded.warnings)
    settings.server.check_binding()
    settings.make_data_dir()
    check_files(settings)
    app = create(settings)
    listener = _listen(settings.server.host, settings.server.port)
    _bound_buffers(listener, settings.stream.send_seconds)
    config = uvicorn.Config(
        app,
        http=Protocol,
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,  # `server.trusted_proxies` says whom to believe
        timeout_graceful_shutdown=_GRACE_SECONDS,
        lifespan="on",
    )
    watchdog = Watchdog()
    server = _Server(
        config, address=_address(listener), reached=_reached(settings, listener), watchdog=watchdog
    )
    server.bind(listener, Bounds.of(settings))
    app.state.watchdog, app.state.stop = watchdog, server.stop
    server.run(sockets=[])
    if server.failed:
        raise CodexityError(app.state.serving.engine.supervisor.failed)
    return 0 if server.started else 1


class _Server(BoundedServer):
    """A server that says where it is, and that ends in time.

    `failed` says that it was stopped since it could not go on.
    """

    def __init__(
        self, config: uvicorn.Config, *, address: str, reached: str, watchdog: Watchdog
    ) -> None:
        super().__init__(config)
        self.failed = False
        self._address = address
        self._reached = reached
        self._watchdog = watchdog

    def stop(self) -> None:
        """Ends the server, which has failed."""
        self.failed = self.should_exit = True

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Ends the server for a signal."""
        self._watchdog.arm(END_SECONDS)
        super().handle_exit(sig, frame)

    async def on_tick(self, counter: int) -> bool:
        """Tells the watchdog that the loop runs; says whether the server is to end."""
        self._watchdog.beat()
        return await super().on_tick(counter)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Tells the page's address once it can be opened."""
        await super().startup(sockets)
        # The logs of runs are many small objects that live for a while: walking them all every few
        # hundred tokens took a third of the time of a busy server.
        gc.freeze()
        gc.set_threshold(5_000, 20, 50)
        if self.started:
            typer.echo(f"Codexity is at {self._address} (Ctrl-C stops it)")
            if self._reached:
                typer.echo(self._reached)


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listener = socket.create_server((host, port), family=family, backlog=_BACKLOG)
    except OSError as error:
        place = f"{host}:{port} cannot be listened on"
        # Python adds the address once more.
        why = (error.strerror or str(error)).partition(" (while attempting")[0]
        if error.errno == errno.EADDRINUSE:
            mend = "Is another server there? CODEXITY_SERVER__PORT=0 takes a free port"
        else:
            mend = "Set them to an address of this machine and a port that you may use"
        message = f"server.host and server.port: {place} ({why}). {mend}"
        raise Misconfigured(message) from error
    return listener


def _bound_buffers(listener: socket.socket, send_seconds: float) -> None:
    """Options that every connection of the listener takes over.

    A reader that takes nothing is else given megabytes before anybody notices, and one whose
    machine is gone keeps its connection for a quarter of an hour.
    """
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SEND_BUFFER_BYTES)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in (
        ("TCP_USER_TIMEOUT", int(send_seconds * 1_000)),
        ("TCP_KEEPIDLE", _KEEPALIVE_SECONDS),
        ("TCP_KEEPINTVL", _KEEPALIVE_SECONDS),
    ):
        option = getattr(socket, name, None)
        if option is not None:
            listener.setsockopt(socket.IPPROTO_TCP, option, value)


def _address(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"{server_address(host, port)}/"


def _reached(settings: Settings, listener: socket.socket) -> str:
    """Who else can reach the server and may use it, in a line; empty where it is this machine's."""
    host, port = listener.getsockname()[:2]
    if ip_address(host).is_loopback:
        return ""
    who = "whoever has one of its keys" if settings.server.api_keys else "anybody who reaches it"
    return f"It listens on {host}, port {port}: other machines may reach it, and {who} may use it."
