"""Coming back with ids of every kind: what is no id, and runs that are unknown, gone or over."""

from __future__ import annotations

import re
import socket
from collections.abc import Generator, Iterator
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest

from asking import QUESTION
from cutting import (
    SAID,
    STREAM,
    nothing_started,
    settings,
)
from servers.openai import OpenAIServer
from serving import Server, heard, installed, problem, serving, until

UNKNOWN = "0" * 32


def at_length(_: str) -> str:
    return 100 * f"{SAID} "


@pytest.fixture
def model() -> Iterator[OpenAIServer]:
    with OpenAIServer(lambda _: SAID) as server:
        yield server


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Generator[tuple[Server, OpenAIServer, str]]:
    """A server, its model, and a run that is over."""
    folder = tmp_path_factory.mktemp("asked")
    with (
        OpenAIServer(lambda _: SAID) as model,
        serving(installed(folder), **settings(folder, model)) as server,
    ):
        yield server, model, server.ask(QUESTION).run


NO_IDS = (
    "", "-", "-0", "-1", "0", "null", "-5; what?", "{run}", "{run}-", "{run}--1", "{run}-+1",
    "{run}-1.0", "{run}-1e3", "{run}-0x1", "{run}-1-1", "{run} -1", "{run}-\u0663", "{run}-\uff11",
    "{run}-1\u00a0", "x{run}-1", "0{run}-1", "{run}-1,{run}-2", "'\"<>&%00", "\U0001f600",
    "{run}-0", "{run}-000", f"{UNKNOWN}-0", f"{UNKNOWN}", "\u0130-1",
)  # fmt: skip
ONLY_ENCODED = (
    "{run}-1 ",
    " {run}-1",
    "{run}-1\n",
    "{run}-1\r\nX-Other: 1",
    "{run}-1\0",
    "\n",
    "\ud800",
)


@pytest.mark.parametrize("path", ["/search?q=anything", "/search?", "/runs/{run}/events?"])
@pytest.mark.parametrize("how", ["header", "parameter"])
def test_what_is_no_id_ends_a_source_and_starts_nothing(
    asked: tuple[Server, OpenAIServer, str], path: str, how: str
) -> None:
    server, model, run = asked
    address = path.replace("{run}", run)
    with nothing_started(server, model):
        for text in (*NO_IDS, *(ONLY_ENCODED if how == "parameter" else ())):
            given = text.replace("{run}", run)
            if how == "parameter":
                encoded = quote(given.encode("utf-8", "surrogatepass"), safe="")
                told = server.get(f"{address}&last_event_id={encoded}", STREAM)
            else:
                header = {b"Last-Event-ID": given.encode()}
                told = server.client.get(server.url + address, headers=header)
            assert (told.status_code, told.content) == (204, b""), text


def test_upper_case_is_another_id(asked: tuple[Server, OpenAIServer, str]) -> None:
    server, model, run = asked
    assert re.search("[a-f]", run), "digits alone have no case: this shows nothing"
    with nothing_started(server, model):
        told = server.get("/search?q=x", {"Last-Event-ID": f"{run.upper()}-1"})
        assert told.status_code == 204


@pytest.mark.parametrize(
    "value",
    [
        b"{run}-1\nX-Other: 1",
        b"{run}-1\rX-Other: 1",
        b"{run}-1\r\n\tmore",
        b"{run}-1\0",
        b"\xff\xfe",
        b"{run}-\xd9\xa3",
        b"\x01\x02\x7f",
        b"{run}-1\r\nLast-Event-ID: {run}-0",
        b"{run}-" + b"9" * 20_000,
        b"x" * 60_000,
    ],
    ids=range(10),
)
@pytest.mark.parametrize("path", ["/search?q=anything", "/runs/{run}/events"])
def test_bytes_that_no_client_library_sends_start_nothing(
    asked: tuple[Server, OpenAIServer, str], path: str, value: bytes
) -> None:
    server, model, run = asked
    with nothing_started(server, model):
        told = raw(server, path.replace("{run}", run), value.replace(b"{run}", run.encode()))
        status = int(told.split(b" ")[1])
        assert status in {200, 204, 400, 431}, told
        if status == 200:
            assert b"event: done\n" in told
        control = raw(server, path.replace("{run}", run), f"{run}-1".encode())
        assert control.startswith(b"HTTP/1.1 200")


def raw(server: Server, path: str, value: bytes) -> bytes:
    """What a socket is answered with that sends this value."""
    parts = urlsplit(server.url)
    assert parts.port is not None
    with socket.create_connection(("127.0.0.1", parts.port), timeout=60) as connection:
        head = f"GET {path} HTTP/1.1\r\nHost: {parts.netloc}\r\nConnection: close\r\n".encode()
        connection.sendall(head + b"Last-Event-ID: " + value + b"\r\n\r\n")
        told = b""
        while data := connection.recv(65_536):
            told += data
    return told


@pytest.mark.parametrize(
    "digits", ["9", "9" * 18, "9" * 19, "9" * 400, str(2**63), "0" * 60 + "99"]
)
def test_an_id_beyond_the_end_gets_the_end(
    asked: tuple[Server, OpenAIServer, str], digits: str
) -> None:
    server, model, run = asked
    digits = "99" if digits == "9" else digits
    with nothing_started(server, model):
        for path in ("/search?q=x", f"/runs/{run}/events"):
            rounds = native(server, path, f"{run}-{digits}")
            [only] = rounds
            assert [one.name for one in heard(only).events] == ["done"]


