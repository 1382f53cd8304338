"""Threads: runs in their order, each principal's own, removed with all that they said."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from asking import QUESTION
from cutting import (
    PATIENCE_SECONDS,
    SAID,
    Reading,
    at_length,
    begun,
    settings,
)
from servers.openai import OpenAIServer
from serving import Server, heard, installed, problem, serving, until

UNKNOWN = "0" * 32
KEYS = {"alice": "alice-s-own-long-key", "bob": "bob-s-own-long-key-1"}
ALICE, BOB = ({"Authorization": f"Bearer {key}"} for key in KEYS.values())
Keyed = tuple[Server, OpenAIServer]


def soon(_: str) -> str:
    return SAID


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Generator[Keyed]:
    folder = tmp_path_factory.mktemp("keyed")
    with (
        OpenAIServer(pause=0.1) as model,
        serving(installed(folder), **settings(folder, model, SERVER__API_KEYS=KEYS)) as server,
    ):
        yield server, model


@pytest.fixture
def keyed(shared: Keyed) -> Iterator[Keyed]:
    """A server of two people, who have no threads and leave none; answers are short."""
    server, model = shared
    model.say = soon
    yield shared
    for who in (ALICE, BOB):
        for one in threads(server, who):
            path = f"{server.url}/threads/{one['thread']}"
            assert server.client.delete(path, headers=who).status_code == 204
        assert threads(server, who) == []


def threads(server: Server, who: dict[str, str]) -> list[Any]:
    response = server.get("/threads", who)
    assert response.status_code == 200
    return response.json()["threads"]


def answered(server: Server, who: dict[str, str], **fields: object) -> dict[str, str]:
    """Asks and waits for the answer; the ids of the run and its thread."""
    response = server.client.post(
        f"{server.url}/runs", json={"question": QUESTION, **fields}, headers=who
    )
    assert response.status_code == 201, response.text
    assert heard(server.get(f"{response.headers['location']}/events", who).text).text == SAID
    return response.json()


def delete(server: Server, thread: str, who: dict[str, str]) -> httpx2.Response:
    return server.client.delete(f"{server.url}/threads/{thread}", headers=who)


def test_runs_of_a_thread_come_in_their_order(keyed: Keyed) -> None:
    server, _ = keyed
    first = answered(server, ALICE)
    other = answered(server, ALICE, question=f"{QUESTION} Elsewhere?")
    second = answered(server, ALICE, question=f"{QUESTION} And then?", thread=first["thread"])
    assert second["thread"] == first["thread"] != other["thread"]
    told = server.get(f"/threads/{first['thread']}", ALICE).json()
    assert told["thread"] == first["thread"]
    assert [one["run"] for one in told["runs"]] == [first["run"], second["run"]]
    for one in told["runs"]:
        assert one == server.get(f"/runs/{one['run']}", ALICE).json()
        assert (one["status"], one["answer"]) == ("completed", SAID)
    listed = threads(server, ALICE)
    assert [(one["thread"], one["question"], one["runs"]) for one in listed] == [
        (first["thread"], QUESTION, 2),
        (other["thread"], f"{QUESTION} Elsewhere?", 1),
    ]
    assert listed[0]["updated"] > listed[1]["updated"] > 0


def test_what_is_asked_over_search_is_a_thread_of_its_own(keyed: Keyed) -> None:
    server, _ = keyed
    runs = [
        heard(server.client.get(f"{server.url}/search", params={"q": QUESTION}, headers=ALICE).text)
        for _ in range(2)
    ]
    listed = threads(server, ALICE)
    assert [one["runs"] for one in listed] == [1, 1]
    found = [server.get(f"/threads/{one['thread']}", ALICE).json() for one in listed]
    assert [one["runs"][0]["run"] for one in found] == [runs[1].run, runs[0].run]


def test_another_s_thread_does_not_exist(keyed: Keyed) -> None:
    server, model = keyed
    alices = answered(server, ALICE)
    bobs = answered(server, BOB)
    assert [one["thread"] for one in threads(server, ALICE)] == [alices["thread"]]
    assert [one["thread"] for one in threads(server, BOB)] == [bobs["thread"]]
    before = len(model.bodies)
    for thread in (alices["thread"], UNKNOWN, "0", "%00", "x" * 300):
        problem(server.get(f"/threads/{thread}", BOB), 404, "not_found")
        problem(delete(server, thread, BOB), 404, "not_found")
    for thread in (alices["thread"], UNKNOWN):
        body = {"question": QUESTION, "thread": thread}
        asked = server.client.post(f"{server.url}/runs", json=body, headers=BOB)
        problem(asked, 404, "not_found")
    assert len(model.bodies) == before
    assert len(server.get(f"/threads/{alices['thread']}", ALICE).json()["runs"]) == 1
    assert answered(server, BOB, thread=bobs["thread"])["thread"] == bobs["thread"]
    problem(server.get("/threads"), 401, "unauthorized")


def test_a_thread_is_removed_with_all_that_its_runs_said(keyed: Keyed) -> None:
    server, _ = keyed
    gone = answered(server, ALICE)
    also = answered(server, ALICE, thread=gone["thread"])
    kept = answered(server, ALICE)
    removed = delete(server, gone["thread"], ALICE)
    assert (removed.status_code, removed.content) == (204, b"")
    problem(delete(server, gone["thread"], ALICE), 404, "not_found")
    problem(server.get(f"/threads/{gone['thread']}", ALICE), 404, "not_found")
    for one in (gone, also):
        for path in ("", "/events"):
            problem(server.get(f"/runs/{one['run']}{path}", ALICE), 404, "not_found")
        back = server.get("/search", ALICE | {"Last-Event-ID": f"{one['run']}-3"})
        assert [event.name for event in heard(back.text).events] == ["error", "done"]
    assert server.get(f"/runs/{kept['run']}", ALICE).json()["answer"] == SAID
    assert [one["thread"] for one in threads(server, ALICE)] == [kept["thread"]]


def test_to_remove_a_thread_stops_what_of_it_still_runs(keyed: Keyed) -> None:
    server, model = keyed
    model.say = at_length
    run, other = begun(server, ALICE), begun(server, ALICE)
    until(lambda: len(running(server, run, other)) == 2, "written", PATIENCE_SECONDS)
    asked = model.asked[-2:]
    [thread] = [one["thread"] for one in threads(server, ALICE) if holds(server, one, run)]
    with server.client.stream("GET", f"{server.url}/runs/{run}/events", headers=ALICE) as response:
        reading = Reading(path="")
        pieces = response.iter_raw()
        while not reading.text:
            reading.feed(next(pieces))
        assert delete(server, thread, ALICE).status_code == 204
        for piece in pieces:
            reading.feed(piece)
    assert reading.status == "cancelled"
    until(lambda: sum(one.left.is_set() for one in asked) == 1, "left", PATIENCE_SECONDS)
    problem(server.get(f"/runs/{run}", ALICE), 404, "not_found")
    assert server.get(f"/runs/{other}", ALICE).json()["status"] == "running"
    assert sum(one.left.is_set() for one in asked) == 1


def running(server: Server, *runs: str) -> list[str]:
    """Those of the runs of which something is written."""
    return [one for one in runs if server.get(f"/runs/{one}", ALICE).json()["answer"]]


def holds(server: Server, thread: dict[str, str], run: str) -> bool:
    told = server.get(f"/threads/{thread['thread']}", ALICE).json()
    return run in [one["run"] for one in told["runs"]]


def test_threads_are_kept_over_a_restart(tmp_path: Path) -> None:
    with OpenAIServer(soon) as model:
        named = settings(tmp_path, model, SERVER__API_KEYS=KEYS)
        with serving(installed(tmp_path), **named) as server:
            first = answered(server, ALICE)
            gone = answered(server, ALICE)
            delete(server, gone["thread"], ALICE)
            before = threads(server, ALICE), server.get(f"/threads/{first['thread']}", ALICE).json()
        with serving(tmp_path, **named) as server:
            after = threads(server, ALICE), server.get(f"/threads/{first['thread']}", ALICE).json()
            assert after == before
            problem(server.get(f"/threads/{gone['thread']}", ALICE), 404, "not_found")
            assert threads(server, BOB) == []
            again = answered(server, ALICE, thread=first["thread"])
            assert again["thread"] == first["thread"]
            assert threads(server, ALICE)[0]["runs"] == 2
