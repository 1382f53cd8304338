"""Long histories: listed a page at a time, of which no page and no answer is read whole."""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

import anyio
import httpx2
import pytest

from codexity.events import Done, Event, Failed, Token
from codexity.ports import Batch
from living import batch, record_of, sqlite_log
from serving import Server, installed, problem, serving

RUNS = 10_000
LARGE = [3, 4, 5]
LARGE_BYTES = 4_000_000
MOST_GROWTH = 40_000_000
THREAD = f"{7:032x}"
OTHERS = 120
PIECE = "and so on " * 6


def run_id(number: int) -> str:
    return f"{number:032x}"


def _batches() -> Iterator[Batch]:
    started = time.time() - RUNS
    for number in range(RUNS):
        large = LARGE_BYTES // 100 if number in LARGE else 1
        said: list[Event] = [Token(text=f"{number} {PIECE}") for _ in range(large)]
        run = run_id(number)
        if number % 2:
            said.append(Failed(code="too_slow", message="No answer.", retryable=True))
        done = Done(status="failed" if number % 2 else "completed", run=run, seconds={})
        record = replace(record_of(run), thread=THREAD, started=started + number)
        yield batch(record, *said, done)
    for number in range(OTHERS):
        run = run_id(RUNS + number)
        record = replace(
            record_of(run), thread=run, started=started - number, question=f"q{number}"
        )
        yield batch(record, Done(status="completed", run=run, seconds={}))


async def _fill(path: Path) -> None:
    async with sqlite_log(path) as log:
        await log.write("me", list(_batches()))


@pytest.fixture(scope="module")
def long(tmp_path_factory: pytest.TempPathFactory) -> Generator[Server]:
    """A server with a thread of 10,000 runs, three with 4 MB each, and 120 more threads."""
    folder = installed(tmp_path_factory.mktemp("long"))
    (folder / "data").mkdir()
    with ThreadPoolExecutor(1) as pool:
        pool.submit(anyio.run, _fill, folder / "data" / "runs.sqlite3").result(120)
    with serving(folder, SEARCH__STARTER=False, RUNS__KEEP_COUNT=20_000) as server:
        yield server


def following(response: httpx2.Response) -> str | None:
    """Where the next page is."""
    link = response.headers.get("link")
    if link is None:
        return None
    assert link.endswith('>; rel="next"')
    address = link[1:].partition(">")[0]
    assert address.startswith("/")
    assert not address.startswith("//")
    return address


def pages(server: Server, address: str) -> Iterator[Any]:
    found: str | None = address
    while found is not None:
        response = server.get(found)
        assert response.status_code == 200, response.text
        assert len(response.content) < 3_000_000
        yield response.json()
        found = following(response)


def _memory(server: Server) -> int:
    """The most that the process has held, in bytes."""
    status = Path(f"/proc/{server.process.pid}/status").read_text()
    [line] = [line for line in status.splitlines() if line.startswith("VmHWM:")]
    return int(line.split()[1]) * 1024


def test_a_long_thread_is_listed_in_pages_that_take_little_memory(long: Server) -> None:
    before = _memory(long)
    first, second = islice(pages(long, f"/threads/{THREAD}"), 2)
    assert _memory(long) - before < MOST_GROWTH
    runs = first["runs"] + second["runs"]
    assert len(runs) == 100
    assert [one["run"] for one in runs] == [run_id(number) for number in range(100)]
    for number, one in enumerate(runs):
        assert one["status"] == ("failed" if number % 2 else "completed")
        assert one["answer"].startswith(f"{number} {PIECE}")
        assert one.get("error", {}).get("code") == ("too_slow" if number % 2 else None)
        assert one.get("truncated", False) == (number in LARGE)
        assert len(one["answer"]) < 256 * 1024
    # The control: the whole of it is there to be read by itself.
    whole = long.get(f"/runs/{run_id(LARGE[0])}").json()
    assert len(whole["answer"]) > LARGE_BYTES // 2
    assert whole["answer"].startswith(runs[LARGE[0]]["answer"])


def test_every_run_of_a_long_thread_is_on_one_page(long: Server) -> None:
    seen: list[str] = []
    for page in pages(long, f"/threads/{THREAD}?limit=200"):
        seen += [one["run"] for one in page["runs"]]
    assert seen == [run_id(number) for number in range(RUNS)]


def test_threads_are_listed_in_pages_the_last_used_first(long: Server) -> None:
    found = [page["threads"] for page in pages(long, "/threads")]
    assert [len(page) for page in found] == [50, 50, 21]
    listed = [one for page in found for one in page]
    # The clock went back between each two of them, and the last is the last all the same.
    assert (listed[-1]["thread"], listed[-1]["runs"]) == (THREAD, RUNS)
    assert [one["question"] for one in listed[:-1]] == [f"q{n}" for n in reversed(range(OTHERS))]
    assert [len(page["threads"]) for page in pages(long, "/threads?limit=100")] == [100, 21]
    assert [len(page["threads"]) for page in pages(long, "/threads?limit=121")] == [121]


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("/threads?limit=0", "limit"),
        ("/threads?limit=201", "limit"),
        ("/threads?limit=-1", "limit"),
        ("/threads?limit=1&limit=1", "limit"),
        ("/threads?limit=%D9%A1", "limit"),
        ("/threads?before=", "before"),
        ("/threads?before=yesterday", "before"),
        ("/threads?before=-1", "before"),
        ("/threads?before=" + "9" * 19, "before"),
        ("/threads?after=" + THREAD, "after"),
        (f"/threads/{THREAD}?limit=x", "limit"),
        (f"/threads/{THREAD}?after=x", "after"),
        (f"/threads/{THREAD}?before=x", "before"),
    ],
)
def test_what_asks_for_no_page_is_told_so(long: Server, address: str, name: str) -> None:
    response = long.get(address)
    assert name in problem(response, 422, "bad_question")
    assert response.json()["detail"][0]["loc"] == ["query", name]


def test_a_page_behind_a_run_of_another_thread_is_not_there(long: Server) -> None:
    for run in (run_id(RUNS), "f" * 32):
        problem(long.get(f"/threads/{THREAD}?after={run}"), 404, "not_found")
    last = long.get(f"/threads/{THREAD}?after={run_id(RUNS - 1)}")
    assert (last.status_code, last.json()["runs"]) == (200, [])
