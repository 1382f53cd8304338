"""API keys: what they open, for whom, and from which pages."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from urllib.parse import quote

import pytest

from serving import NONSENSE, PREFLIGHT, Server, installed, problem, serving, until

ASK = f"/search?q={quote(NONSENSE)}"
ALICE, BOB = "alice-s-own-long-key", "bob-s-own-long-key-1"


@pytest.fixture(scope="module")
def keyed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(
        installed(tmp_path_factory.mktemp("keyed")),
        SEARCH__STARTER=False,
        SERVER__API_KEYS={"alice": ALICE, "bob": BOB},
        SERVER__CORS_ORIGINS=["https://ours.example"],
    ) as server:
        yield server


def bearer(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


def basic(user: str, key: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{user}:{key}".encode()).decode()}


@pytest.mark.parametrize(
    "headers",
    [
        {},
        bearer("another-key-of-nobody"),
        bearer(ALICE[:-1]),
        {"Authorization": ALICE},
        {"Authorization": f"Digest {ALICE}"},
        {"Authorization": "Basic %%%"},
        {"Authorization": "Basic /////w=="},
        basic(ALICE, ""),
        basic("alice", "another-key-of-nobody"),
    ],
)
def test_without_a_right_key_nothing_is_served(keyed: Server, headers: dict[str, str]) -> None:
    before = keyed.ended_runs()
    for path in (ASK, "/answer?q=x", "/", "/openapi.json", "/runs/0", "/page/main.js"):
        response = keyed.get(path, headers)
        problem(response, 401, "unauthorized")
        assert response.headers["www-authenticate"].startswith("Basic")
    assert keyed.get("/health", headers).json() == {"status": "ok"}
    assert keyed.get("/robots.txt", headers).status_code == 200
    assert keyed.ended_runs() == before


@pytest.mark.parametrize(
    "headers", [bearer(ALICE), {"Authorization": f"bearer {ALICE}"}, basic("anybody", ALICE)]
)
def test_a_key_opens_under_any_host_name(keyed: Server, headers: dict[str, str]) -> None:
    run = keyed.get(ASK, headers | {"Host": "search.example.org"})
    assert run.status_code == 200
    assert "event: done" in run.text
    assert keyed.get("/", headers).status_code == 200


def test_a_run_of_another_does_not_exist(keyed: Server) -> None:
    id_ = keyed.get(ASK, bearer(ALICE)).text.partition("id: ")[2][:32]
    for method in ("GET", "DELETE"):
        stranger = keyed.client.request(method, f"{keyed.url}/runs/{id_}", headers=bearer(BOB))
        problem(stranger, 404, "not_found")
        unknown = keyed.client.request(method, f"{keyed.url}/runs/{'0' * 32}", headers=bearer(BOB))
        assert unknown.json() == stranger.json()
    own = keyed.get(f"/runs/{id_}", bearer(ALICE))
    assert own.json()["question"] == NONSENSE
    until(lambda: id_ in keyed.ended_runs(), "logged")
    [line] = [line for line in keyed.log() if line.get("run") == id_]
    assert line["principal"] == "alice"


def test_an_allowed_origin_s_preflight_needs_no_key(keyed: Server) -> None:
    origin = {"Origin": "https://ours.example"}
    asked = PREFLIGHT | origin | {"Access-Control-Request-Headers": "authorization"}
    preflight = keyed.client.options(keyed.url + ASK, headers=asked)
    assert preflight.status_code == 200
    assert preflight.headers["access-control-allow-origin"] == "https://ours.example"
    for headers, status in ((origin, 401), (origin | bearer(ALICE), 200)):
        response = keyed.get(ASK, headers)
        assert response.status_code == status
        assert response.headers["access-control-allow-origin"] == "https://ours.example"


def test_no_key_is_logged(keyed: Server) -> None:
    keyed.get(ASK, bearer(ALICE))
    keyed.get(f"/search?q=x&api_key={BOB}")
    log = keyed.log_file.read_text()
    assert ALICE not in log
    assert BOB not in log
    assert NONSENSE not in log