def test_an_id_with_zeros_before_it_is_that_number(asked: tuple[Server, OpenAIServer, str]) -> None:
    server, _, run = asked
    zeros, plain = (
        server.get("/search", {"Last-Event-ID": f"{run}-{number}"}).text for number in ("0003", "3")
    )
    assert zeros == plain
    assert heard(plain).events[0].seq == 4


@pytest.mark.parametrize("path", ["/search?q=x", "/search?q=", f"/runs/{UNKNOWN}/events"])
@pytest.mark.parametrize("number", ["1", "5", "9" * 400])
def test_a_run_that_is_unknown_is_gone_and_told_once(
    asked: tuple[Server, OpenAIServer, str], path: str, number: str
) -> None:
    server, model, _ = asked
    with nothing_started(server, model):
        [only] = native(server, path, f"{UNKNOWN}-{number}")
        gone_once(only, UNKNOWN)
        problem(server.get(f"/runs/{UNKNOWN}/events"), 404, "not_found")


def native(server: Server, path: str, last_id: str = "") -> list[str]:
    """The bodies that a native EventSource is sent until it is told to stay away."""
    bodies: list[str] = []
    for _ in range(5):
        headers = STREAM | ({"Last-Event-ID": last_id} if last_id else {})
        told = server.get(path, headers)
        if told.status_code == 204:
            return bodies
        assert told.status_code == 200, told.text
        bodies.append(told.text)
        last_id = heard(told.text).events[-1].id
    raise AssertionError(f"it never ends: {bodies}")


def gone_once(body: str, run: str) -> None:
    error, done = heard(body).events
    assert error.id == done.id == f"{run}-0"
    assert (error.name, error.data["code"], error.data["retryable"]) == ("error", "run_gone", True)
    assert (done.name, done.data["status"], done.data["run"]) == ("done", "interrupted", run)


def test_a_page_that_never_closes_its_source_asks_once(
    asked: tuple[Server, OpenAIServer, str],
) -> None:
    server, model, _ = asked
    bodies = len(model.bodies)
    [only] = native(server, f"/search?q={quote(QUESTION)}")
    assert heard(only).status == "completed"
    assert len(model.bodies) == bodies + 1


def test_another_principal_s_run_is_gone_for_who_comes_back(
    tmp_path: Path, model: OpenAIServer
) -> None:
    keys = {"alice": "alice-s-own-long-key", "bob": "bob-s-own-long-key-1"}
    alice, bob = ({"Authorization": f"Bearer {key}"} for key in keys.values())
    with serving(installed(tmp_path), **settings(tmp_path, model), SERVER__API_KEYS=keys) as server:
        told = heard(server.get(f"/search?q={quote(QUESTION)}", alice).text)
        id_ = f"{told.run}-3"
        for path in ("/search?q=x", f"/runs/{told.run}/events"):
            gone_once(server.get(path, bob | {"Last-Event-ID": id_}).text, told.run)
            assert (
                heard(server.get(path, alice | {"Last-Event-ID": id_}).text).events
                == told.events[3:]
            )
            end = {"Last-Event-ID": f"{told.run}-0"}
            assert server.get(path, bob | end).status_code == 204
        problem(server.get(f"/runs/{told.run}/events", bob), 404, "not_found")
        assert len(model.bodies) == 1


def test_a_run_that_is_no_longer_kept_is_gone(tmp_path: Path, model: OpenAIServer) -> None:
    named = settings(tmp_path, model)
    with serving(installed(tmp_path), **named) as server:
        runs = [server.ask(QUESTION) for _ in range(2)]
    with serving(tmp_path, **named, RUNS__KEEP_COUNT=1) as server:
        until(lambda: server.get(f"/runs/{runs[0].run}").status_code == 404, "trimmed")
        for path in ("/search?q=x", f"/runs/{runs[0].run}/events"):
            [only] = native(server, path, f"{runs[0].run}-3")
            gone_once(only, runs[0].run)
        [rest] = native(server, "/search?q=x", f"{runs[1].run}-3")
        assert heard(rest).events == runs[1].events[3:]
        assert not server.ended_runs()[2:]
    assert len(model.bodies) == 2


@pytest.mark.parametrize("how", ["stopped", "finished"])
def test_a_run_that_is_over_is_replayed_to_its_end_and_no_further(
    tmp_path: Path, model: OpenAIServer, how: str
) -> None:
    named = settings(tmp_path, model)
    with serving(installed(tmp_path), **named) as server:
        if how == "stopped":
            model.say, model.pause = at_length, 0.1
            begun = server.client.post(f"{server.url}/runs", json={"question": QUESTION})
            run = begun.json()["run"]
            until(lambda: server.get(f"/runs/{run}").json()["answer"], "written")
            server.client.delete(f"{server.url}/runs/{run}")
        else:
            run = server.ask(QUESTION).run
        whole = heard(server.get(f"/runs/{run}/events").text)
        assert whole.status == ("cancelled" if how == "stopped" else "completed")
    with serving(tmp_path, **named) as server:
        for start in range(1, len(whole.events)):
            [rest] = native(server, "/search?q=x", f"{run}-{start}")
            assert heard(rest).events == whole.events[start:]
        assert native(server, "/search?q=x", whole.events[-1].id) == []
    assert len(model.bodies) == 1
