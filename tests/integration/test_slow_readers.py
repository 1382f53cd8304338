"""Readers that take little or nothing: what one costs, when it is dropped, and who notices."""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from serving import Server, installed, serving, until
from sockets import SMALLEST, Wire, events_of, resident, send_queue, wired
from upstreams import Upstreams

pytestmark = pytest.mark.soak

PENDING_BYTES = 8_000_000
TOKENS = 33_000
TOKEN = "\0" * 30
"""Thirty characters that are 180 on the wire: an answer has at most a million."""
MOST_BYTES = 256 * 1024
READERS = 40
SEND_SECONDS = 2
PATIENCE_SECONDS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """A server, and a run that has said 8 MB and says no more, but has not ended.

    `last` is the number of its last event.
    """

    server: Server
    run: str
    last: int

    def stalled(self) -> AbstractContextManager[Wire]:
        """A reader with the smallest buffer there is, who takes nothing."""
        return self._reading(SMALLEST)

    def reading(self, after: int = 0) -> AbstractContextManager[Wire]:
        """A reader of what is behind a number."""
        return self._reading(None, f"?last_event_id={self.run}-{after}" if after else "")

    def read_all(self, after: int = 0) -> list[int]:
        """The numbers of the events there are, read by one who takes them at once."""
        with self.reading(after) as wire:
            wire.read_until(b"id: %s-%d\n" % (self.run.encode(), self.last))
            return [one.seq for one in events_of(wire.seen)]

    @contextmanager
    def _reading(self, buffer: int | None, resume: str = "") -> Generator[Wire]:
        with wired(self.server.url, receive_buffer=buffer) as wire:
            wire.request(f"/runs/{self.run}/events{resume}", accept="text/event-stream")
            yield wire

    def queued(self, wire: Wire) -> int:
        """What the system holds for a reader; 0 once its connection is gone."""
        return self._queue(wire) or 0

    def gone(self, wire: Wire) -> bool:
        """Whether the server's end of a connection is no more."""
        return self._queue(wire) is None

    def filled(self, wire: Wire) -> None:
        """Waits until a reader who takes nothing has all that it is given."""
        until(lambda: self.queued(wire), "filled", PATIENCE_SECONDS)

    def dropped(self, wire: Wire) -> None:
        """Waits until the server has let go of a reader."""
        until(lambda: self.gone(wire), "dropped", PATIENCE_SECONDS)

    def complaints(self) -> list[str]:
        """What was logged that is worse than news."""
        return [line["event"] for line in self.server.log() if line["level"] != "info"]

    def _queue(self, wire: Wire) -> int | None:
        port = urlsplit(self.server.url).port
        assert port is not None
        return send_queue(port, wire.port)


@contextmanager
def spoken(folder: Path, **settings: object) -> Generator[Spoken]:
    given: dict[str, object] = {
        "LIMITS__MAX_ANSWER_CHARS": 1_000_000,
        "LIMITS__MAX_RUN_BYTES": 100_000_000,
        "LIMITS__MAX_UNREAD_EVENTS": 1_000_000,
        **settings,
    }
    with (
        Upstreams(count=TOKENS, text=TOKEN) as up,
        serving(installed(folder), **{**up.settings, **given}) as server,
    ):
        asked = server.client.post(f"{server.url}/runs", json={"question": "a kestrel"})
        run = asked.json()["run"]
        with wired(server.url) as wire:
            wire.request(f"/runs/{run}/events")
            first = wire.read_until(b"\nevent: token\n")
            before = sum(one.name != "token" for one in events_of(first))
            last = before + TOKENS
            said = wire.read_until(b"id: %s-%d\n" % (run.encode(), last))
            assert len(said) > PENDING_BYTES
        yield Spoken(server=server, run=run, last=last)


@pytest.fixture(scope="module")
def strict(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Spoken]:
    """A server that drops such readers soon, and lets one client have three streams."""
    folder = tmp_path_factory.mktemp("strict")
    with spoken(
        folder, STREAM__SEND_SECONDS=SEND_SECONDS, STREAM__MAX_STREAMS_PER_CLIENT=3
    ) as made:
        yield made


def test_a_reader_that_takes_nothing_costs_little(tmp_path: Path) -> None:
    with (
        spoken(
            tmp_path, STREAM__SEND_SECONDS=600, STREAM__MAX_STREAMS_PER_CLIENT=2 * READERS
        ) as made,
        ExitStack() as stack,
    ):
        process = made.server.process.pid
        # Once, so that what the process keeps for the next is not counted.
        made.read_all()
        before = resident(process)
        wires = [stack.enter_context(made.stalled()) for _ in range(READERS)]
        for wire in wires:
            made.filled(wire)
        # Whoever came after them has all: they have had their turn.
        made.read_all()
        grown = resident(process) - before
        queues = [made.queued(wire) for wire in wires]
        assert all(queues)
        assert max(queues) + grown / READERS < MOST_BYTES


def test_a_reader_that_takes_nothing_is_dropped_and_others_go_on(strict: Spoken) -> None:
    begin = time.monotonic()
    with strict.stalled() as wire, strict.reading(strict.last - 1) as idle:
        strict.filled(wire)
        idle.read_until(b"event: token")
        assert strict.read_all()[-1] == strict.last
        strict.dropped(wire)
        assert time.monotonic() - begin >= SEND_SECONDS
        # There was nothing for this one to take: it stays.
        idle.read_until(b"event: heartbeat")
        wire.read_to_the_end()
        [*_, told] = events_of(wire.seen)
    # What was taken is a beginning, from which its reader goes on.
    assert told.seq < strict.last
    assert strict.read_all(told.seq) == list(range(told.seq + 1, strict.last + 1))
    assert not strict.complaints()


def test_a_reader_of_a_byte_at_a_time_is_dropped_too(strict: Spoken) -> None:
    with strict.stalled() as wire:
        strict.filled(wire)
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not strict.gone(wire):
            assert time.monotonic() < deadline, "kept for as long as it takes something"
            with suppress(ConnectionResetError):
                wire.socket.recv(1)
            time.sleep(0.1)
    assert not strict.complaints()


def test_a_slow_reader_that_takes_enough_is_not_dropped(strict: Spoken) -> None:
    with strict.stalled() as wire:
        begin = time.monotonic()
        taken = 0
        while time.monotonic() - begin < 3 * SEND_SECONDS:
            piece = wire.socket.recv(4_096)
            assert piece, "dropped"
            taken += len(piece)
            time.sleep(0.005)
        assert MOST_BYTES < taken < PENDING_BYTES
        assert not strict.gone(wire)


def test_a_place_is_free_again_once_its_reader_was_dropped(strict: Spoken) -> None:
    def status() -> int:
        with strict.server.client.stream(
            "GET", f"{strict.server.url}/runs/{strict.run}/events"
        ) as response:
            return response.status_code

    until(lambda: status() == 200, "admitted")
    with ExitStack() as stack:
        wires = [stack.enter_context(strict.stalled()) for _ in range(3)]
        for wire in wires:
            strict.filled(wire)
        assert status() == 429
        for wire in wires:
            strict.dropped(wire)
        until(lambda: status() == 200, "admitted again", PATIENCE_SECONDS)
