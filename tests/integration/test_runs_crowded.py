"""More than a server takes: who waits is told the place, who is too many is told to come later."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx2
import pytest

from asking import QUESTION
from cutting import (
    PATIENCE_SECONDS,
    SAID,
    STREAM,
    Reading,
    at_length,
    begun,
    settings,
)
from servers.openai import OpenAIServer
from serving import Server, heard, installed, serving, until

SEARCH = f"/search?q={quote(QUESTION)}"
KEYS = {"alice": "alice-s-own-long-key", "bob": "bob-s-own-long-key-1"}
ALICE, BOB = ({"Authorization": f"Bearer {key}"} for key in KEYS.values())
SILENCE_SECONDS = 1.0


def soon(_: str) -> str:
    return SAID


@pytest.fixture
def model() -> Iterator[OpenAIServer]:
    with OpenAIServer(at_length, pause=0.1) as server:
        yield server


@contextmanager
def listening(
    server: Server, path: str = f"{SEARCH}&resume=0", headers: dict[str, str] | None = None
) -> Generator[str]:
    """Somebody who has heard the first event, and stays; gives the run's id."""
    with httpx2.Client(timeout=60) as client:
        asked = {**STREAM, **(headers or {})}
        with client.stream("GET", server.url + path, headers=asked) as response:
            assert response.status_code == 200, response.read()
            reading = Reading(path=path)
            # Not a loop: to leave that would close the response.
            pieces = response.iter_raw()
            while not reading.events:
                reading.feed(next(pieces))
            yield reading.run


