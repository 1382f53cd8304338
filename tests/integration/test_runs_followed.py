"""Runs under way: followed by several, left, asked for elsewhere."""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import quote

import anyio
import pytest

from asking import QUESTION
from cutting import (
    PATIENCE_SECONDS,
    Reading,
    at_length,
    begun,
    listen,
    patient,
    settings,
    snapshot,
    soon,
    to_the_end,
    writing,
    written,
)
from servers.local import Asked
from servers.openai import OpenAIServer
from serving import Server, installed, problem, serving, until

KEYS = {"alice": "alice-s-own-long-key", "bob": "bob-s-own-long-key-1"}
ALICE, BOB = ({"Authorization": f"Bearer {key}"} for key in KEYS.values())
Busy = tuple[Server, OpenAIServer]


@asynccontextmanager
async def following(server: Server, path: str) -> AsyncGenerator[Reading, None]:
    """Somebody who listens until the block is left."""
    reading = Reading(path=path)
    async with patient() as client, anyio.create_task_group() as tasks:
        tasks.start_soon(listen, client, server.url, reading)
        with anyio.fail_after(PATIENCE_SECONDS):
            while not reading.events:
                await anyio.sleep(0.01)
        yield reading
        tasks.cancel_scope.cancel()


# --- followed and left ------------------------------------------------------------


async def test_several_followers_and_a_late_one_hear_the_same(busy: Busy) -> None:
    server, model = busy
    model.say = soon
    run = begun(server)
    readers = [Reading(path=f"/runs/{run}/events") for _ in range(4)]
    with anyio.fail_after(PATIENCE_SECONDS):
        async with patient() as client, anyio.create_task_group() as tasks:
            for one in readers[:3]:
                tasks.start_soon(to_the_end, client, server.url, one)
            while not readers[0].text:
                await anyio.sleep(0.01)
            assert readers[0].status is None
            await to_the_end(client, server.url, readers[3])
    assert readers[0].text == soon("")
    assert readers[0].status == "completed"
    for one in readers[1:]:
        assert one.events == readers[0].events


@pytest.mark.parametrize("stays", [True, False])
async def test_a_run_ends_with_the_last_of_its_followers(busy: Busy, stays: bool) -> None:
    server, model = busy
    async with following(server, f"/search?q={quote(QUESTION)}&resume=0") as first:
        run = first.run
        written(server, run)
        asked = writing(model)
        if stays:
            async with following(server, f"/runs/{run}/events?resume=0"):
                pass
            assert not await left_within(asked, 0.5)
    assert await left_within(asked, PATIENCE_SECONDS)
    until(lambda: snapshot(server, run)["status"] == "cancelled", "cancelled")
    assert snapshot(server, run)["reason"] == "left"


async def left_within(asked: Asked, seconds: float) -> bool:
    with anyio.move_on_after(seconds):
        while not asked.left.is_set():
            await anyio.sleep(0.01)
        return True
    return False


async def test_a_run_that_finishes_goes_on_when_its_reader_leaves(busy: Busy) -> None:
    server, model = busy
    run = begun(server)
    async with following(server, f"/runs/{run}/events?resume=0"):
        written(server, run)
    assert not await left_within(writing(model), 1)
    assert snapshot(server, run)["status"] == "running"
    server.client.delete(f"{server.url}/runs/{run}")


@pytest.mark.parametrize("seconds", [0, 2])
async def test_a_run_that_stops_waits_for_its_reader_from_the_start(
    busy: Busy, seconds: float
) -> None:
    server, _ = busy
    begin = time.monotonic()
    run = begun(server, on_leave="stop", resume_seconds=seconds)
    answered = time.monotonic()
    until(lambda: snapshot(server, run)["status"] != "running", "over", PATIENCE_SECONDS)
    assert time.monotonic() - begin >= seconds
    assert time.monotonic() - answered < seconds + 20
    assert snapshot(server, run)["status"] == "cancelled"


async def test_a_run_that_stops_goes_on_as_long_as_it_is_read(busy: Busy) -> None:
    server, model = busy
    run = begun(server, on_leave="stop", resume_seconds=1.5)
    async with following(server, f"/runs/{run}/events") as reading:
        written(server, run)
        asked = writing(model)
        assert not await left_within(asked, 3)
        assert snapshot(server, run)["status"] == "running"
        assert reading.status is None
    begin = time.monotonic()
    assert await left_within(asked, PATIENCE_SECONDS)
    assert time.monotonic() - begin > 0.5, "nobody was waited for"
    until(lambda: snapshot(server, run)["status"] == "cancelled", "cancelled")


# --- elsewhere --------------------------------------------------------------------


async def test_a_run_of_another_process_is_heard_here_and_told_there(tmp_path: Path) -> None:
    with OpenAIServer(at_length, pause=0.1) as model:
        named = settings(tmp_path, model)
        with (
            serving(installed(tmp_path / "one"), **named) as owner,
            serving(installed(tmp_path / "two"), **named) as other,
        ):
            run = begun(owner)
            written(other, run)
            asked = writing(model)
            async with following(other, f"/runs/{run}/events") as reading:
                for method, path in (("DELETE", ""), ("POST", "/stop"), ("POST", "/finish")):
                    told = other.client.request(method, f"{other.url}/runs/{run}{path}")
                    problem(told, 409, "elsewhere")
                assert not await left_within(asked, 0.5)
                assert owner.client.delete(f"{owner.url}/runs/{run}").status_code == 200
                assert await left_within(asked, PATIENCE_SECONDS)
                with anyio.fail_after(PATIENCE_SECONDS):
                    while reading.status is None:
                        await anyio.sleep(0.01)
            assert reading.status == "cancelled"
            assert len(model.bodies) == 1


def test_a_run_of_another_principal_cannot_be_told_anything(tmp_path: Path) -> None:
    with OpenAIServer(at_length, pause=0.1) as model:
        named = settings(tmp_path, model, SERVER__API_KEYS=KEYS)
        with serving(installed(tmp_path), **named) as server:
            run = begun(server, ALICE)
            for path in ("", "/stop", "/finish", "/events"):
                method = {"": "DELETE", "/events": "GET"}.get(path, "POST")
                url = f"{server.url}/runs/{run}{path}"
                problem(server.client.request(method, url, headers=BOB), 404, "not_found")
            assert server.get(f"/runs/{run}", ALICE).json()["status"] == "running"
            stopped = server.client.delete(f"{server.url}/runs/{run}", headers=ALICE)
            assert stopped.json()["status"] == "cancelled"
