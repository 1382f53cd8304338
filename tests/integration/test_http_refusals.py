"""What the server refuses, always as JSON and without starting a run, and what it lets pass."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import httpx2
import pytest

from serving import NONSENSE, PREFLIGHT, Server, installed, problem, serving, until

ASK = f"/search?q={quote(NONSENSE)}"
ASKING = {"Access-Control-Request-Headers": "cache-control,last-event-id"}


@pytest.fixture
def nothing_started(server: Server) -> Iterator[None]:
    """At its end: of all that was asked, only this control has started a run."""
    before = len(server.ended_runs())
    yield
    control = server.ask(NONSENSE)
    until(lambda: control.run in server.ended_runs(), "logged")
    assert server.ended_runs()[before:] == [control.run]


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("q=", "q"),
        ("q=+%20%09", "q"),
        ("q=%E2%80%83", "q"),
        (f"q={'x' * 501}", "q"),
        (f"q={'%F0%9F%A6%8A' * 501}", "q"),
        ("", "q"),
        ("site=example.org", "q"),
        ("q=a%00b", "q"),
        ("q=%00", "q"),
        ("q=a%FFb", "q"),
        ("q=%ED%A0%80", "q"),
        ("q=%C0%AF", "q"),
        ("q=one&q=two", "q"),
        ("q=one&question=two", "question"),
        ("q=one&%FF=two", "parameter names"),
        ("q=one&site=%FF", "site"),
        ("q=one&provider=gogle", "provider"),
        ("q=one&collection=nowhere", "collection"),
        ("q=one&site=not+a+domain", "site"),
        ("q=one&exclude_site=https://example.org", "exclude_site"),
        ("q=one&after=yesterday", "after"),
        ("q=one&after=2024-02-30", "after"),
        ("q=one&after=2024&after=2025", "after"),
        ("q=one&before=", "before"),
        ("q=one&after=2024-05&before=2024-05-01", "before"),
        ("q=one&language=german", "language"),
        ("q=one&language=xx", "language"),
        ("q=one+after:2024-13", "q"),
        ("q=site:example.org+lang:de", "q"),
        ("q=one&max_sources=0", "max_sources"),
        ("q=one&max_sources=21", "max_sources"),
        ("q=one&max_sources=two", "max_sources"),
        ("q=one&max_sources=%C2%B2", "max_sources"),
        ("q=one&max_sources=2&max_sources=3", "max_sources"),
    ],
)
@pytest.mark.usefixtures("nothing_started")
def test_what_cannot_be_asked_is_told(server: Server, query: str, name: str) -> None:
    for path in ("/search", "/answer"):
        response = server.get(f"{path}?{query}")
        message = problem(response, 422, "bad_question")
        [detail] = response.json()["detail"]
        assert detail == {"type": "value_error", "loc": ["query", name], "msg": message}


@pytest.mark.parametrize(
    "query",
    [
        "q=x",
        "q=+%20x%09",
        f"q={'x' * 500}",
        f"q={'%F0%9F%A6%8A' * 500}",
        f"q={'+' * 300}{'x' * 500}{'+' * 300}",
        "q=a%C3%BFb",
        "q=%EE%80%80",
        "q=one&site=example.org&site=example.com",
        "q=one&provider=library&max_sources=20",
        "q=one&exclude_site=example.org&exclude_site=example.com",
        "q=one&after=2024-05-31&before=2024-06&language=DE",
        "q=one+site:example.org+-site:docs.example.org+after:2024-05+before:2025+lang:de",
        "q=one+after:hours",
        "q=one&collection=starter&resume=0",
        "&q=one&",
    ],
)
def test_what_can_be_asked_is_asked(server: Server, query: str) -> None:
    assert "event: done\n" in server.get(f"/search?{query}").text


ELSEWHERE = (
    {"Origin": "https://elsewhere.example"},
    {"Origin": "https://elsewhere.example", "Sec-Fetch-Site": "cross-site"},
    {"Origin": "null"},
    {"Origin": "http://["},
    {"Origin": "http://localhost.elsewhere.example"},
    {"Origin": "http://127.0.0.1.elsewhere.example:80"},
    {"Origin": "file://127.0.0.1"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Purpose": "prefetch"},
    {"Sec-Purpose": "prefetch;prerender"},
    {"Purpose": "prefetch"},
)
HERE: tuple[dict[str, str], ...] = (
    {},
    {"Origin": "http://localhost:5173"},
    {"Origin": "https://127.0.0.1"},
    {"Origin": "http://[::1]:3000", "Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-origin"},
    {"Sec-Fetch-Site": "none"},
    {"Sec-Purpose": "", "Sec-Fetch-Mode": "cors"},
)


@pytest.mark.parametrize("headers", ELSEWHERE)
@pytest.mark.parametrize("path", ["/search", "/answer"])
@pytest.mark.usefixtures("nothing_started")
def test_from_elsewhere_no_run_starts(server: Server, path: str, headers: dict[str, str]) -> None:
    problem(server.get(f"{path}?q=anything", headers), 403, "not_from_here")


@pytest.mark.parametrize("headers", HERE)
@pytest.mark.parametrize("path", ["/search", "/answer"])
def test_from_here_a_run_starts(server: Server, path: str, headers: dict[str, str]) -> None:
    before = len(server.ended_runs())
    assert server.get(f"{path}?q=anything", headers).status_code == 200
    until(lambda: len(server.ended_runs()) == before + 1, "logged")


def test_the_page_of_its_own_address_may_ask(server: Server) -> None:
    host = "a.name:1"
    with httpx2.Client() as client:
        for origin, status in (("http://127.0.0.2:81", 200), ("http://127.0.0.2:82", 403)):
            headers = {"Host": "127.0.0.2:81", "Origin": origin}
            assert client.get(server.url + ASK, headers=headers).status_code == status, host


@pytest.mark.usefixtures("nothing_started")
def test_head_starts_no_run(server: Server) -> None:
    assert server.client.head(server.url + ASK).status_code == 403
    assert server.client.head(f"{server.url}/answer?q=anything").status_code == 403


@pytest.mark.parametrize("host", ["elsewhere.example:8000", "localhost.elsewhere.example"])
@pytest.mark.usefixtures("nothing_started")
def test_a_foreign_host_name_is_refused_with_its_mend(server: Server, host: str) -> None:
    for path in (ASK, "/", "/health", "/openapi.json", "/page/style.css"):
        message = problem(server.get(path, {"Host": host}), 421, "unknown_host")
        assert "CODEXITY_SERVER__ALLOWED_HOSTS" in message


@pytest.mark.parametrize(
    "host", ["localhost", "LOCALHOST:99", "localhost.", "[::1]:80", "192.168.1.7", "[fe80::1]"]
)
def test_a_known_host_name_or_an_address_is_served(server: Server, host: str) -> None:
    assert server.get("/health", {"Host": host}).json() == {"status": "ok"}


@pytest.mark.parametrize(
    ("headers", "allowed"),
    [
        ({"Origin": "http://localhost:5173"}, True),
        ({"Origin": "http://127.0.0.1"}, True),
        ({"Origin": "https://[::1]:8443"}, True),
        ({"Origin": "http://localhost:1", "Access-Control-Request-Method": "DELETE"}, True),
        ({"Origin": "http://localhost:1", "Access-Control-Request-Headers": "last-event-id"}, True),
        ({"Origin": "http://localhost:1", "Access-Control-Request-Headers": "x-other"}, False),
        ({"Origin": "http://localhost:1", "Access-Control-Request-Method": "PUT"}, False),
        (ASKING | {"Origin": "http://localhost:1"}, True),
        ({"Origin": "https://elsewhere.example"}, False),
        (ASKING | {"Origin": "https://elsewhere.example"}, False),
        ({"Origin": "http://localhost.elsewhere.example"}, False),
        ({"Origin": "null"}, False),
    ],
)
@pytest.mark.usefixtures("nothing_started")
def test_preflights(server: Server, headers: dict[str, str], *, allowed: bool) -> None:
    response = server.client.options(server.url + ASK, headers=PREFLIGHT | headers)
    if not allowed:
        problem(response, 400, "not_from_here")
        assert "access-control-allow-origin" not in response.headers
        return
    assert response.status_code == 200
    assert response.headers["access-control-allow-origin"] == headers["Origin"]
    assert {"GET", "POST", "DELETE"} <= set(
        response.headers["access-control-allow-methods"].split(", ")
    )
    assert "Last-Event-ID" in response.headers["access-control-allow-headers"]


def test_a_page_of_this_machine_may_read_the_answer(server: Server) -> None:
    allowed = server.get(ASK, {"Origin": "http://localhost:5173"})
    assert allowed.headers["access-control-allow-origin"] == "http://localhost:5173"
    assert "access-control-allow-origin" not in server.get(ASK).headers


def test_what_is_not_there_or_not_so_is_told_in_json(server: Server) -> None:
    problem(server.get("/nowhere"), 404, "not_found")
    problem(server.get("/page/nowhere.js"), 404, "not_found")
    problem(server.get("/page/../../settings/load.py"), 404, "not_found")
    problem(server.get("/page/%2e%2e/app.py"), 404, "not_found")
    problem(server.get("/library/starter/nowhere"), 404, "not_found")
    problem(server.get("/library/none/%FF"), 404, "not_found")
    problem(server.get(f"/runs/{'0' * 32}"), 404, "not_found")
    for path in (ASK, "/answer?q=x", "/health", "/"):
        posted = server.client.post(server.url + path)
        problem(posted, 405, "method_not_allowed")
        assert "GET" in posted.headers["allow"]
    assert server.get("/library/starter/topic-with").status_code == 200
    assert server.get("/page/style.css").status_code == 200


def test_what_breaks_is_told_in_json_and_logged(tmp_path: Path) -> None:
    with serving(installed(tmp_path), SEARCH__STARTER=False) as server:
        assert server.get(f"/runs/{'0' * 32}").status_code == 404
        for kept in (tmp_path / "data").glob("runs.sqlite3*"):
            kept.write_bytes(b"no database " * 1_000)
        broken = server.get(f"/runs/{'0' * 32}")
        assert broken.status_code >= 500
        told = broken.json()
        assert told.keys() == {"code", "message", "retryable"}
        assert str(tmp_path) not in broken.text
        assert "Traceback" not in broken.text
        until(lambda: any(line["level"] == "error" for line in server.log()), "logged")
        assert server.get("/health").status_code == 200


def test_crawlers_are_kept_away(server: Server) -> None:
    robots = server.get("/robots.txt")
    assert robots.text == "User-agent: *\nDisallow: /\n"
    assert robots.headers["content-type"].startswith("text/plain")


def test_every_answer_carries_the_security_headers(server: Server) -> None:
    for path in ("/", "/health", "/nowhere", "/search?q=", "/page/style.css", ASK):
        headers = server.get(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]


def test_the_interface_describes_itself(server: Server) -> None:
    described = server.get("/openapi.json").json()
    assert described["openapi"].startswith("3.")
    assert {"/search", "/runs/{run}", "/health", "/library/{collection}/{document}"} <= set(
        described["paths"]
    )
    search = described["paths"]["/search"]["get"]
    for event in (
        *("status", "skipped", "sources_preview", "page", "sources", "token", "error", "done"),
        *("heartbeat", "rewriting_query", "scraping_done", "Last-Event-ID"),
    ):
        assert event in search["description"]
    assert {parameter["name"] for parameter in search["parameters"]} == {
        *("q", "site", "exclude_site", "after", "before", "language"),
        *("collection", "provider", "max_sources"),
        *("resume", "Last-Event-ID", "last_event_id"),
    }
    assert set(search["responses"]) >= {"200", "204", "401", "403", "421", "422", "429", "503"}
    for path, methods in (
        ("/runs", {"post"}),
        ("/runs/{run}", {"get", "delete"}),
        ("/runs/{run}/events", {"get"}),
        ("/runs/{run}/stop", {"post"}),
        ("/runs/{run}/finish", {"post"}),
        ("/threads", {"get"}),
        ("/threads/{thread}", {"get", "delete"}),
        ("/ready", {"get"}),
    ):
        assert set(described["paths"][path]) == methods
    posted = described["paths"]["/runs"]["post"]["requestBody"]["content"]["application/json"]
    assert set(posted["schema"]["properties"]) == {
        *("question", "thread", "on_leave", "resume_seconds"),
        *("site", "exclude_site", "after", "before", "language"),
        *("collection", "provider", "max_sources"),
    }
    for path in ("/docs", "/redoc"):
        problem(server.get(path), 404, "not_found")


def test_every_reference_of_the_description_leads_somewhere(server: Server) -> None:
    text = server.get("/openapi.json").text
    references = set(re.findall(r'"\$ref":"#/([^"]+)"', text))
    assert references
    for reference in references:
        found = json.loads(text)
        for part in reference.split("/"):
            found = found[part]
