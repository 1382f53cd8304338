"""Runs that are told to end: stopped at once, or finished from what was read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import httpx2
import pytest

from cutting import (
    PATIENCE_SECONDS,
    begun,
    snapshot,
    soon,
    writing,
    written,
)
from servers.local import Asked, LocalServer, Reply
from servers.openai import OpenAIServer
from servers.searxng import Row, SearxngServer
from serving import Server, heard, installed, problem, serving, until

UNKNOWN = "0" * 32
KESTREL = (
    b"<html><title>Kestrels</title><body><p>A kestrel hovers in one place by flying into the wind "
    b"at exactly the speed of the wind. The bird keeps its head still while it looks for voles."
)
Busy = tuple[Server, OpenAIServer]
Wish = Callable[[Server, str], httpx2.Response]


# --- stopped ----------------------------------------------------------------------


def beacon(server: Server, run: str) -> httpx2.Response:
    """As `navigator.sendBeacon(url, text)` asks."""
    headers = {"Content-Type": "text/plain;charset=UTF-8", "Sec-Fetch-Site": "same-origin"}
    return server.client.post(f"{server.url}/runs/{run}/stop", content="left", headers=headers)


def bare(server: Server, run: str) -> httpx2.Response:
    return server.client.post(f"{server.url}/runs/{run}/stop")


def delete(server: Server, run: str) -> httpx2.Response:
    return server.client.delete(f"{server.url}/runs/{run}")


def finish(server: Server, run: str) -> httpx2.Response:
    return server.client.post(f"{server.url}/runs/{run}/finish")


@pytest.mark.parametrize("stop", [beacon, bare, delete])
def test_a_stop_is_answered_when_the_work_has_ended_and_again_changes_nothing(
    busy: Busy, stop: Wish
) -> None:
    server, model = busy
    run = begun(server)
    written(server, run)
    assert not writing(model).left.is_set()
    stopped = stop(server, run)
    # The server's side is closed; the model notices when it next writes.
    assert writing(model).left.wait(10)
    assert stopped.status_code == 200
    assert stopped.json()["status"] == "cancelled"
    for again in (beacon, bare, delete, finish):
        told = again(server, run)
        assert (told.status_code, told.json()) == (200, stopped.json())
    assert heard(server.get(f"/runs/{run}/events").text).status == "cancelled"


def test_to_stop_or_finish_what_is_over_changes_nothing(busy: Busy) -> None:
    server, model = busy
    model.say = soon
    run = begun(server)
    told = server.get(f"/runs/{run}/events").text
    before = snapshot(server, run)
    assert before["status"] == "completed"
    for wish in (finish, finish, delete, delete, beacon, bare):
        response = wish(server, run)
        assert (response.status_code, response.json()) == (200, before)
    assert server.get(f"/runs/{run}/events").text == told


@pytest.mark.parametrize("run", [UNKNOWN, "0", "%00", "x" * 300, "\u00e9"])
def test_a_run_that_is_unknown_cannot_be_told_anything(busy: Busy, run: str) -> None:
    server, _ = busy
    for wish in (finish, delete, beacon, bare):
        problem(wish(server, quote(run, safe="%")), 404, "not_found")


# --- finished ---------------------------------------------------------------------


@pytest.mark.parametrize("read", [True, False], ids=["one page read", "none read"])
def test_finish_writes_from_what_was_read(tmp_path: Path, read: bool) -> None:
    def page(asked: Asked) -> Reply:
        if asked.path == "/good" and read:
            return Reply(media_type="text/html", pieces=(KESTREL,))
        return Reply(hold=asked.path != "/robots.txt", status=404)

    def find(_: str) -> list[Row]:
        return [("Kestrels", f"{pages.url}/{name}", "hover") for name in ("good", "slow", "slower")]

    with (
        LocalServer(page) as pages,
        SearxngServer(find) as search,
        serving(
            installed(tmp_path),
            SEARCH__PROVIDERS=["searxng"],
            SEARXNG__URL=search.url,
            SEARCH__STARTER=False,
            FETCH__ALLOW_HOSTS=[pages.url.removeprefix("http://")],
            LIMITS__READ_SECONDS=300,
            LIMITS__GATHER_SECONDS=300,
            LIMITS__PATIENCE_SECONDS=300,
        ) as server,
    ):
        run = begun(server)
        slow = lambda: [one for one in pages.asked if one.path.startswith("/slow")]  # noqa: E731
        until(lambda: len(slow()) == 2, "asked for", PATIENCE_SECONDS)
        if read:
            until(lambda: told_of_a_page(server, run), "read", PATIENCE_SECONDS)
        assert not any(one.left.is_set() for one in slow())
        assert snapshot(server, run)["status"] == "running"
        finished = finish(server, run)
        assert finished.status_code == 200
        told = heard(server.get(f"/runs/{run}/events").text)
        assert all(one.left.wait(PATIENCE_SECONDS) for one in slow())
    assert told.status == ("completed" if read else "no_evidence")
    assert len(told.sources) == read
    assert ("[1]" in told.text) == read
    assert {one["code"] for one in told.named("skipped")} == {"left_behind"}


def told_of_a_page(server: Server, run: str) -> bool:
    with server.client.stream("GET", f"{server.url}/runs/{run}/events") as response:
        seen = ""
        for line in response.iter_lines():
            seen = line
            if line == "event: page":
                return True
            if line == "event: heartbeat":
                return False
    raise AssertionError(seen)


def test_finish_while_it_is_written_changes_nothing(busy: Busy) -> None:
    server, model = busy
    model.say = soon
    run = begun(server)
    written(server, run)
    assert finish(server, run).json()["status"] == "running"
    told = heard(server.get(f"/runs/{run}/events").text)
    assert (told.status, told.text) == ("completed", soon(""))
