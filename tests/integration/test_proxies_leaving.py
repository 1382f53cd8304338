"""A client that leaves behind a proxy: the model is told within three heartbeats."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from asking import QUESTION
from lockstep import Listener, WriterServer, listening, settings
from proxies import NAMES, proxied
from serving import Told, serving, until
from tap import Tap

pytestmark = [pytest.mark.system, pytest.mark.soak]

LEAVES = "What does it cost a kestrel to hover in still air?"
HEARTBEATS = 3
WORDS = ("One", *(f" word{number}" for number in range(1, 8)))
HEARD_FIRST = {"before the first word": 0, "between two words": 2}
"""How many words are heard before the model falls silent."""
WORDS_A_SECOND = 50


@dataclass(frozen=True, slots=True)
class Installed:
    """A model, a server that asks it and has a heartbeat each second, a tap before the server."""

    writer: WriterServer
    tap: Tap

    def passed(self, question: str, what: bytes) -> int:
        """How often the server has said this to who asked this question."""
        word = question.split(maxsplit=1)[0].encode()
        return sum(
            bytes(one.answered).count(what)
            for one in tuple(self.tap.connections)
            if b"q=" + word in bytes(one.asked)
        )


@pytest.fixture(scope="module")
def codexity(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installed]:
    folder = tmp_path_factory.mktemp("codexity")
    beats = {"STREAM__FIRST_HEARTBEAT_SECONDS": 1, "STREAM__HEARTBEAT_SECONDS": 1}
    with (
        WriterServer() as writer,
        serving(folder, **settings(folder, writer), **beats) as server,
        Tap(server.url) as tap,
    ):
        yield Installed(writer, tap)


def listen(events: Iterator[Told], name: str, count: int) -> None:
    """Listens until so many events of this name came."""
    seen: list[str] = []
    for one in events:
        seen.append(one.name)
        count -= one.name == name
        if count <= 0:
            return
    raise AssertionError(f"the stream ended before the last {name}: {seen}")


def until_silent(listener: Listener, words: int) -> Iterator[Told]:
    """Listens to so many words and a heartbeat; the events that come then."""
    events = iter(listener)
    if words:
        listen(events, "token", words)
    listen(events, "heartbeat", 1)
    return events


@pytest.mark.parametrize("words", HEARD_FIRST.values(), ids=HEARD_FIRST)
@pytest.mark.parametrize("name", NAMES)
def test_leaving_a_silent_stream_stops_the_model(
    codexity: Installed, tmp_path: Path, name: str, words: int
) -> None:
    stays = codexity.writer.will_write(QUESTION, WORDS)
    leaves = codexity.writer.will_write(LEAVES, WORDS)
    for one in (stays, leaves):
        one.let(words)
    codexity.tap.forget()
    with (
        proxied(name, codexity.tap.url, tmp_path / "proxy") as address,
        listening(address, stays.question) as staying,
    ):
        with listening(address, leaves.question) as leaving:
            until_silent(leaving, words)
            before = codexity.passed(LEAVES, b"event: heartbeat")
        until(lambda: leaves.left, "left", 60)
        after = codexity.passed(LEAVES, b"event: heartbeat")
        # Who stays hears on: heartbeats, the rest of the answer, its end.
        events = until_silent(staying, words)
        listen(events, "heartbeat", HEARTBEATS - 1)
        assert after - before <= HEARTBEATS
        assert not stays.left
        stays.let(len(WORDS) - words)
        listen(events, "token", len(WORDS) - words)
        assert next(events).data["status"] == "completed"


@pytest.mark.parametrize("name", NAMES)
def test_leaving_in_the_middle_of_words_stops_the_model(
    codexity: Installed, tmp_path: Path, name: str
) -> None:
    leaves = codexity.writer.will_write(LEAVES, ["One", *(" word" for _ in range(100_000))])
    leaves.pause = 1 / WORDS_A_SECOND
    leaves.let(len(leaves.words))
    codexity.tap.forget()
    with proxied(name, codexity.tap.url, tmp_path / "proxy") as address:
        with listening(address, leaves.question) as leaving:
            listen(iter(leaving), "token", 10)
            before = len(leaves.said)
        until(lambda: leaves.left, "left", 60)
        assert len(leaves.said) - before <= HEARTBEATS * WORDS_A_SECOND
