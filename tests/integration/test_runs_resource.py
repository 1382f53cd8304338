"""Runs that are posted: what may be in their bodies, and from where they may come."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx2
import pytest

from asking import HOVERS, QUESTION, shelved
from cutting import (
    SAID,
    begun,
    nothing_started,
    over,
    post,
)
from servers.local import Asked, LocalServer, Reply
from servers.openai import OpenAIServer
from servers.searxng import Row, SearxngServer
from serving import Heard, Server, heard, installed, problem, serving

UNKNOWN = "0" * 32
KESTREL = (
    "<html><title>Kestrels</title><body><p>A kestrel hovers in one place by flying into the wind "
    "at exactly the speed of the wind. The bird keeps its head still while it looks for voles."
)
Installed = tuple[Server, OpenAIServer]


def events(server: Server, run: str, headers: dict[str, str] | None = None) -> Heard:
    response = server.get(f"/runs/{run}/events", headers)
    assert response.status_code == 200
    return heard(response.text)


def status(server: Server, run: str) -> str:
    return server.get(f"/runs/{run}").json()["status"]


def test_a_run_that_is_posted_goes_on_without_readers_and_is_heard_later(idle: Installed) -> None:
    server, _ = idle
    response = post(server, {"question": f"  {QUESTION}\n"})
    assert response.status_code == 201
    assert response.json().keys() == {"run", "thread"}
    run = response.json()["run"]
    assert response.headers["location"] == f"/runs/{run}"
    over(server, run)
    told = events(server, run)
    assert (told.run, told.status, told.text) == (run, "completed", SAID)
    assert [one.seq for one in told.events] == [*range(1, len(told.events) + 1)]
    snapshot = server.get(f"/runs/{run}").json()
    assert (snapshot["question"], snapshot["answer"]) == (QUESTION, SAID)
    assert snapshot["sources"] == told.sources


REFUSED: tuple[tuple[dict[str, Any], str], ...] = (
    ({"question": QUESTION, "on_leeve": "stop"}, "on_leeve"),
    ({"question": QUESTION, "collectoin": [], "site": []}, "collectoin"),
    ({"q": QUESTION}, "question"),
    ({}, "question"),
    ({"question": None}, "question"),
    ({"question": 7}, "question"),
    ({"question": [QUESTION]}, "question"),
    ({"question": ""}, "question"),
    ({"question": " \u2003\n"}, "question"),
    ({"question": "x" * 501}, "question"),
    ({"question": "a\0b"}, "question"),
    ({"question": QUESTION, "on_leave": "stay"}, "on_leave"),
    ({"question": QUESTION, "on_leave": None}, "on_leave"),
    ({"question": QUESTION, "resume_seconds": 5}, "resume_seconds"),
    ({"question": QUESTION, "on_leave": "finish", "resume_seconds": 5}, "resume_seconds"),
    ({"question": QUESTION, "on_leave": "stop", "resume_seconds": 120.5}, "resume_seconds"),
    ({"question": QUESTION, "on_leave": "stop", "resume_seconds": -1}, "resume_seconds"),
    ({"question": QUESTION, "on_leave": "stop", "resume_seconds": "5"}, "resume_seconds"),
    ({"question": QUESTION, "on_leave": "stop", "resume_seconds": True}, "resume_seconds"),
    ({"question": QUESTION, "thread": ""}, "thread"),
    ({"question": QUESTION, "thread": f"{UNKNOWN}\n"}, "thread"),
    ({"question": QUESTION, "thread": 1}, "thread"),
    ({"question": QUESTION, "max_sources": 0}, "max_sources"),
    ({"question": QUESTION, "max_sources": 21}, "max_sources"),
    ({"question": QUESTION, "max_sources": "3"}, "max_sources"),
    ({"question": QUESTION, "max_sources": True}, "max_sources"),
    ({"question": QUESTION, "site": "example.org"}, "site"),
    ({"question": QUESTION, "site": ["x.example"] * 21}, "site"),
    ({"question": QUESTION, "site": ["not a domain"]}, "site"),
    ({"question": QUESTION, "exclude_site": ["*.example"]}, "exclude_site"),
    ({"question": QUESTION, "exclude_site": "example.org"}, "exclude_site"),
    ({"question": QUESTION, "after": "yesterday"}, "after"),
    ({"question": QUESTION, "after": 2024}, "after"),
    ({"question": QUESTION, "before": "2024-13"}, "before"),
    ({"question": QUESTION, "after": "2025", "before": "2024"}, "before"),
    ({"question": QUESTION, "language": "german"}, "language"),
    ({"question": f"{QUESTION} after:2024-13"}, "question"),
    ({"question": QUESTION, "provider": ["gogle"]}, "provider"),
    ({"question": QUESTION, "provider": [1]}, "provider.0"),
)


def test_a_body_with_a_wrong_field_is_refused_by_its_name(idle: Installed) -> None:
    with nothing_started(*idle):
        for body, name in REFUSED:
            response = post(idle[0], body)
            message = problem(response, 422, "bad_question")
            [detail] = response.json()["detail"]
            assert detail["loc"] == ["body", name], body
            assert detail["msg"] == message, body


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{", b"null", b"[]", b'"x"', b"{}{}", b'{"question": "\xff"}', b"\xff\xfe{}",
        b'{"question": NaN}', b'{"question": "\\ud800"}', b"[" * 60_000,
        b'{"question": "%s"}' % (b"x" * 70_000),
        b'{"question": "x", "on_leave": "stop", "resume_seconds": NaN}',
        b'{"question": "x", "on_leave": "stop", "resume_seconds": 1e999}',
    ],
    ids=range(14),
)  # fmt: skip
def test_a_body_that_is_no_such_object_is_refused(idle: Installed, body: bytes) -> None:
    server = idle[0]
    headers = {"Content-Type": "application/json"}
    with nothing_started(*idle):
        response = server.client.post(f"{server.url}/runs", content=body, headers=headers)
        problem(response, 422, "bad_question")
        assert response.json()["detail"]


@pytest.mark.parametrize(
    ("media_type", "taken"),
    [
        ("application/json", True),
        ("application/json; charset=utf-8", True),
        ("Application/JSON", True),
        ("text/plain", False),
        ("application/x-www-form-urlencoded", False),
        ("multipart/form-data; boundary=x", False),
        ("application/jsonp", False),
        ("text/plain; application/json", False),
        ("", False),
    ],
)
def test_only_json_begins_a_run(idle: Installed, media_type: str, taken: bool) -> None:
    server = idle[0]
    body = json.dumps({"question": QUESTION})
    headers = {"Content-Type": media_type} if media_type else {}

    def asked() -> httpx2.Response:
        return server.client.post(f"{server.url}/runs", content=body, headers=headers)

    if taken:
        response = asked()
        assert response.status_code == 201
        over(server, response.json()["run"])
    else:
        with nothing_started(*idle):
            problem(asked(), 415, "not_json")


@pytest.mark.parametrize(
    ("headers", "taken"),
    [
        ({}, True),
        ({"Origin": "http://localhost:5173"}, True),
        ({"Sec-Fetch-Site": "same-origin"}, True),
        ({"Sec-Fetch-Site": "none"}, True),
        ({"Origin": "https://elsewhere.example"}, False),
        ({"Origin": "null"}, False),
        ({"Origin": "http://localhost.elsewhere.example"}, False),
        ({"Sec-Fetch-Site": "cross-site"}, False),
        ({"Sec-Fetch-Site": "same-site"}, False),
        ({"Sec-Purpose": "prefetch"}, False),
    ],
)
def test_a_run_is_posted_only_from_where_it_may(
    idle: Installed, headers: dict[str, str], taken: bool
) -> None:
    if taken:
        over(idle[0], begun(idle[0], headers))
    else:
        with nothing_started(*idle):
            problem(post(idle[0], {"question": QUESTION}, headers), 403, "not_from_here")


NAMES = ("meadow", "harbour", "quarry")
FILTERS: tuple[tuple[str, int | list[str]], ...] = (
    ("max_sources", 1),
    ("site", ["127.0.0.1"]),
    ("provider", ["searxng"]),
    ("collection", ["documents"]),
)


def page(asked: Asked) -> Reply:
    """About kestrels, and not the same anywhere."""
    text = KESTREL.replace(
        "voles", f"voles in the {asked.path[1:]}. {asked.path[1:].title()} " * 40
    )
    return Reply(media_type="text/html", pieces=(text.encode(),))


def test_the_filters_of_a_body_are_those_of_the_query(tmp_path: Path) -> None:
    queries: list[str] = []

    def find(text: str) -> list[Row]:
        queries.append(text)
        return [
            (f"Kestrel {number}", f"{pages.url}/{name}", "hovers")
            for number, name in enumerate(NAMES)
        ]

    shelved(installed(tmp_path) / "data", HOVERS)
    with (
        LocalServer(page) as pages,
        SearxngServer(find) as search,
        serving(
            tmp_path,
            SEARCH__PROVIDERS=["searxng", "library"],
            SEARXNG__URL=search.url,
            SEARCH__STARTER=False,
            SEARCH__CACHE_SECONDS=0,
            FETCH__ALLOW_HOSTS=[pages.url.removeprefix("http://")],
        ) as server,
    ):
        found: list[int] = []
        for name, value in FILTERS:
            queries.clear()
            posted = events(server, begun(server, None, **{name: value}))
            mine = sorted(queries)
            queries.clear()
            given = value[0] if isinstance(value, list) else value
            asked = heard(server.get(f"/search?q={quote(QUESTION)}&{name}={given}").text)
            assert (posted.status, posted.sources) == (asked.status, asked.sources)
            assert mine == sorted(queries)
            found.append(len(posted.sources))
        assert found == [1, 3, 3, 1]
