"""Library addresses: with the server's for people, relative to its root for programs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from clients.programs import nowhere
from codexity.edges.cli.address import server_address
from servers.local import LocalServer, Reply
from servers.searxng import SearxngServer
from serving import WITH, installed, run, serving

HERE = "http://127.0.0.1:9123"


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", "http://127.0.0.1:8000"),
        ("localhost", "http://localhost:8000"),
        ("0.0.0.0", "http://127.0.0.1:8000"),
        ("::", "http://[::1]:8000"),
        ("::1", "http://[::1]:8000"),
    ],
)
def test_an_address_can_be_opened_on_this_machine(host: str, address: str) -> None:
    assert server_address(host, 8000) == address


def test_an_answer_names_them_for_people_and_for_programs(home: Path) -> None:
    told = run(home, "ask", WITH, SERVER__PORT=9123).stdout
    given = json.loads(run(home, "ask", "--json", WITH, SERVER__PORT=9123).stdout)
    urls = [source["url"] for source in given["sources"]]
    assert all(url.startswith("/library/starter/") for url in urls)
    listed = [line.strip() for line in told.splitlines() if "/library/" in line]
    assert listed == [HERE + url for url in urls] != []
    for address in (listed[0], urls[0]):
        read = run(home, "read", address, SERVER__PORT=9123)
        assert read.returncode == 0
        assert f"{listed[0]} (" in read.stdout
    elsewhere = run(home, "read", listed[0], SERVER__PORT=9124)
    assert elsewhere.returncode == 1, "another server's document is not ours"
    assert f"{listed[0]}\n  not read: " in elsewhere.stdout


def test_the_library_search_names_them_so_too(home: Path) -> None:
    (home / "bread.md").write_text("# Bread\n\nKnead the dough for ten minutes.")
    assert run(home, "library", "add", "bread.md").returncode == 0
    (hit,) = json.loads(run(home, "library", "search", "dough", "--json").stdout)
    assert hit["url"].startswith("/library/documents/")
    told = run(home, "library", "search", "dough", SERVER__PORT=9123).stdout
    assert f"\n    {HERE}{hit['url']}\n" in told
    unknown = run(home, "library", "search", "dough", SERVER__PORT=0).stdout
    assert f"\n    {hit['url']}\n" in unknown, "nobody knows the port of a server to come"


# --- whether they open ----------------------------------------------------------------

NOTE = "open while the server runs: codexity serve"
KEY = "a-long-key-of-somebody-s"


def port_of(url: str) -> int:
    port = urlsplit(url).port
    assert port is not None
    return port


def test_without_a_server_an_answer_says_once_that_its_links_want_one(home: Path) -> None:
    with nowhere() as address:
        port = port_of(address)
        asked = run(home, "ask", WITH, SERVER__PORT=port)
        as_json = run(home, "ask", "--json", WITH, SERVER__PORT=port)
    assert asked.stderr.count(NOTE) == 1
    assert f"Links to {address} " in asked.stderr
    assert NOTE not in asked.stdout + as_json.stderr
    free = run(home, "ask", WITH, SERVER__PORT=0).stderr
    assert "Addresses that begin with /library/ open while `codexity serve` runs" in free


@pytest.mark.parametrize("keys", [{}, {"SERVER__API_KEYS": {"alice": KEY}}], ids=["open", "keyed"])
def test_with_a_server_every_link_opens_and_nothing_is_said(
    home: Path, keys: dict[str, object]
) -> None:
    with serving(home, **keys) as server:
        asked = run(home, "ask", WITH, SERVER__PORT=port_of(server.url))
        links = [one.strip() for one in asked.stdout.splitlines() if "/library/" in one]
        assert links
        for link in links:
            assert link.startswith(server.url)
            auth = ("alice", KEY) if keys else None
            assert server.client.get(link, auth=auth).status_code == 200
    assert NOTE not in asked.stderr


def test_a_server_that_has_not_these_documents_is_none(home: Path, tmp_path: Path) -> None:
    nothing = Reply(status=404)
    with serving(installed(tmp_path / "other"), SEARCH__STARTER=False) as other:
        assert NOTE in run(home, "ask", WITH, SERVER__PORT=port_of(other.url)).stderr
    with LocalServer(lambda _: nothing) as stranger:
        assert NOTE in run(home, "ask", WITH, SERVER__PORT=port_of(stranger.url)).stderr


def test_pages_of_the_web_want_no_server(home: Path) -> None:
    words = "A kestrel is a small falcon that hovers against the wind while it looks for mice. "
    page = f"<title>Kestrels</title><article><p>{words * 5}</p></article>"
    html = Reply(media_type="text/html", pieces=(page.encode(),))
    with (
        LocalServer(lambda _: html) as site,
        SearxngServer(lambda _: (("Kestrels", f"{site.url}/kestrels", ""),)) as engine,
    ):
        settings: dict[str, Any] = {
            "SEARCH__PROVIDERS": ["searxng"],
            "SEARXNG__URL": engine.url,
            "FETCH__ALLOW_HOSTS": ["127.0.0.1"],
        }
        asked = run(home, "ask", "What is a kestrel?", **settings)
    assert f"{site.url}/kestrels" in asked.stdout
    assert NOTE not in asked.stderr


def test_the_library_search_says_so_too(home: Path) -> None:
    (home / "bread.md").write_text("# Bread\n\nKnead the dough for ten minutes.")
    assert run(home, "library", "add", "bread.md").returncode == 0
    with nowhere() as address:
        port = port_of(address)
        assert run(home, "library", "search", "dough", SERVER__PORT=port).stderr.count(NOTE) == 1
        assert NOTE not in run(home, "library", "search", "--json", "dough").stderr
        assert NOTE not in run(home, "library", "search", "nothing", SERVER__PORT=port).stderr
