"""The description of the interface and the server: each says what the other does."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Generator
from pathlib import Path

import pytest

from codexity.edges.http.statuses import ANSWERS
from serving import Server, installed, serving

APART = Path(__file__).parents[1] / "described" / "apart.py"
PROGRAM = Path(sys.executable).with_name("schemathesis")
KEYS = {"alice": "alice-s-own-long-key", "bob": "bob-s-own-long-key-1"}
KEYED = ("-H", f"Authorization: Bearer {KEYS['alice']}")
Described = tuple[Server, tuple[str, ...]]
ROOM = {"RUNS__AT_ONCE": 64, "STREAM__MAX_STREAMS_PER_CLIENT": 1_000}
CASES = 10_000
FEWER = 500
HANGS = 3_600
"""Seconds: it takes some minutes."""


@pytest.fixture(scope="module", params=[pytest.param("open", marks=pytest.mark.soak), "keyed"])
def described(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Generator[Described]:
    """A server without anything to find, and what a client has to say to it."""
    keyed = request.param == "keyed"
    more = {"SERVER__API_KEYS": KEYS} if keyed else {}
    folder = installed(tmp_path_factory.mktemp(request.param))
    with serving(folder, SEARCH__STARTER=False, **ROOM, **more) as server:
        yield server, KEYED if keyed else ()


def _headers(client: tuple[str, ...]) -> dict[str, str]:
    return dict(one.split(": ", 1) for one in client[1:])


def asked(
    server: Server, folder: Path, *arguments: str, seconds: float, described: str = ""
) -> tuple[int, str]:
    """How many cases schemathesis has asked, and what it says of the faults that it found."""
    ran = subprocess.run(
        [
            PROGRAM, "run", described or f"{server.url}/openapi.json", "--url", server.url,
            "--checks", "all", "--no-color",
            "--continue-on-failure", "--no-shrink", "--request-timeout", "60", *arguments,
        ],
        cwd=folder,
        env={**os.environ, "SCHEMATHESIS_HOOKS": str(APART)},
        capture_output=True,
        text=True,
        check=False,
        timeout=seconds,
    )  # fmt: skip
    said = ran.stdout + ran.stderr
    cases = re.search(r"(\d+) generated", said)
    assert cases is not None, said
    return int(cases[1]), "" if ran.returncode == 0 else said


def test_every_route_is_described_with_every_status(described: Described) -> None:
    server, client = described
    told = server.get("/openapi.json", _headers(client)).json()
    routes = {
        (path, method): one for path, of in told["paths"].items() for method, one in of.items()
    }
    assert set(routes) == set(ANSWERS)
    for (path, method), operation in routes.items():
        responses = operation["responses"]
        assert {*responses} == {*ANSWERS[path, method].described()}
        assert {"400", "403", "408", "421", "431", "500", "503"} <= {*responses}
        assert ("401" in responses) == (path != "/health")
        assert ("security" in operation) == (bool(client) and path != "/health")
        for status, response in responses.items():
            if not status.startswith("2"):
                schema = response["content"]["application/json"]["schema"]
                assert schema == {"$ref": "#/components/schemas/Refusal"}
            assert ("Retry-After" in response.get("headers", {})) == (status in {"429", "503"})
    starting = routes["/search", "get"]["responses"], routes["/runs", "post"]["responses"]
    assert all({"401", "403", "421", "422", "429", "503"} <= {*one} for one in starting)
    assert {"404", "415"} <= {*starting[1]}


def test_some_cases_of_each_route_find_nothing(described: Described, tmp_path: Path) -> None:
    server, client = described
    few = ("--generation-deterministic", "-n", "3", "--phases", "coverage,fuzzing")
    cases, faults = asked(server, tmp_path, *few, *client, seconds=200)
    assert not faults, faults
    assert cases >= FEWER


@pytest.mark.soak
def test_ten_thousand_cases_find_nothing(described: Described, tmp_path: Path) -> None:
    server, client = described
    many = ("-n", "1000", "--generation-database", "none")
    cases, faults = asked(server, tmp_path, *many, *client, seconds=HANGS)
    assert not faults, faults
    assert cases >= CASES


def test_a_status_that_is_not_described_is_found(described: Described, tmp_path: Path) -> None:
    """The control: the same program, told of one status less than the server has."""
    server, client = described
    description = server.get("/openapi.json", _headers(client)).json()
    path = "/runs/{run}"
    del description["paths"][path]["get"]["responses"]["404"]
    description["paths"] = {path: description["paths"][path]}
    told = tmp_path / "described.json"
    told.write_text(json.dumps(description))
    few = ("--generation-deterministic", "-n", "5", "--phases", "coverage")
    _, faults = asked(server, tmp_path, *few, *client, described=str(told), seconds=200)
    assert "Undocumented status code: 1" in faults
