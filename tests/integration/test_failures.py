"""Whatever fails around a run: each failure is told with its code, and the run ends in time."""

from __future__ import annotations

import gzip
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from servers.local import Asked, LocalServer, Reply
from servers.searxng import SearxngServer
from serving import Heard, Server, installed, run, serving

HTML = "text/html; charset=utf-8"
MEGABYTE = 1_000_000
WORDS = (
    b"A quince is the fruit of a small tree that grows in the south of Europe and in Asia. "
    b"When it is cooked for a long time, this fruit turns red, and it smells of roses."
)
PAGE = b"<!doctype html><title>Quince</title><article><p>" + WORDS + b"</p></article>"
QUESTION = "which fruit turns red when it is cooked"
READ_SECONDS, SEARCH_SECONDS = 8, 4

PAGES: dict[str, tuple[Reply, str]] = {
    "/hanging": (Reply(hold=True), "timeout"),
    "/large": (Reply(pieces=(PAGE, b"x" * (10 * MEGABYTE)), media_type=HTML), "too_large"),
    "/bomb": (
        Reply(
            pieces=(gzip.compress(bytes(50 * MEGABYTE), 1),),
            media_type=HTML,
            headers=(("Content-Encoding", "gzip"),),
        ),
        "too_large",
    ),
    "/binary": (Reply(pieces=(bytes(range(256)),), media_type="application/zip"), "type"),
    "/called-html": (Reply(pieces=(bytes(range(256)) * 40,), media_type=HTML), "bad_content"),
    "/missing": (Reply(status=404, pieces=(PAGE,), media_type=HTML), "http_status"),
    "/cut": (Reply(pieces=(PAGE,), media_type=HTML, cut_at=60), "unreachable"),
    "/script": (Reply(pieces=(b"<div id=app></div>",), media_type=HTML), "empty"),
}
SEARCHES: dict[str, tuple[Reply, str]] = {
    "429": (Reply(status=429), "quota"),
    "403": (Reply(status=403, media_type="text/html", pieces=(b"<h1>No</h1>",)), "blocked"),
    "500": (Reply(status=500), "bad_reply"),
    "HTML": (Reply(media_type="text/html", pieces=(b"<!doctype html><h1>Hi</h1>",)), "bad_reply"),
    "a broken connection": (Reply(pieces=(b"{" * 99,), cut_at=9), "unreachable"),
    "silence": (Reply(hold=True), "timeout"),
}


@dataclass(slots=True, kw_only=True)
class Web:
    """A site whose pages fail, each in its way, and the search engine that finds them."""

    site: LocalServer
    elsewhere: LocalServer
    search: SearxngServer

    def find(self, *paths: str) -> None:
        """From now on these are the results."""
        rows = [(path, f"{self.site.url}{path}", "") for path in paths]
        self.search.answer = self.search.usual
        self.search.find = lambda _: rows

    def settings(self) -> dict[str, Any]:
        return {
            "SEARCH__PROVIDERS": ["searxng"],
            "SEARCH__CACHE_SECONDS": 0,  # one question, whose search fails each time in another way
            "SEARXNG__URL": self.search.url,
            "SEARCH__STARTER": False,
            "FETCH__ALLOW_HOSTS": [self.site.url.removeprefix("http://")],
            "LIMITS__READ_SECONDS": READ_SECONDS,
            "LIMITS__SEARCH_SECONDS": SEARCH_SECONDS,
            "LIMITS__MAX_PAGES": 20,
            "LIMITS__MAX_HITS_PER_SITE": 20,
        }


@pytest.fixture(scope="module")
def web() -> Iterator[Web]:
    def answer(asked: Asked) -> Reply:
        if asked.path == "/away":
            return Reply(status=302, headers=(("Location", f"{elsewhere.url}/inner"),))
        good = Reply(pieces=(PAGE,), media_type=HTML)
        return PAGES.get(asked.path, (good, ""))[0]

    with (
        LocalServer(lambda _: Reply(pieces=(PAGE,), media_type=HTML)) as elsewhere,
        LocalServer(answer) as site,
        SearxngServer(lambda _: ()) as search,
    ):
        yield Web(site=site, elsewhere=elsewhere, search=search)