def later(response: httpx2.Response, status: int, code: str) -> None:
    """It is refused for now, and it is said when to ask again."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/json"
    assert int(response.headers["retry-after"]) > 0
    told = response.json()
    assert told.keys() == {"code", "message", "retryable"}
    assert (told["code"], told["retryable"]) == (code, True)
    assert told["message"]


def places(server: Server, run: str) -> list[Any]:
    """The places in the queue that a run was told, until it is silent for a while."""
    reading = Reading(path="")
    with (
        suppress(httpx2.ReadTimeout),
        httpx2.Client(timeout=SILENCE_SECONDS) as client,
        client.stream("GET", f"{server.url}/runs/{run}/events") as response,
    ):
        for data in response.iter_raw():
            reading.feed(data)
    return [one.data.get("place") for one in reading.events]


def test_who_has_to_wait_is_told_the_place_first_and_then_goes_on(
    tmp_path: Path, model: OpenAIServer
) -> None:
    with serving(installed(tmp_path), **settings(tmp_path, model, RUNS__AT_ONCE=1)) as server:
        first = begun(server)
        until(lambda: len(model.bodies) == 1, "written", PATIENCE_SECONDS)
        second, third = begun(server), begun(server)
        until(lambda: places(server, third) == [2], "queued", PATIENCE_SECONDS)
        assert places(server, second) == [1]
        assert len(model.bodies) == 1
        assert server.get(f"/runs/{third}").json()["status"] == "running"
        model.say = soon
        server.client.delete(f"{server.url}/runs/{first}")
        told = [heard(server.get(f"/runs/{run}/events").text) for run in (second, third)]
    queued = [
        [one["place"] for one in run.named("status") if one["step"] == "queued"] for run in told
    ]
    assert queued == [[1], [2, 1]]
    for run in told:
        assert run.events[0].data == {"step": "queued", "run": run.run, "place": queued.pop(0)[0]}
        assert run.status == "completed"
        assert [one.seq for one in run.events] == [*range(1, len(run.events) + 1)]
        steps = run.steps()
        assert steps[:2] == ("queued", "rewriting_query")


def test_who_waits_can_be_stopped_and_gives_the_place_up(
    tmp_path: Path, model: OpenAIServer
) -> None:
    with serving(installed(tmp_path), **settings(tmp_path, model, RUNS__AT_ONCE=1)) as server:
        first = begun(server)
        until(lambda: len(model.bodies) == 1, "written", PATIENCE_SECONDS)
        second, third = begun(server), begun(server)
        stopped = server.client.delete(f"{server.url}/runs/{second}")
        assert stopped.json()["status"] == "cancelled"
        until(lambda: places(server, third) == [2, 1], "moved", PATIENCE_SECONDS)
        # A reader who leaves gives it up as well.
        with listening(server) as fourth:
            assert places(server, fourth) == [2]
        until(lambda: fourth in server.ended_runs(), "ended", PATIENCE_SECONDS)
        assert len(model.bodies) == 1
        server.client.delete(f"{server.url}/runs/{first}")
        until(lambda: len(model.bodies) == 2, "written", PATIENCE_SECONDS)
        assert server.get(f"/runs/{third}").json()["status"] == "running"


def test_where_nobody_may_wait_more_are_refused_until_there_is_room(
    tmp_path: Path, model: OpenAIServer
) -> None:
    named = settings(tmp_path, model, RUNS__AT_ONCE=1, RUNS__QUEUED=0)
    with serving(installed(tmp_path), **named) as server:
        first = begun(server)
        later(server.get(SEARCH, STREAM), 503, "busy")
        later(server.client.post(f"{server.url}/runs", json={"question": QUESTION}), 503, "busy")
        later(server.get(f"/answer?q={quote(QUESTION)}"), 503, "busy")
        # Coming back and looking are no work.
        assert server.get(f"/runs/{first}").status_code == 200
        with listening(server, f"/runs/{first}/events"):
            pass
        server.client.delete(f"{server.url}/runs/{first}")
        begun(server)


def test_one_client_has_so_many_streams_and_no_more(tmp_path: Path, model: OpenAIServer) -> None:
    named = settings(tmp_path, model, STREAM__MAX_STREAMS_PER_CLIENT=2, SERVER__API_KEYS=KEYS)
    with serving(installed(tmp_path), **named) as server:
        asked = len(model.bodies)
        with listening(server, headers=ALICE) as run, listening(server, headers=ALICE):
            until(lambda: len(model.bodies) == asked + 2, "written", PATIENCE_SECONDS)
            for path in (SEARCH, f"/runs/{run}/events"):
                later(server.get(path, STREAM | ALICE), 429, "busy")
            # Any status but 200 would end a native EventSource that comes back.
            back = server.get(SEARCH, STREAM | ALICE | {"Last-Event-ID": f"{run}-1"})
            assert (back.status_code, back.text) == (200, "retry: 2000\n\n")
            with listening(server, headers=BOB):
                until(lambda: len(model.bodies) == asked + 3, "written", PATIENCE_SECONDS)
        until(lambda: len(server.ended_runs()) == 3, "ended", PATIENCE_SECONDS)
        with listening(server, headers=ALICE):
            pass


def test_all_together_have_so_many_streams_and_no_more(tmp_path: Path, model: OpenAIServer) -> None:
    named = settings(tmp_path, model, STREAM__MAX_STREAMS=2, SERVER__API_KEYS=KEYS)
    with serving(installed(tmp_path), **named) as server:
        with listening(server, headers=ALICE) as run, listening(server, headers=BOB):
            for path in (SEARCH, f"/runs/{run}/events"):
                later(server.get(path, STREAM | ALICE), 503, "busy")
            back = server.get(SEARCH, STREAM | ALICE | {"Last-Event-ID": f"{run}-1"})
            assert (back.status_code, back.text) == (200, "retry: 2000\n\n")
            assert server.get(f"/runs/{run}", ALICE).status_code == 200
        until(lambda: len(server.ended_runs()) == 2, "ended", PATIENCE_SECONDS)
        with listening(server, headers=ALICE):
            pass


def test_whatever_one_key_asks_another_s_first_question_begins_at_once(
    tmp_path: Path, model: OpenAIServer
) -> None:
    named = settings(tmp_path, model, SERVER__API_KEYS=KEYS, RUNS__AT_ONCE=16)
    with serving(installed(tmp_path), **named) as server:
        statuses = [post(server, ALICE).status_code for _ in range(216)]
        assert statuses == [201] * 212 + [429] * 4
        later(post(server, ALICE), 429, "busy")
        with listening(server, headers=BOB) as run:
            told = heard(server.get(f"/runs/{stopped(server, run, BOB)}/events", BOB).text)
        assert told.steps()[0] == "rewriting_query"
        later(server.get(SEARCH, STREAM | ALICE), 429, "busy")


def test_the_fullest_queue_gives_way_and_who_came_is_next(
    tmp_path: Path, model: OpenAIServer
) -> None:
    named = settings(
        tmp_path, model, SERVER__API_KEYS=KEYS,
        RUNS__AT_ONCE=1, RUNS__QUEUED=3,
    )  # fmt: skip
    with serving(installed(tmp_path), **named) as server:
        first, *waiting = (post(server, ALICE).json()["run"] for _ in range(4))
        until(lambda: len(model.bodies) == 1, "written", PATIENCE_SECONDS)
        later(post(server, ALICE), 429, "busy")
        bobs = post(server, BOB).json()["run"]
        given_way = heard(server.get(f"/runs/{waiting[2]}/events", ALICE).text)
        [error] = given_way.named("error")
        assert (error["code"], error["retryable"], given_way.status) == ("busy", True, "failed")
        assert "gave way" in error["message"]
        model.say = soon
        stopped(server, first, ALICE)
        order = [
            (heard(server.get(f"/runs/{run}/events", who).text), run)
            for run, who in ((bobs, BOB), (waiting[0], ALICE), (waiting[1], ALICE))
        ]
        assert [told.status for told, _ in order] == ["completed"] * 3
        ended = server.ended_runs()
        assert ended.index(bobs) < ended.index(waiting[0]) < ended.index(waiting[1])


def post(server: Server, who: dict[str, str]) -> httpx2.Response:
    return server.client.post(f"{server.url}/runs", json={"question": QUESTION}, headers=who)


def stopped(server: Server, run: str, who: dict[str, str]) -> str:
    response = server.client.delete(f"{server.url}/runs/{run}", headers=who)
    assert response.status_code == 200
    return run


def test_an_answer_as_a_page_counts_as_a_stream(tmp_path: Path, model: OpenAIServer) -> None:
    named = settings(tmp_path, model, STREAM__MAX_STREAMS_PER_CLIENT=2, SERVER__API_KEYS=KEYS)
    path = f"/answer?q={quote(QUESTION)}"
    with serving(installed(tmp_path), **named) as server:
        with listening(server, headers=ALICE), listening(server, headers=ALICE):
            asked = len(model.bodies)
            later(server.get(path, ALICE), 429, "busy")
            assert len(model.bodies) <= asked + 2
            model.say = soon
            assert server.get(path, BOB).status_code == 200
        until(lambda: len(server.ended_runs()) == 3, "ended", PATIENCE_SECONDS)
        # And its place is free again once it is answered.
        for _ in range(3):
            assert server.get(path, ALICE).status_code == 200


@pytest.mark.parametrize("trusted", [True, False])
def test_clients_of_a_trusted_proxy_count_for_themselves(
    tmp_path: Path, model: OpenAIServer, trusted: bool
) -> None:
    proxies = {"SERVER__TRUSTED_PROXIES": ["127.0.0.1", "10.1.0.0/16"]} if trusted else {}
    named = settings(tmp_path, model, STREAM__MAX_STREAMS_PER_CLIENT=1, **proxies)
    with serving(installed(tmp_path), **named) as server, ExitStack() as stack:
        stack.enter_context(listening(server, headers=by("192.0.2.1")))
        # What the client itself wrote stands before what a proxy of ours has added.
        for spoofed in ("192.0.2.1", "192.0.2.9, 192.0.2.1", "192.0.2.9, 192.0.2.1, 10.1.2.3"):
            later(server.get(SEARCH, STREAM | by(spoofed)), 429, "busy")
        if trusted:
            for other in ("192.0.2.2", "192.0.2.1, 192.0.2.3", "2001:db8::1"):
                stack.enter_context(listening(server, headers=by(other)))
        else:
            for other in ("192.0.2.2", "2001:db8::1"):
                later(server.get(SEARCH, STREAM | by(other)), 429, "busy")
            later(server.get(SEARCH, STREAM), 429, "busy")


def by(addresses: str) -> dict[str, str]:
    return {"X-Forwarded-For": addresses}
