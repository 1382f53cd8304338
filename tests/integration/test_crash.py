"""A server that is killed: what its readers had is kept, and everybody is told the end."""

from __future__ import annotations

import json
import re
import sqlite3
import time
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from urllib.parse import quote

import anyio
import httpx2
import pytest
from anyio.to_thread import run_sync

from asking import QUESTION
from cutting import STREAM, Reading, listen, patient, settings, to_the_end
from servers.openai import OpenAIServer
from serving import Heard, Server, heard, installed, run, serving, until

pytestmark = pytest.mark.soak

RUNS = 20
PAUSE = 0.05
LONG, LASTING, SHORT = 2_000, 250, 3
"""How many words there are in an answer that no test hears the end of, in one that outlives a
lease, and in one that is told at once."""
KEPT_SECONDS = 1.0
LEASE_SECONDS = 10.0


def words(prompt: str) -> str:
    """As many words as the question wants."""
    found = re.search(r"in (\d+) words", prompt)
    assert found is not None
    return " ".join(f"word-{number}" for number in range(int(found[1])))


def question(count: int, number: int = 0) -> str:
    return f"{QUESTION} Say it in {count} words, in {number + 2} paragraphs."


def search(count: int, number: int = 0) -> str:
    return f"/search?q={quote(question(count, number))}"


async def begun(client: httpx2.AsyncClient, server: Server, asked: str) -> str:
    """Where the events are of a run that goes on when nobody reads."""
    response = await client.post(f"{server.url}/runs", json={"question": asked})
    assert response.status_code == 201, response.text
    return f"{response.headers['location']}/events"


async def readings(
    client: httpx2.AsyncClient, server: Server, count: int, *, runs: int = RUNS
) -> Sequence[Reading]:
    """Readers of so many runs: every other one's was posted, and goes on without it."""
    return [
        Reading(
            path=await begun(client, server, question(count, number))
            if number % 2
            else search(count, number)
        )
        for number in range(runs)
    ]


async def holds(condition: Callable[[], bool]) -> None:
    with anyio.fail_after(100):
        while not condition():
            await anyio.sleep(0.01)


def tokens(heard_by: Sequence[Reading]) -> int:
    """How many pieces of the answer even the last of them has heard."""
    return min(sum(one.name == "token" for one in reading.events) for reading in heard_by)


@contextmanager
def held_back(store: Path) -> Generator[float]:
    """Nobody else can write to the store of runs; gives since when."""
    file = sqlite3.connect(store, isolation_level=None, timeout=30)
    try:
        file.execute("begin immediate")
        yield time.monotonic()
    finally:
        file.close()


def open_runs(store: Path) -> int:
    file = sqlite3.connect(store, timeout=30)
    try:
        return file.execute("select count(*) from runs where closed = 0").fetchone()[0]
    finally:
        file.close()


@dataclass(slots=True)
class Crash:
    """What readers had heard when the server was killed, and what they were told afterwards.

    `kept` is how many of each one's events had to be kept, `told` what each was sent that came
    back, `replayed` each run from its start, `beside` a run of another server, `asked` what the
    command line answered, `open` how many runs were still open when all had come back.
    """

    readings: Sequence[Reading] = ()
    kept: Sequence[int] = ()
    told: dict[str, Heard] = field(default_factory=dict[str, Heard])
    replayed: list[Heard] = field(default_factory=list[Heard])
    beside: Reading = field(default_factory=lambda: Reading(path=search(LASTING)))
    asked: str = ""
    open: int = 0

    async def kill(
        self, client: httpx2.AsyncClient, server: Server, store: Path, *, ahead: bool
    ) -> None:
        """Lets readers hear a good deal, in the end perhaps ahead of the store, and kills."""
        self.readings = await readings(client, server, LONG)
        had: list[float] = []
        async with anyio.create_task_group() as tasks:
            for one in self.readings:
                tasks.start_soon(listen, client, server.url, one)
            await holds(lambda: tokens(self.readings) >= 45)
            with held_back(store) if ahead else nullcontext() as since:
                await holds(lambda: tokens(self.readings) >= (75 if ahead else 45))
                server.process.kill()
                had.append((since or time.monotonic()) - KEPT_SECONDS)
                server.process.wait()
        self.kept = [sum(at <= had[0] for at in one.at) for one in self.readings]

    async def come_back(self, client: httpx2.AsyncClient, server: Server) -> None:
        """Every reader comes back at once."""
        with anyio.fail_after(10 * LEASE_SECONDS):
            async with anyio.create_task_group() as tasks:
                for one in self.readings:
                    tasks.start_soon(self._come_back, client, server, one)

    async def _come_back(
        self, client: httpx2.AsyncClient, server: Server, reading: Reading
    ) -> None:
        headers = STREAM | {"Last-Event-ID": reading.events[-1].id}
        response = await client.get(server.url + reading.path, headers=headers)
        assert response.status_code == 200
        events = heard(response.text).events
        self.told[reading.run] = Heard(
            events=tuple(one for one in events if one.name != "heartbeat")
        )
        # A native EventSource keeps coming until it is told to stay away.
        headers["Last-Event-ID"] = events[-1].id
        assert (await client.get(server.url + reading.path, headers=headers)).status_code == 204