@pytest.fixture(scope="module")
def failing(web: Web, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = installed(tmp_path_factory.mktemp("failing"))
    with serving(folder, **web.settings()) as server:
        yield server


def skipped(told: Heard, stage: str) -> dict[str, str]:
    """What was skipped of this stage, and with what code; each has its reason in plain words."""
    found = [one for one in told.named("skipped") if one["stage"] == stage]
    for one in found:
        assert one.keys() == {"stage", "what", "why", "code"}
        assert one["why"].endswith(".")
        assert not any(word in one["why"] for word in ("Error", "Traceback", "127.0.0.1", "{"))
    return {one["what"]: one["code"] for one in found}


def test_each_page_that_fails_is_skipped_by_its_code_and_the_rest_answers(
    failing: Server, web: Web
) -> None:
    web.find(*PAGES, "/away", "/good")
    start = time.monotonic()
    told = failing.ask(QUESTION)
    assert time.monotonic() - start < READ_SECONDS + SEARCH_SECONDS + 10
    expected = {f"{web.site.url}{path}": code for path, (_, code) in PAGES.items()}
    assert skipped(told, "read") == expected | {f"{web.site.url}/away": "not_public"}
    assert not web.elsewhere.asked
    assert skipped(told, "search") == {}
    assert told.status == "completed"
    assert "turns red" in told.text
    assert [source["url"] for source in told.sources] == [f"{web.site.url}/good"]
    [done] = [one for one in told.named("status") if one["step"] == "scraping_done"]
    assert (done["scraped"], done["total"]) == (1, len(PAGES) + 2)


@pytest.mark.parametrize("name", SEARCHES)
def test_a_search_that_fails_is_skipped_by_its_code(failing: Server, web: Web, name: str) -> None:
    reply, code = SEARCHES[name]
    web.search.answer = lambda _: reply
    start = time.monotonic()
    told = failing.ask(QUESTION)
    assert time.monotonic() - start < SEARCH_SECONDS + 10
    assert skipped(told, "search") == {"searxng": code}
    assert told.status == "no_evidence"
    [error] = told.named("error")
    assert error["code"] == "no_results"
    [tried] = error["tried"]
    assert (tried["what"], tried["said"]) == ("searxng", told.named("skipped")[0]["why"])
    web.find("/good")
    control = failing.ask(QUESTION)
    assert (control.status, skipped(control, "search")) == ("completed", {})


def test_a_search_that_finds_nothing_is_no_block(failing: Server, web: Web) -> None:
    web.find()
    told = failing.ask(QUESTION)
    assert skipped(told, "search") == {"searxng": "no_results"}
    assert told.status == "no_evidence"


def test_a_slow_page_is_left_behind_at_the_end_of_gathering(tmp_path: Path, web: Web) -> None:
    web.find("/hanging", "/good")
    patient = web.settings() | {"LIMITS__GATHER_SECONDS": 5, "LIMITS__READ_SECONDS": 30}
    with serving(installed(tmp_path), **patient) as server:
        told = server.ask(QUESTION)
    assert skipped(told, "read") == {f"{web.site.url}/hanging": "left_behind"}
    assert told.status == "completed"


def test_when_all_fail_there_is_no_evidence(tmp_path: Path, web: Web) -> None:
    web.find(*PAGES, "/away")
    half = web.search.usual

    def once(asked: Asked) -> Reply:
        # The question finds the pages; its keyword form finds the search engine closed.
        return half(asked) if asked.query["q"] == [QUESTION] else Reply(status=429)

    web.search.answer = once
    start = time.monotonic()
    asked = run(installed(tmp_path), "ask", "--json", QUESTION, **web.settings())
    assert time.monotonic() - start < READ_SECONDS + SEARCH_SECONDS + 10
    assert asked.returncode == 3, asked.stderr
    answer = json.loads(asked.stdout)
    assert (answer["status"], answer["answer"], answer["sources"]) == ("no_evidence", "", [])
    assert answer["error"]["code"] == "no_pages"
    assert answer["error"]["message"] == "Failed to scrape any pages"
    assert {tried["what"] for tried in answer["error"]["tried"]} == {"searxng"}
    codes = sorted(one["code"] for one in answer["skipped"])
    assert codes == sorted([*(code for _, code in PAGES.values()), "not_public", "quota"])


def test_a_provider_that_fails_does_not_stop_the_others(web: Web, tmp_path: Path) -> None:
    web.search.answer = lambda _: SEARCHES["429"][0]
    notes = tmp_path / "quince.md"
    notes.write_text("# Quince\n\n" + WORDS.decode() + "\n")
    folder = installed(tmp_path / "home")
    given: dict[str, Any] = web.settings() | {"SEARCH__PROVIDERS": ["searxng", "library"]}
    assert run(folder, "library", "add", str(notes), **given).returncode == 0
    asked = run(folder, "ask", "--json", QUESTION, **given)
    assert asked.returncode == 0
    answer = json.loads(asked.stdout)
    assert [(one["what"], one["code"]) for one in answer["skipped"]] == [("searxng", "quota")]
    assert "turns red" in answer["answer"]
