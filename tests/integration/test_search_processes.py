"""The processes that search DuckDuckGo: none is lost, none stays for ever, turns are bounded."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Generator
from contextlib import aclosing
from functools import partial
from pathlib import Path
from typing import Any

import anyio
import anyio.to_thread
import pytest

import processes
from codexity.adapters.search.duckduckgo import DuckDuckGo
from codexity.adapters.search.duckduckgo_frames import Found, found, reply
from codexity.errors import ProviderUnavailable
from codexity.model import Query
from servers.duckduckgo import DuckDuckGoServer
from servers.local import Reply

QUERY = Query(text="kestrel")
MODULE = "duckduckgo_worker"


@pytest.fixture
def server() -> Generator[DuckDuckGoServer]:
    with DuckDuckGoServer(lambda text: [(text, "https://one.example.org/", "")]) as started:
        yield started


def workers() -> set[int]:
    return processes.workers(MODULE)


def at(server: DuckDuckGoServer, **options: Any) -> DuckDuckGo:
    return DuckDuckGo(search_url=f"{server.url}/html/", **options)


async def finds(provider: DuckDuckGo) -> bool:
    return [hit.title for hit in await provider.search(QUERY, limit=5)] == [QUERY.text]


async def test_cancelled_at_any_moment_no_process_is_left_behind(server: DuckDuckGoServer) -> None:
    server.answer = lambda _: Reply(hold=True)
    async with aclosing(at(server, timeout_seconds=60)) as provider:
        for step in range(12):
            with anyio.move_on_after(step * 0.05):
                await provider.search(QUERY, limit=5)
            assert await processes.gone(workers(), MODULE)
        server.answer = server.usual
        assert await finds(provider)
        left = workers()
        assert len(left) == 1
        assert await finds(provider)
        assert workers() == left, "it is kept for the next search"
    assert await processes.gone(left, MODULE)


async def test_an_idle_process_ends(server: DuckDuckGoServer) -> None:
    async with (
        aclosing(at(server, idle_seconds=0.3)) as hurried,
        aclosing(at(server)) as patient,
    ):
        assert await finds(patient)
        kept = workers()
        assert await finds(hurried)
        assert await processes.gone(workers() - kept, MODULE)
        assert workers() == kept
        assert await finds(hurried)


async def test_where_no_process_can_be_started_it_is_unreachable(server: DuckDuckGoServer) -> None:
    async with aclosing(at(server)) as before:
        assert await finds(before)  # the server is up, and needs no more files of its own
    async with aclosing(at(server)) as provider:
        with processes.no_more_files(), pytest.raises(ProviderUnavailable) as caught:
            await provider.search(QUERY, limit=5)
        assert caught.value.code == "unreachable"
        assert "no process" in caught.value.message
        assert await finds(provider)


async def test_who_gets_no_turn_is_told_so(server: DuckDuckGoServer) -> None:
    server.answer = lambda _: Reply(hold=True)
    options = {"timeout_seconds": 60, "at_once": 2, "wait_seconds": 0.1}
    async with aclosing(at(server, **options)) as provider, anyio.create_task_group() as tasks:
        for _ in range(2):
            tasks.start_soon(partial(provider.search, QUERY, limit=5))
        assert await anyio.to_thread.run_sync(server.came, 2, 20)
        with pytest.raises(ProviderUnavailable, match="Too many searches") as caught:
            await provider.search(QUERY, limit=5)
        assert caught.value.code == "timeout"
        tasks.cancel_scope.cancel()
    async with aclosing(at(server, **options)) as provider:
        server.answer = server.usual
        assert await finds(provider)


async def test_a_wait_for_a_turn_is_not_taken_off_the_time_of_a_search(
    server: DuckDuckGoServer,
) -> None:
    options = {"timeout_seconds": 1.5, "at_once": 1, "wait_seconds": 20}
    async with aclosing(at(server, **options)) as provider, anyio.create_task_group() as tasks:
        server.answer = lambda _: Reply(hold=True)

        async def first() -> None:
            with pytest.raises(ProviderUnavailable, match="in time"):
                await provider.search(QUERY, limit=5)

        tasks.start_soon(first)
        assert await anyio.to_thread.run_sync(server.came, 1, 20)
        server.answer = server.usual
        assert await finds(provider)


SCRIPT = """
import asyncio, sys
from contextlib import aclosing
from codexity.adapters.search.duckduckgo import DuckDuckGo
from codexity.model import Query

print("main module runs")

async def main():
    async with aclosing(DuckDuckGo(search_url=sys.argv[1])) as provider:
        for hit in await provider.search(Query(text="kestrel"), limit=1):
            print(hit.title)

asyncio.run(main())
"""


def test_a_script_without_a_main_guard_runs_once(server: DuckDuckGoServer, tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(SCRIPT)
    done = subprocess.run(
        [sys.executable, "-X", "dev", script, f"{server.url}/html/"],
        capture_output=True, text=True, timeout=60, check=True, cwd=tmp_path,
    )  # fmt: skip
    assert done.stdout == "main module runs\nkestrel\n"
    # What asyncio itself says in this mode is how long a busy machine took for something.
    said = [one for one in done.stderr.splitlines() if not one.startswith("Executing <")]
    assert said == []


def test_a_reply_comes_back_as_it_was() -> None:
    given = Found(outcome="hits", rows=(("T", "https://e.org/", "S"),), detail="d")
    assert found(reply(given)) == given


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"null",
        b'{"outcome": "x", "rows": [], "detail": ""}',
        b'{"outcome": "hits", "rows": [["T", 1, "S"]], "detail": ""}',
        b'{"outcome": "hits", "rows": ["TUS"], "detail": ""}',
    ],
)
def test_a_reply_that_makes_no_sense_is_none(payload: bytes) -> None:
    with pytest.raises(ValueError):
        found(payload)
