"""Takes new connections, and still answers when there are no descriptors left.

uvloop closes its listener, without a word, when `accept` fails: so accepting is done here.
"""

from __future__ import annotations

import asyncio
import errno
import os
import socket
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from http import HTTPStatus
from typing import Final

import structlog

from codexity.edges.http.connections import NO_DESCRIPTORS, Connections
from codexity.edges.http.protocol import Protocol
from codexity.edges.http.wire_refusals import WireRefusal

_A_TURN: Final = 64
_SCARCE: Final = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM})
_REST_SECONDS: Final = 0.1
_LINGER_SECONDS: Final = 1.0
_LINGERING: Final = 16
"""So many refused sockets stay open until their clients have read why."""
_READ_BYTES: Final = 64 * 1024
_OPENING_SECONDS: Final = 0.5
_MOST_REFUSED: Final = 1_000
"""At the end: they take some 30 ms."""
_ENDING: Final = WireRefusal(
    status=HTTPStatus.SERVICE_UNAVAILABLE,
    code="draining",
    message="This server is about to end. It begins nothing new.",
    retryable=True,
)

_log = structlog.get_logger("codexity.http")


class Listener:
    """A listening socket whose connections have places in `connections`.

    `protocol` makes what speaks on a connection.
    """

    def __init__(
        self,
        listening: socket.socket,
        connections: Connections,
        protocol: Callable[[], Protocol],
    ) -> None:
        self._socket = listening
        self._connections = connections
        self._protocol = protocol
        self._loop = asyncio.get_running_loop()
        self._opening: set[asyncio.Task[None]] = set()
        self._refused: deque[tuple[float, socket.socket]] = deque()
        self._rests_until: float | None = None
        self._spare = self._open_spare()
        listening.settimeout(0)
        self._loop.add_reader(listening, self._accept)

    async def close(self) -> None:
        """Takes no more connections, and says so to who has come meanwhile; open ones stay."""
        self._rests_until = None
        self._loop.remove_reader(self._socket)
        self._refuse_the_rest()
        self._socket.close()
        self.sweep(float("inf"))
        if self._spare is not None:
            os.close(self._spare)
            self._spare = None
        if self._opening:
            # Whoever ends the connections that are open would wait for one that opens after that.
            await asyncio.wait(self._opening, timeout=_OPENING_SECONDS)

    def sweep(self, now: float) -> None:
        """Ends the refused connections whose time to read why is over, and a rest of its own.

        To be called about ten times a second.
        """
        while self._refused and self._refused[0][0] <= now:
            _end(self._refused.popleft()[1])
        if self._spare is None:
            self._spare = self._open_spare()
        if self._rests_until is not None and self._rests_until <= now:
            self._loop.add_reader(self._socket, self._accept)
            self._rests_until = None

    def _accept(self) -> None:
        for _ in range(_A_TURN):
            if not self._accept_one():
                return

    def _accept_one(self) -> bool:
        """Takes one connection, and says whether there may be more."""
        try:
            accepted, address = self._socket.accept()
        except (BlockingIOError, InterruptedError):
            return False
        except ConnectionAbortedError:
            return True
        except OSError as error:
            if error.errno in _SCARCE and self._spare is not None:
                return self._accept_with_spare(self._spare)
            self._pause(error)
            return False
        self._take(accepted, address[0])
        return True

    def _take(self, accepted: socket.socket, address: str) -> None:
        protocol = self._protocol()
        refusal = self._connections.admit(protocol, address, accepted.fileno())
        if refusal is None:
            self._open(protocol, accepted)
        else:
            self._refuse(accepted, refusal)
            self._refused.append((self._loop.time() + _LINGER_SECONDS, accepted))
            if len(self._refused) > _LINGERING:
                _end(self._refused.popleft()[1])

    def _open(self, protocol: Protocol, accepted: socket.socket) -> None:
        opening = self._connect(protocol, accepted)
        try:
            accepted.settimeout(0)
            task = self._loop.create_task(opening)
        except BaseException:
            opening.close()
            self._give_up(protocol, accepted)
            raise
        self._opening.add(task)
        task.add_done_callback(self._opening.discard)

    async def _connect(self, protocol: Protocol, accepted: socket.socket) -> None:
        try:
            await self._loop.connect_accepted_socket(lambda: protocol, accepted)
        except OSError:  # it has left meanwhile
            self._give_up(protocol, accepted)
        except BaseException:
            self._give_up(protocol, accepted)
            raise

    def _give_up(self, protocol: Protocol, accepted: socket.socket) -> None:
        """Whatever kept the connection from being opened, its place is free again."""
        self._connections.leave(protocol)
        accepted.close()

    def _refuse(self, accepted: socket.socket, refusal: WireRefusal) -> None:
        accepted.settimeout(0)
        # A client that is gone already is told nothing.
        with suppress(OSError):
            accepted.send(refusal.response())
            accepted.shutdown(socket.SHUT_WR)

    def _refuse_the_rest(self) -> None:
        # What was not accepted is reset with its listener, and may have sent a request.
        with suppress(OSError):
            for _ in range(_MOST_REFUSED):
                accepted, _ = self._socket.accept()
                self._refuse(accepted, _ENDING)
                _end(accepted)

    def _accept_with_spare(self, spare: int) -> bool:
        """Refuses one client with the descriptor that was kept for that."""
        os.close(spare)
        try:
            accepted, _ = self._socket.accept()
        except BlockingIOError:
            # Linux tells of the descriptors before it looks whether anybody is there.
            return False
        except OSError as error:
            self._pause(error)
            return False
        else:
            self._connections.note(NO_DESCRIPTORS.bound)
            self._connections.give_way()
            self._refuse(accepted, NO_DESCRIPTORS)
            _end(accepted)
            return True
        finally:
            self._spare = self._open_spare()

    def _pause(self, error: OSError) -> None:
        """Leaves the listener alone for a moment: a loop would else only try, and fail, again."""
        self._connections.note(f"accepting ({os.strerror(error.errno or 0)})")
        # What ends the rest is called anyway: a timer of its own might not be had.
        self._rests_until = self._loop.time() + _REST_SECONDS
        self._loop.remove_reader(self._socket)

    def _open_spare(self) -> int | None:
        try:
            return os.open(os.devnull, os.O_RDONLY | os.O_CLOEXEC)
        except OSError:
            return None


def _end(refused: socket.socket) -> None:
    # What is closed with something unread is reset, and its client may not see why.
    with suppress(OSError):
        refused.recv(_READ_BYTES)
    refused.close()
