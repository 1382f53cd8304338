"""One Idempotency-Key, one run: two servers that share a data folder, asked at once."""

from __future__ import annotations

import signal
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import anyio
import httpx2
import pytest
from anyio.to_thread import run_sync

from asking import QUESTION
from cutting import patient, settings
from servers.openai import OpenAIServer
from serving import Server, installed, serving, until

KEYS = 20
EACH = 3


async def begun(
    client: httpx2.AsyncClient, server: Server, key: str, question: str = "why?"
) -> httpx2.Response:
    body, headers = {"question": question}, {"Idempotency-Key": key}
    return await client.post(f"{server.url}/runs", json=body, headers=headers)


async def raced(servers: Sequence[Server]) -> list[set[tuple[str, str]]]:
    """The runs and threads that were begun under each key by all servers, several times each."""
    found: list[set[tuple[str, str]]] = [set() for _ in range(KEYS)]

    async def ask(client: httpx2.AsyncClient, server: Server, number: int) -> None:
        answer = await begun(client, server, f"key-{number}")
        assert answer.status_code == 201, answer.text
        told = answer.json()
        assert answer.headers["location"] == f"/runs/{told['run']}"
        found[number].add((told["run"], told["thread"]))

    async with patient() as client, anyio.create_task_group() as tasks:
        for number in range(KEYS):
            for server in (*servers,) * EACH:
                tasks.start_soon(ask, client, server, number)
    return found


def stored(data: Path) -> list[tuple[str, str]]:
    with closing(sqlite3.connect(data / "runs.sqlite3", timeout=30)) as file:
        return file.execute("select key, run from runs where key is not null").fetchall()


async def test_two_servers_begin_one_run_for_a_key_and_both_name_it(tmp_path: Path) -> None:
    shared = {"DATA_DIR": str(tmp_path / "data"), "SEARCH__STARTER": False}
    with (
        serving(installed(tmp_path / "one"), **shared) as one,
        serving(installed(tmp_path / "two"), **shared) as two,
    ):
        found = await raced([one, two])
        assert [len(told) for told in found] == [1] * KEYS
        runs = {f"key-{number}": run for number, told in enumerate(found) for run, _ in told}
        assert dict(await run_sync(stored, tmp_path / "data")) == runs
        assert len(set(runs.values())) == KEYS
        async with patient() as client:
            other = [await begun(client, server, "key-0", "why not?") for server in (one, two)]
            assert [answer.status_code for answer in other] == [422, 422]
            new = [await begun(client, server, "new", "why not?") for server in (one, two)]
            assert [answer.status_code for answer in new] == [201, 201]
        await run_sync(until, lambda: len({*one.ended_runs(), *two.ended_runs()}) > KEYS, "ended")
        ended = [*one.ended_runs(), *two.ended_runs()]
        assert len(ended) == len(set(ended)), "a run was answered twice"


async def test_a_store_that_fails_refuses_a_key_and_answers_without_one(tmp_path: Path) -> None:
    with serving(installed(tmp_path), SEARCH__STARTER=False) as server:
        async with patient() as client:
            assert (await begun(client, server, "before")).status_code == 201
            with closing(sqlite3.connect(tmp_path / "data" / "runs.sqlite3")) as file, file:
                file.execute("alter table runs rename to others")
            refused = await begun(client, server, "after")
            assert refused.status_code == 503
            assert refused.json()["retryable"] is True
            assert "has other tables than Codexity made" in refused.json()["message"]
            assert (await run_sync(server.ask, "why?")).status == "no_evidence"
            with closing(sqlite3.connect(tmp_path / "data" / "runs.sqlite3")) as file, file:
                file.execute("alter table others rename to runs")
            assert (await begun(client, server, "after")).status_code == 201


@pytest.mark.soak
async def test_the_key_of_a_run_whose_server_was_killed_at_once_names_it(tmp_path: Path) -> None:
    with OpenAIServer(lambda _: "word " * 1_000, pause=0.05, context=100_000) as model:
        named = settings(tmp_path, model)
        async with patient() as client:
            with serving(installed(tmp_path / "one"), **named) as one:
                first = await begun(client, one, "key", QUESTION)
                one.process.send_signal(signal.SIGKILL)
                await run_sync(one.process.wait)
            with serving(installed(tmp_path / "two"), **named) as two:
                again = await begun(client, two, "key", QUESTION)
                assert again.json() == first.json()
                path = f"/runs/{first.json()['run']}"
                await run_sync(
                    until, lambda: two.get(path).json()["status"] == "interrupted", "closed", 60
                )
                new = await begun(client, two, "other", QUESTION)
                assert new.json()["run"] != first.json()["run"]
                assert _status(two, f"/runs/{new.json()['run']}") == "running"
                await run_sync(two.stop)


def _status(server: Server, path: str) -> str:
    return server.get(path).json()["status"]
