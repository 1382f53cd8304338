"""Library addresses: with the server's for people, relative to its root for programs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from codexity.edges.cli.address import server_address
from serving import WITH, run

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
