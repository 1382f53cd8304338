"""The documents of a collection listed: on the command line and over HTTP."""

from __future__ import annotations

import json
import os
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

from serving import Server, installed, problem, run, serving

OLD = 1_600_000_000  # 13 September 2020
OFF: dict[str, Any] = {"SEARCH__STARTER": False}
WRITTEN = {
    "front.md": (
        "---\ndate: 2022-03-07\n---\n# Anchors\n\nThey are kept dry.\n",
        "2022-03-07",
        "meta",
    ),
    "line.txt": ("Ulm, 8 March 2022\n\nThe bell is rung twice.\n", "2022-03-08", "text"),
    "2022-03-09-chain.md": ("# Chain\n\nIt is oiled.\n", "2022-03-09", "name"),
    "old.md": ("# Deck\n\nIt is scrubbed.\n", "2020-09-13", "file"),
    "new.md": ("# Engine\n\nIt is started.\n", None, None),
}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = installed(tmp_path_factory.mktemp("home"))
    folder = home / "boat"
    folder.mkdir()
    for name, (text, _, _) in WRITTEN.items():
        (folder / name).write_text(text)
        if name != "new.md":
            os.utime(folder / name, (OLD, OLD))
    assert run(home, "library", "add", str(folder), "-c", "boat", **OFF).returncode == 0
    return home


def test_a_collection_lists_its_documents(home: Path) -> None:
    listed = json.loads(run(home, "library", "list", "boat", "--json", **OFF).stdout)
    dates = {Path(one["path"]).name: (one["published"], one["published_from"]) for one in listed}
    assert dates == {name: (day, origin) for name, (_, day, origin) in WRITTEN.items()}
    assert [one["title"] for one in listed] == sorted(one["title"] for one in listed)
    [deck] = [one for one in listed if one["title"] == "Deck"]
    text = json.loads(run(home, "read", deck["url"], "--json", **OFF).stdout)["text"]
    assert (deck["characters"], deck["passages"]) == (len(text), 1)
    assert deck["size"] == len(WRITTEN["old.md"][0])


def test_a_person_sees_where_a_document_is_and_of_when(home: Path) -> None:
    lines = run(home, "library", "list", "boat", **OFF).stdout.splitlines()
    at = lines.index("Deck")
    assert lines[at + 1] == f"    {home / 'boat' / 'old.md'}"
    assert lines[at + 2].startswith("    2020-09-13 (the last change of its file); 1 passage, ")
    assert lines[lines.index("Engine") + 2].startswith("    no date; 1 passage, ")


@pytest.mark.parametrize("name", ["boats", "Boat", "no/such", ""])
def test_a_collection_that_is_not_there_is_named(home: Path, name: str) -> None:
    done = run(home, "library", "list", name, **OFF)
    assert (done.returncode, done.stdout) == (2, "")
    assert "There are: boat." in done.stderr


@pytest.fixture(scope="module")
def server(home: Path) -> Generator[Server]:
    with serving(home, **OFF) as server:
        yield server


def test_a_collection_is_listed_over_http_a_page_at_a_time(home: Path, server: Server) -> None:
    path, seen, pages = "/library/boat?limit=2", list[dict[str, Any]](), 0
    while path:
        answer = server.get(path)
        assert answer.status_code == 200
        assert answer.json()["collection"] == "boat"
        seen += answer.json()["documents"]
        pages += 1
        path = answer.links["next"]["url"] if "next" in answer.links else ""
    assert pages == 3
    whole = server.get("/library/boat")
    assert (whole.json()["documents"], whole.links) == (seen, {})
    assert {one["file"]: one["published"] for one in seen} == {
        name: day for name, (_, day, _) in WRITTEN.items()
    }
    assert str(home) not in whole.text, "where files are on the server is not told"
    assert server.get(seen[0]["url"]).status_code == 200


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/library/nothing", 404, "not_found"),
        ("/library/boat?after=nothing", 422, "bad_question"),
        ("/library/boat?limit=0", 422, "bad_question"),
        ("/library/boat?page=2", 422, "bad_question"),
    ],
)
def test_a_list_that_cannot_be_given_is_refused(
    server: Server, path: str, status: int, code: str
) -> None:
    assert problem(server.get(path), status, code)
