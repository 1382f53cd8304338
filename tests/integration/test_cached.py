"""`codexity read` and `codexity serve` fetch a page once, and search once, where that is enough."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from servers.local import Asked, LocalServer, Reply
from servers.searxng import Row, SearxngServer
from serving import installed, run, serving

WORDS = "The flombit is a small green lamp that was first built in the town of Arlen."
PAGE = f"<!doctype html><title>Flombit</title><article><p>{WORDS}</p><p>{WORDS}</p></article>"
QUESTION = "what is the flombit"


class Site(LocalServer):
    """A site with one page; `control` is its Cache-Control."""

    control = "max-age=600"

    def usual(self, asked: Asked) -> Reply:
        if asked.path == "/robots.txt":
            return Reply(status=404)
        headers = (("Cache-Control", self.control), ("ETag", '"1"'))
        if asked.headers.get("if-none-match") == '"1"':
            return Reply(status=304, headers=headers)
        return Reply(pieces=(PAGE.encode(),), media_type="text/html", headers=headers)

    @property
    def pages(self) -> list[Asked]:
        return [one for one in self.asked if one.path == "/page"]


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as server:
        yield server


def read(folder: Path, site: Site, **settings: Any) -> dict[str, Any]:
    allowed = [site.url.removeprefix("http://")]
    done = run(folder, "read", "--json", f"{site.url}/page", FETCH__ALLOW_HOSTS=allowed, **settings)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_a_page_is_read_again_from_the_cache(tmp_path: Path, site: Site) -> None:
    folder = installed(tmp_path)
    first, second = read(folder, site), read(folder, site)
    assert (first["via"], second["via"]) == ("http", "cache")
    assert first["text"] == second["text"]
    assert len(site.pages) == 1
    # The controls: without a cache, and where the site wants to be asked.
    assert read(folder, site, FETCH__CACHE=False)["via"] == "http"
    assert len(site.pages) == 2
    site.control = "no-cache"
    (folder / "data" / "pages.sqlite3").unlink()
    assert [read(folder, site)["via"] for _ in range(2)] == ["http", "cache"]
    assert [one.headers.get("if-none-match") for one in site.pages[2:]] == [None, '"1"']


def test_a_spoiled_cache_is_told_and_fails_nothing(tmp_path: Path, site: Site) -> None:
    folder = installed(tmp_path)
    (folder / "data").mkdir()
    (folder / "data" / "pages.sqlite3").write_bytes(b"no database " * 1_000)
    allowed = [site.url.removeprefix("http://")]
    done = run(folder, "read", "--json", f"{site.url}/page", FETCH__ALLOW_HOSTS=allowed)
    assert json.loads(done.stdout)["via"] == "http"
    [told] = [json.loads(line) for line in done.stderr.splitlines()]
    assert (told["event"], told["level"]) == ("pages are not kept", "warning")
    assert "not a database" in told["detail"]


@pytest.mark.parametrize("kept", [True, False])
def test_a_question_asked_twice(tmp_path: Path, site: Site, kept: bool) -> None:
    rows: tuple[Row, ...] = (("Flombit", f"{site.url}/page", WORDS),)
    with (
        SearxngServer(lambda _: rows) as engine,
        serving(
            installed(tmp_path),
            SEARCH__PROVIDERS=["searxng"],
            SEARCH__STARTER=False,
            SEARCH__CACHE_SECONDS=300 if kept else 0,
            SEARXNG__URL=engine.url,
            FETCH__ALLOW_HOSTS=[site.url.removeprefix("http://")],
            FETCH__CACHE=kept,
        ) as server,
    ):
        first = server.ask(QUESTION)
        searches = len(engine.asked)
        second = server.ask(QUESTION)
    assert (first.status, second.status) == ("completed", "completed")
    assert first.text == second.text
    vias = [[page["via"] for page in heard.named("page")] for heard in (first, second)]
    assert vias == [["http"], ["cache" if kept else "http"]]
    assert len(site.pages) == (1 if kept else 2)
    assert len(engine.asked) == (searches if kept else 2 * searches)
