"""The only way out for a browser: a proxy on loopback that connects to judged addresses alone."""

from __future__ import annotations

import logging
import re
import secrets
from base64 import b64encode
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

import anyio
import httpcore2
from anyio import TASK_STATUS_IGNORED
from anyio.abc import SocketAttribute, SocketStream, TaskStatus
from anyio.streams.buffered import BufferedByteReceiveStream

from codexity.adapters.fetch.guard import Guard
from codexity.adapters.fetch.network import GuardedNetwork
from codexity.errors import Unreadable

_HOST: Final = "127.0.0.1"
_USER: Final = "codexity"
_TUNNEL: Final = b"HTTP/1.1 200 Connection established\r\n\r\n"
_LARGEST_HEAD: Final = 65_536
_PIECE: Final = 65_536
_LEFT: Final = re.compile(rb"(?i)(?:proxy-[^:]*|connection|keep-alive|upgrade)[ \t]*:")
_HOST_FIELD: Final = re.compile(rb"(?i)host[ \t]*:")
_VERSIONS: Final = frozenset({"HTTP/1.0", "HTTP/1.1"})
_TARGET: Final = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[^\[\]:@/\s]+):([0-9]{1,5})")
_BROKEN: Final = (
    anyio.BrokenResourceError,
    anyio.ClosedResourceError,
    anyio.EndOfStream,
    anyio.IncompleteRead,
    anyio.DelimiterNotFound,
    TimeoutError,
    httpcore2.NetworkError,
    httpcore2.TimeoutException,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProxyLimits:
    """What one connection may cost, in seconds and bytes, and how many there may be at once."""

    connections: int = 64
    connect_seconds: float = 4.0
    silence_seconds: float = 15.0
    total_seconds: float = 60.0
    max_bytes: int = 20_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """Where the proxy listens, and the name and password that it asks for."""

    port: int
    user: str
    password: str


class _Refused(Exception):
    """The connection is answered with this status, and closed."""

    def __init__(self, status: str, *headers: str) -> None:
        super().__init__(status)
        self.answer = "\r\n".join(
            (f"HTTP/1.1 {status}", *headers, "Content-Length: 0", "Connection: close", "", "")
        ).encode("ascii")


class GuardedProxy:
    """A proxy for HTTP and CONNECT that goes only where the guard allows.

    Every connection goes to the very address that was judged. Who does not know the password, which
    is made anew for each proxy, gets nothing.
    """

    def __init__(self, guard: Guard, limits: ProxyLimits | None = None) -> None:
        self._network = GuardedNetwork(guard)
        self._limits = limits or ProxyLimits()
        self._password = secrets.token_urlsafe(24)
        pair = f"{_USER}:{self._password}".encode("ascii")
        self._expected = b"basic " + b64encode(pair)
        self._open = 0
        self._log = logging.getLogger("codexity.fetch")

    async def run(self, *, task_status: TaskStatus[Way] = TASK_STATUS_IGNORED) -> None:
        """Serves until it is cancelled, and then closes everything."""
        listener = await anyio.create_tcp_listener(local_host=_HOST, local_port=0)
        try:
            port = listener.extra(SocketAttribute.local_port)  # noqa: S610 -- anyio's, not Django's
            task_status.started(Way(port=port, user=_USER, password=self._password))
            await listener.serve(self._serve)
        finally:
            with anyio.CancelScope(shield=True):
                await listener.aclose()

    async def _serve(self, client: SocketStream) -> None:
        async with client:
            if self._open >= self._limits.connections:
                return
            self._open += 1
            try:
                with suppress(*_BROKEN), anyio.move_on_after(self._limits.total_seconds):
                    await self._answered(client)
            except Exception:  # noqa: BLE001 - whatever it is, the others go on
                self._log.exception("a connection of the browser's proxy broke")
            finally:
                self._open -= 1

    async def _answered(self, client: SocketStream) -> None:
        try:
            await self._answer(client)
        except _Refused as refusal:
            await client.send(refusal.answer)

    async def _answer(self, client: SocketStream) -> None:
        incoming = BufferedByteReceiveStream(client)
        with anyio.fail_after(self._limits.silence_seconds):
            head = await incoming.receive_until(b"\r\n\r\n", _LARGEST_HEAD)
        first, *headers = head.split(b"\r\n")
        self._check(headers)
        try:
            method, target, version = first.decode("ascii").split(" ")
        except ValueError as error:
            raise _Refused("400 Bad Request") from error
        if version not in _VERSIONS:
            raise _Refused("400 Bad Request")
        if method == "CONNECT":
            (host, port), opening = _named(target), b""
        else:
            host, port, opening = _forwarded(method, target, headers)
        server = await self._connected(host, port)
        relay = _Relay(client, incoming, server, self._limits)
        try:
            await relay.run(opening)
        finally:
            with anyio.CancelScope(shield=True):
                await server.aclose()

    def _check(self, headers: list[bytes]) -> None:
        for header in headers:
            name, _, value = header.partition(b":")
            if name.strip().lower() != b"proxy-authorization":
                continue
            scheme, _, given = value.strip().partition(b" ")
            if secrets.compare_digest(scheme.lower() + b" " + given.strip(), self._expected):
                return
        raise _Refused(
            "407 Proxy Authentication Required", 'Proxy-Authenticate: Basic realm="codexity"'
        )

    async def _connected(self, host: str, port: int) -> httpcore2.AsyncNetworkStream:
        try:
            return await self._network.connect_tcp(host, port, timeout=self._limits.connect_seconds)
        except Unreadable as error:
            closed = error.code == "not_public"
            raise _Refused("403 Forbidden" if closed else "502 Bad Gateway") from error
        except httpcore2.TimeoutException as error:
            raise _Refused("504 Gateway Timeout") from error
        except httpcore2.NetworkError as error:
            raise _Refused("502 Bad Gateway") from error


class _Relay:
    """Carries bytes both ways until one side ends, is silent too long, or has sent too much."""

    def __init__(
        self,
        client: SocketStream,
        incoming: BufferedByteReceiveStream,
        server: httpcore2.AsyncNetworkStream,
        limits: ProxyLimits,
    ) -> None:
        self._client = client
        self._incoming = incoming
        self._server = server
        self._limits = limits
        self._left = limits.max_bytes

    async def run(self, opening: bytes) -> None:
        """Carries on after the `opening` of a forwarded request; a tunnel has none.

        An answer to a forwarded request is told to be the connection's last: what the browser asks
        next may be of another host, which is to be judged.
        """
        if opening:
            await self._server.write(opening, timeout=self._limits.silence_seconds)
        else:
            await self._client.send(_TUNNEL)
        async with anyio.create_task_group() as group:
            down = self._down if opening else self._pass_down
            group.start_soon(self._carry, self._up, group.cancel_scope)
            group.start_soon(self._carry, down, group.cancel_scope)

    async def _carry(self, how: Callable[[], Awaitable[None]], other: anyio.CancelScope) -> None:
        with suppress(*_BROKEN):
            await how()
        other.cancel()

    async def _up(self) -> None:
        while True:
            await self._send_up(await self._incoming.receive(_PIECE))

    async def _send_up(self, piece: bytes) -> None:
        self._count(piece)
        await self._server.write(piece, timeout=self._limits.silence_seconds)

    async def _pass_down(self) -> None:
        while piece := await self._from_server():
            await self._client.send(piece)

    async def _down(self) -> None:
        seen = b""
        while b"\r\n\r\n" not in seen:
            piece = await self._from_server()
            seen += piece
            if not piece or len(seen) > _LARGEST_HEAD:
                return
        head, _, rest = seen.partition(b"\r\n\r\n")
        await self._client.send(_last(head) + rest)
        await self._pass_down()

    async def _from_server(self) -> bytes:
        piece = await self._server.read(_PIECE, timeout=self._limits.silence_seconds)
        self._count(piece)
        return piece

    def _count(self, piece: bytes) -> None:
        self._left -= len(piece)
        if self._left < 0:
            raise anyio.ClosedResourceError


def _named(target: str) -> tuple[str, int]:
    found = _TARGET.fullmatch(target)
    if found is None or not 0 < int(found[2]) < 65_536:
        raise _Refused("400 Bad Request")
    return found[1], int(found[2])


def _forwarded(method: str, target: str, headers: Sequence[bytes]) -> tuple[str, int, bytes]:
    """The host and port of a request to a proxy, and the request as that host is to see it.

    What it says of its host itself is not passed on. Source: RFC 9112, section 3.2.2.
    """
    try:
        parts = urlsplit(target)
        port = parts.port or 80
    except ValueError as error:
        raise _Refused("400 Bad Request") from error
    if parts.scheme != "http" or not parts.hostname or "@" in parts.netloc:
        raise _Refused("400 Bad Request")
    path = parts._replace(scheme="", netloc="", fragment="").geturl() or "/"
    line = f"{method} {path if path.startswith('/') else '/' + path} HTTP/1.1".encode("ascii")
    kept = (header for header in headers if not _HOST_FIELD.match(header))
    head = b"\r\n".join((line, b"Host: " + parts.netloc.encode("ascii"), *kept))
    return parts.hostname, port, _last(head)


def _last(head: bytes) -> bytes:
    """A head that says nothing to proxies, and that the connection ends after its message."""
    first, *headers = head.rstrip(b"\r\n").split(b"\r\n")
    kept = [header for header in headers if not _LEFT.match(header)]
    return b"\r\n".join((first, *kept, b"Connection: close", b"", b""))
