"""The connections of this process: how many there may be, which give way, and their one timer."""

from __future__ import annotations

import resource
from collections import Counter
from dataclasses import dataclass, field
from functools import lru_cache
from http import HTTPStatus
from typing import Final, Protocol

import structlog

from codexity.edges.http.clients import Network, client_network, networks, within
from codexity.edges.http.wire_refusals import WireRefusal
from codexity.settings import Settings

_CONNECTIONS: Final = 8_192
_OF_ONE_CLIENT: Final = 1_024
_LINGERING: Final = 64
"""So many refused connections may stay open at once until their clients have read why."""
_RESERVE: Final = 128
_RESERVED_PART: Final = 4
_LOOK_SECONDS: Final = 0.5
_ENDED_A_TURN: Final = 128
"""Some 5 ms: with 2,000 ended in one turn, others waited for 160."""
_TELL_SECONDS: Final = 60.0

_log = structlog.get_logger("codexity.http")


class Waiting(Protocol):
    """A connection, as far as its bounds are concerned."""

    def cut(self) -> None:
        """Ends it at once."""
        ...

    def look(self, now: float, bounds: Bounds) -> bool:
        """Ends it where it has waited for too long, and says whether it did.

        Called while it has no request under way.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """The bounds that hold. Durations are in seconds."""

    connections: int
    of_one_client: int
    first_byte_seconds: float
    head_seconds: float
    linger_seconds: float = 2.0
    proxies: tuple[Network, ...] = ()

    @classmethod
    def of(cls, settings: Settings) -> Bounds:
        """Those of the settings."""
        own, stream = settings.connections, settings.stream
        return cls(
            connections=own.max or max(_CONNECTIONS, 2 * stream.max_streams),
            of_one_client=own.max_per_client
            or max(_OF_ONE_CLIENT, 2 * stream.max_streams_per_client),
            first_byte_seconds=own.first_byte_seconds,
            head_seconds=own.head_seconds,
            proxies=networks(settings.server.trusted_proxies),
        )


@dataclass(slots=True, eq=False)
class _Client:
    """The connections of one client; `waiting` are those without a request, the longest first."""

    name: str
    connections: int = 0
    waiting: dict[Waiting, None] = field(default_factory=dict["Waiting", None])


class Connections:
    """All connections, each with a place from `admit` until `leave` or `linger`.

    Where a bound is met, the connection that has waited longest without a request gives way: silent
    clients keep nobody out.
    """

    def __init__(self, bounds: Bounds) -> None:
        self.bounds = bounds
        self._clients: dict[str, _Client] = {}
        self._places: dict[Waiting, _Client] = {}
        self._waiting: dict[Waiting, None] = {}
        self._lingering: dict[Waiting, None] = {}
        self._next_look = 0.0
        self._met = Counter[str]()
        self._told: dict[str, float] = {}

    def __len__(self) -> int:
        return len(self._places)

    def admit(
        self, connection: Waiting, address: str | None, descriptor: int
    ) -> WireRefusal | None:
        """Gives a new connection its place, or says why there is none."""
        name = client_of_connection(address, self.bounds.proxies)
        client = self._clients.get(name) or _Client(name)
        if name and client.connections >= self.bounds.of_one_client:
            self.note(_TOO_MANY_OF_ONE.bound)
            if not self._give_way(client.waiting):
                return _TOO_MANY_OF_ONE
        full = len(self) >= self.bounds.connections
        if full or descriptor >= usable_descriptors():
            refusal = _TOO_MANY if full else NO_DESCRIPTORS
            self.note(refusal.bound)
            if not self.give_way():
                return refusal
        self._clients[name] = client
        client.connections += 1
        self._places[connection] = client
        self.wait(connection)
        return None

    def wait(self, connection: Waiting) -> None:
        """The connection has no request under way."""
        client = self._places.get(connection)
        if client is not None:
            client.waiting[connection] = self._waiting[connection] = None

    def work(self, connection: Waiting) -> None:
        """The connection has a request under way: it gives way to nobody."""
        if connection in self._waiting:
            del self._waiting[connection]
            del self._places[connection].waiting[connection]

    def linger(self, connection: Waiting) -> None:
        """The connection was told that it is refused, and frees its place; it is ended soon."""
        self.leave(connection)
        if len(self._lingering) >= _LINGERING:
            self._give_way(self._lingering)
        self._lingering[connection] = None

    def leave(self, connection: Waiting) -> None:
        """The connection has ended."""
        self._lingering.pop(connection, None)
        client = self._places.pop(connection, None)
        if client is None:
            return
        self._waiting.pop(connection, None)
        client.waiting.pop(connection, None)
        client.connections -= 1
        if not client.connections:
            del self._clients[client.name]

    def give_way(self) -> bool:
        """Ends the connection that has waited longest, and says whether there was one."""
        return self._give_way(self._waiting)

    def note(self, bound: str) -> None:
        """A bound was met, which the operator is told."""
        if bound:
            self._met[bound] += 1

    def sweep(self, now: float) -> None:
        """Ends what has waited for too long, and tells which bounds were met: once a minute.

        To be called about ten times a second.
        """
        if now < self._next_look:
            return
        ended = 0
        for connection in (*self._waiting, *self._lingering):
            ended += connection.look(now, self.bounds)
            if ended == _ENDED_A_TURN:
                return
        self._next_look = now + _LOOK_SECONDS
        for bound, times in tuple(self._met.items()):
            told = self._told.get(bound)
            if told is None or now - told >= _TELL_SECONDS:
                self._told[bound] = now
                del self._met[bound]
                _log.warning("bound met", bound=bound, times=times)

    def _give_way(self, among: dict[Waiting, None]) -> bool:
        for connection in among:
            self.leave(connection)
            connection.cut()
            return True
        return False


@lru_cache(maxsize=4_096)
def client_of_connection(address: str | None, proxies: tuple[Network, ...]) -> str:
    """Whose connection it is, or nothing where it is a proxy's or nobody's."""
    if address is None or within(address, proxies):
        return ""
    return client_network(address)


def usable_descriptors() -> int:
    """How many files the process may open, without those kept for its own work and refusals."""
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY:
        return 1 << 30
    return soft - min(_RESERVE, soft // _RESERVED_PART)


def allow_descriptors(connections: int) -> None:
    """Raises the limit on open files as far as that many connections need, and it may be."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = connections + 2 * _RESERVE
    most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    if soft != resource.RLIM_INFINITY and soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))


def _busy(status: HTTPStatus, message: str, bound: str) -> WireRefusal:
    return WireRefusal(status=status, code="busy", message=message, retryable=True, bound=bound)


_TOO_MANY: Final = _busy(
    HTTPStatus.SERVICE_UNAVAILABLE,
    "Too many connections are open. Try again in a moment.",
    "connections.max",
)
_TOO_MANY_OF_ONE: Final = _busy(
    HTTPStatus.TOO_MANY_REQUESTS,
    "Too many connections of yours are open. Close one, or ask the operator to raise "
    "CODEXITY_CONNECTIONS__MAX_PER_CLIENT.",
    "connections.max_per_client",
)
NO_DESCRIPTORS: Final = _busy(
    HTTPStatus.SERVICE_UNAVAILABLE,
    "Too many connections are open. Try again in a moment.",
    "open files (ulimit -n)",
)
HEAD_TIMEOUT: Final = WireRefusal(
    status=HTTPStatus.REQUEST_TIMEOUT,
    code="head_timeout",
    message="The head of the request did not come in time.",
    retryable=True,
    bound="connections.head_seconds",
)
