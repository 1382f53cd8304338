"""`codexity library`, from the first document to the last, as a person would."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import pdfs
from serving import installed, run

RECIPE = """# Quince jelly

Quinces are washed, cut and boiled with their skin until they are soft.

The strained juice is boiled with the same weight of sugar until it sets, about forty minutes.
"""


@pytest.fixture
def kitchen(tmp_path: Path) -> Path:
    folder = tmp_path / "notes" / "kitchen"
    folder.mkdir(parents=True)
    (folder / "quince.md").write_text(RECIPE)
    (folder / "bread.txt").write_text("Bread rises over night in a cool place.\n")
    (folder / "bad.txt").write_bytes(bytes(range(256)) * 4)
    (folder / "photo.jpg").write_bytes(b"\xff\xd8")
    return folder


def test_documents_are_added_found_cited_and_removed(tmp_path: Path, kitchen: Path) -> None:
    home = installed(tmp_path / "home")
    off: dict[str, Any] = {"SEARCH__STARTER": False}
    empty = run(home, "library", "list", **off)
    assert (empty.returncode, empty.stdout) == (0, "")
    assert "codexity library add PATH" in empty.stderr

    added = run(home, "library", "add", str(kitchen), "--collection", "cooking", **off)
    assert added.returncode == 0
    assert added.stdout.startswith("cooking: 2 added, 0 unchanged, 0 removed, 1 skipped, 1 of")
    assert f"skipped {kitchen / 'bad.txt'}: " in added.stderr
    again = run(home, "library", "add", str(kitchen), "-c", "cooking", **off)
    assert again.stdout.startswith("cooking: 0 added, 2 unchanged, 0 removed")

    listed = run(home, "library", "list", **off)
    assert listed.stdout.startswith("cooking: 2 documents, ")
    assert str(kitchen) in listed.stdout
    [collection] = json.loads(run(home, "library", "list", "--json", **off).stdout)
    assert (collection["name"], collection["documents"]) == ("cooking", 2)

    found = run(home, "library", "search", "boiled sugar", "--json", **off)
    assert found.returncode == 0
    hit = json.loads(found.stdout)[0]
    assert hit["title"] == "Quince jelly"
    assert hit["url"].startswith("/library/cooking/")

    asked = run(home, "ask", "--json", "how long is quince juice boiled with sugar", **off)
    assert asked.returncode == 0, asked.stderr
    answer = json.loads(asked.stdout)
    assert "forty minutes" in answer["answer"]
    assert "starter collection" not in answer["answer"]
    assert [source["url"] for source in answer["sources"]] == [hit["url"]]
    read = run(home, "read", hit["url"], "--json", **off)
    assert answer["sources"][0]["quote"] in json.loads(read.stdout)["text"]

    removed = run(home, "library", "remove", "cooking", **off)
    assert removed.returncode == 0
    assert removed.stdout.startswith("cooking: 2 documents removed")
    assert (kitchen / "quince.md").read_text() == RECIPE
    assert run(home, "ask", "boiled sugar", **off).returncode == 3


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (("add", "nowhere"), 2, "nowhere"),
        (("add", ".", "--collection", "starter"), 2, "starter"),
        (("add", ".", "--collection", "no/such"), 2, "letters (a-z)"),
        (("remove", "nothing"), 1, "nothing"),
        (("search", "x", "--limit", "0"), 2, "--limit"),
    ],
)
def test_what_cannot_be_done_is_told(
    tmp_path: Path, arguments: tuple[str, ...], code: int, says: str
) -> None:
    done = run(installed(tmp_path), "library", *arguments, SEARCH__STARTER=False)
    assert (done.returncode, done.stdout) == (code, "")
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def test_a_search_shows_where_in_a_document_it_found(tmp_path: Path) -> None:
    home, folder = installed(tmp_path / "home"), tmp_path / "papers"
    folder.mkdir()
    filler = ["Of the crane and its rope much is said."] * 12
    (folder / "lease.pdf").write_bytes(pdfs.pdf([filler, [*filler, "The heron has no key."]]))
    off: dict[str, Any] = {"SEARCH__STARTER": False}
    assert run(home, "library", "add", str(folder), "-c", "papers", **off).returncode == 0
    [hit] = json.loads(run(home, "library", "search", "heron key", "--json", **off).stdout)
    assert (hit["page"], hit["headings"]) == (2, [])
    assert "The heron has no key." in hit["snippet"]
    text = json.loads(run(home, "read", hit["url"], "--json", **off).stdout)["text"]
    assert text[hit["at"] :].startswith("heron")
    shown = run(home, "library", "search", "heron key", **off).stdout.splitlines()
    assert shown[1].strip() == "page 2"
    assert shown[2].endswith(f"{hit['url']}#page=2")
    assert "The heron has no key." in shown[3]
    first = run(home, "library", "search", "crane", **off).stdout.splitlines()
    assert first[1].strip() == "page 1", "the control"