def replay(server: Server, reading: Reading) -> Heard:
    """The run from its start, which agrees with its snapshot."""
    replayed = heard(server.get(f"/runs/{reading.run}/events").text)
    snapshot = server.get(f"/runs/{reading.run}").json()
    assert (snapshot["status"], snapshot["answer"]) == (replayed.status, replayed.text)
    return replayed


async def ask(folder: Path, named: Mapping[str, object]) -> str:
    """What the command line answers that shares the store."""
    asked = await run_sync(partial(run, folder, "ask", "--json", **named), question(SHORT))
    assert asked.returncode == 0, asked.stderr
    return json.loads(asked.stdout)["answer"]


@pytest.mark.parametrize("ahead", [False, True], ids=["kept up", "held back"])
async def test_after_a_kill_all_is_replayed_and_every_reader_told(
    tmp_path: Path, ahead: bool
) -> None:
    crash = Crash()
    store = tmp_path / "library" / "runs.sqlite3"
    with OpenAIServer(words, pause=PAUSE, context=100_000) as model:
        named = settings(tmp_path, model)
        async with patient() as client:
            with (
                serving(installed(tmp_path / "two"), **named) as second,
                serving(installed(tmp_path / "one"), **named) as first,
            ):
                async with anyio.create_task_group() as tasks:
                    tasks.start_soon(to_the_end, client, second.url, crash.beside)
                    await crash.kill(client, first, store, ahead=ahead)
                    with serving(tmp_path / "one", **named) as again:
                        crash.asked = await ask(tmp_path / "one", named)
                        await crash.come_back(client, again)
                        crash.open = open_runs(store) - (crash.beside.status is None)
                        crash.replayed = [replay(again, one) for one in crash.readings]
        streams = [one for one in model.asked if f"in {LONG} words" in one.body.decode()]
        assert len(streams) == RUNS
        until(lambda: all(one.left.is_set() for one in streams), "left")
    assert crash.open <= 0
    assert crash.asked == words(f"in {SHORT} words")
    assert crash.beside.status == "completed"
    assert crash.beside.text == words(f"in {LASTING} words")
    behind = 0
    for reading, kept, replayed in zip(crash.readings, crash.kept, crash.replayed, strict=True):
        count = len(reading.events)
        assert kept > 20, "too little was heard: this shows nothing"
        assert replayed.events[:kept] == tuple(reading.events[:kept])
        assert [one.seq for one in replayed.events[:-1]] == [*range(1, len(replayed.events))]
        # Else a reader who heard something else under its id would be taken for one who knows.
        assert replayed.events[-1].id not in {one.id for one in reading.events}
        # Who was ahead of the store gets the end, others what they have not heard yet.
        assert crash.told[reading.run].events == (replayed.events[count:] or replayed.events[-1:])
        assert crash.told[reading.run].status == replayed.status == "interrupted"
        behind += count < len(replayed.events)
    assert not ahead or not behind, "not everybody was ahead: this shows less than it says"


async def test_who_shares_the_folder_disturbs_nothing(tmp_path: Path) -> None:
    own: Sequence[Reading] = ()
    others: list[str] = []
    begin = 0.0
    with OpenAIServer(words, pause=PAUSE, context=100_000) as model:
        named = settings(tmp_path, model)
        async with patient() as client:
            with serving(installed(tmp_path / "one"), **named) as first:
                own = await readings(client, first, LASTING)
                begin = time.monotonic()
                async with anyio.create_task_group() as tasks:
                    for one in own:
                        tasks.start_soon(to_the_end, client, first.url, one)
                    await holds(lambda: tokens(own) >= 5)
                    with serving(installed(tmp_path / "two"), **named) as second:
                        follower = Reading(path=f"/runs/{own[0].run}/events")
                        tasks.start_soon(to_the_end, client, second.url, follower)
                        while not all(one.status for one in own):
                            others.append(await ask(tmp_path / "one", named))
                            others.append(second.ask(question(SHORT)).text)
                        await holds(lambda: follower.status is not None)
                        own = (*own, follower)
    assert time.monotonic() - begin > LEASE_SECONDS, "no lease ran out: this shows nothing"
    assert set(others) == {words(f"in {SHORT} words")}
    for one in own:
        assert (one.status, one.text) == ("completed", words(f"in {LASTING} words"))
    assert own[-1].events == own[0].events
