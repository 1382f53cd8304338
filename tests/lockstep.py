"""A model that writes a word when it is let, and a client that lets it once the last was heard."""

from __future__ import annotations

import http.client
import json
import threading
import time
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from asking import QUESTION, library
from servers.local import Asked, LocalServer, Reply
from servers.openai import event, events
from serving import Told

_PATIENCE_SECONDS = 60.0
_LOOK_SECONDS = 0.02


@dataclass(slots=True, kw_only=True)
class Writing:
    """One answer in the making: its words, which of them may be written, when each was.

    `pause` is the time between two words, where more than one may be written.
    """

    question: str
    words: Sequence[str]
    pause: float = 0.0
    said: list[float] = field(default_factory=list[float])
    asked: Asked | None = None
    _turns: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))

    def let(self, count: int = 1) -> None:
        """So many more words may be written."""
        for _ in range(count):
            self._turns.release()

    @property
    def left(self) -> bool:
        """Whether the connection over which it was asked for was closed before its end."""
        return self.asked is not None and self.asked.left.is_set()

    def pieces(self) -> Iterator[bytes]:
        """The bytes of the reply."""
        for word in self.words:
            # A comment now and then: a write is what tells that the other side has gone.
            deadline = time.monotonic() + _PATIENCE_SECONDS
            while not self._turns.acquire(timeout=_LOOK_SECONDS):
                if time.monotonic() > deadline:
                    return
                yield b": waiting\n\n"
            self.said.append(time.perf_counter())
            yield event({"delta": {"content": word}})
            time.sleep(self.pause)
        yield from events(())


class WriterServer(LocalServer):
    """A model server of which each answer is the last `Writing` to its question."""

    def __init__(self) -> None:
        super().__init__()
        self._writings: list[Writing] = []

    @property
    def base_url(self) -> str:
        return f"{self.url}/v1"

    def will_write(self, question: str, words: Sequence[str]) -> Writing:
        """The answer when next this question is asked."""
        writing = Writing(question=question, words=words)
        self._writings.append(writing)
        return writing

    def usual(self, asked: Asked) -> Reply:
        prompt = json.loads(asked.body)["messages"][-1]["content"]
        writing = [one for one in self._writings if one.question in prompt][-1]
        writing.asked = asked
        return Reply(media_type="text/event-stream", framing="chunked", pieces=writing.pieces())


def settings(folder: Path, writer: WriterServer) -> dict[str, str]:
    """Of a server that answers from a small library through this model, which it asks once."""
    named = library(folder) | {
        "LLM__BASE_URL": writer.base_url,
        "LLM__MODEL": "words-1",
        "LIMITS__MAX_QUERIES": "1",
        "LIMITS__FIRST_TOKEN_SECONDS": "120",
    }
    return {name.removeprefix("CODEXITY_"): value for name, value in named.items()}


def events_in(lines: Iterable[bytes]) -> Iterator[Told]:
    """The events of a stream, each as soon as its last line is there."""
    fields: dict[str, str] = {}
    for line in lines:
        name, _, value = line.decode().rstrip("\n").partition(": ")
        if name:
            fields[name] = value
        else:
            yield Told(id=fields["id"], name=fields["event"], data=json.loads(fields["data"]))
            fields.clear()


@dataclass(slots=True)
class Listener:
    """One stream as its client hears it."""

    response: http.client.HTTPResponse
    headers: http.client.HTTPMessage

    def __iter__(self) -> Iterator[Told]:
        return events_in(iter(self.response.readline, b""))


@contextmanager
def listening(
    address: str,
    question: str = QUESTION,
    *,
    seconds: float = _PATIENCE_SECONDS,
    origin: str = "127.0.0.1",
) -> Generator[Listener]:
    """Asks as a browser does, compression welcome; leaving the block closes the connection.

    `origin` is the address that the client has.

    Raises:
        TimeoutError: nothing came for so many seconds.
    """
    host = urlsplit(address)
    assert host.hostname is not None
    connection = http.client.HTTPConnection(
        host.hostname, host.port, timeout=seconds, source_address=(origin, 0)
    )
    query = urlencode({"q": question, "resume": 0})
    welcome = {"Accept": "text/event-stream", "Accept-Encoding": "gzip, deflate, br, zstd"}
    try:
        connection.request("GET", f"/search?{query}", headers=welcome)
        response = connection.getresponse()
        try:
            assert response.status == 200, response.read()
            yield Listener(response, response.headers)
        finally:
            response.close()
    finally:
        connection.close()


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A stream that was heard in lockstep: its headers, its events, the seconds of each token.

    The names of the headers are in small letters.
    """

    headers: Mapping[str, str]
    events: tuple[Told, ...]
    delays: tuple[float, ...]

    @property
    def text(self) -> str:
        return "".join(one.data["text"] for one in self.events if one.name == "token")


def keeping_step(events: Iterable[Told], writing: Writing, headers: Mapping[str, str]) -> Kept:
    """Listens, and lets each word be written once the one before it was heard."""
    told: list[Told] = []
    heard: list[float] = []
    for one in events:
        told.append(one)
        if one.name == "token":
            heard.append(time.perf_counter())
        if one.name == "token" or one.data.get("step") == "generating":
            writing.let()
    delays = tuple(after - before for before, after in zip(writing.said, heard, strict=True))
    return Kept(headers=headers, events=tuple(told), delays=delays)


def in_lockstep(address: str, writing: Writing, *, seconds: float = _PATIENCE_SECONDS) -> Kept:
    """Asks, and keeps step with the answer.

    Raises:
        TimeoutError: nothing came for so many seconds.
    """
    with listening(address, writing.question, seconds=seconds) as listener:
        headers = {name.lower(): value for name, value in listener.headers.items()}
        return keeping_step(listener, writing, headers)
