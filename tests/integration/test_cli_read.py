"""`codexity read`: what is read of a page, or why not."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from servers.local import Asked, LocalServer, Reply
from serving import installed, run

HTML = "text/html; charset=utf-8"
WORDS = "A context manager is entered by the with statement, and left whatever happens inside it."
PAGE = f"""<!doctype html><html lang="en"><head><title>On with</title>
<meta property="article:published_time" content="2024-05-06"></head>
<body><nav><a href="/">Home</a></nav><article><h1>On with</h1>
<p>{WORDS}</p><p>{WORDS}</p></article></body></html>"""


@pytest.fixture(scope="module")
def site() -> Iterator[LocalServer]:
    def answer(asked: Asked) -> Reply:
        match asked.path:
            case "/page":
                return Reply(pieces=(PAGE.encode(),), media_type=HTML)
            case "/binary":
                return Reply(pieces=(bytes(range(256)) * 9,), media_type="application/zip")
            case _:
                return Reply(status=404, pieces=(b"<h1>No</h1>",), media_type=HTML)

    with LocalServer(answer) as server:
        yield server


def read(folder: Path, site: LocalServer, *arguments: str, given: str = "") -> Any:
    return run(
        folder, "read", *arguments,
        given=given,
        FETCH__ALLOW_HOSTS=[site.url.removeprefix("http://")],
    )  # fmt: skip


def objects(stdout: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stdout.splitlines()]


@pytest.mark.parametrize("how", ["arguments", "standard input", "both"])
def test_each_address_has_its_object_in_order(home: Path, site: LocalServer, how: str) -> None:
    refused = "http://127.0.0.1:9/"
    urls = [
        f"{site.url}/binary",
        f"{site.url}/page",
        refused,
        f"{site.url}/missing",
        "/library/starter/topic-with",
        "http://127.0.0.1:8000/library/starter/topic-with",
        "/library/starter/nowhere",
        "nonsense",
        f"{site.url}/page",
    ]
    lines = "".join(f"  {url}\n\n" for url in urls)
    arguments, given = {
        "arguments": (urls, ""),
        "standard input": (["-"], lines.rstrip("\n")),
        "both": ([urls[0], "-", urls[-1]], "\n".join(urls[1:-1])),
    }[how]
    done = read(home, site, "--json", *arguments, given=given)
    assert done.returncode == 0, done.stderr
    told = objects(done.stdout)
    assert [one["url"] for one in told] == [
        *urls[:5],
        "/library/starter/topic-with",
        *urls[6:],
    ]
    codes = [one.get("skipped", {}).get("code") for one in told]
    assert codes == [
        *("type", None, "not_public", "http_status", None, None),
        *("http_status", "not_public", None),
    ]
    for one in told:
        if "skipped" in one:
            assert one.keys() == {"url", "skipped"}
            assert one["skipped"].keys() == {"why", "code"}
            assert one["skipped"]["why"].endswith(".")
        else:
            dates = {"published", "published_from", "modified", "modified_from"}
            assert one.keys() == {"url", "title", "text", "site", "language", "via"} | dates
            assert len(one["text"]) > 80
    page, document = told[1], told[4]
    assert (page["title"], page["via"]) == ("On with", "http")
    assert (page["published"], page["published_from"]) == ("2024-05-06", "meta")
    assert WORDS in page["text"]
    assert page["text"] == told[-1]["text"]
    assert document["via"] == "library"
    assert document == told[5]


def test_when_nothing_could_be_read_it_has_failed(tmp_path: Path, site: LocalServer) -> None:
    folder = installed(tmp_path)
    failed = read(folder, site, "--json", f"{site.url}/missing", f"{site.url}/binary")
    assert failed.returncode == 1
    assert [one["skipped"]["code"] for one in objects(failed.stdout)] == ["http_status", "type"]
    control = read(folder, site, "--json", f"{site.url}/missing", f"{site.url}/page")
    assert control.returncode == 0


def test_people_are_shown_text(tmp_path: Path, site: LocalServer) -> None:
    shown = read(installed(tmp_path), site, f"{site.url}/page", f"{site.url}/binary")
    assert shown.returncode == 0
    page, _, binary = shown.stdout.partition(f"{site.url}/binary\n")
    host = site.url.removeprefix("http://")
    assert page.startswith(f"On with\n{site.url}/page ({host}, 2024-05-06, http)\n\n")
    assert WORDS in page
    assert binary.startswith("  not read: ")
    assert "zip" in binary


def test_many_addresses_keep_their_order(home: Path, site: LocalServer) -> None:
    urls = [f"{site.url}/{'missing' if n % 9 else 'page'}?n={n}" for n in range(20)]
    done = read(home, site, "--json", "-", given="\n".join(urls))
    assert [one["url"] for one in objects(done.stdout)] == urls


def test_a_file_of_this_machine_is_told_to_be_one_and_what_reads_it(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text(PAGE)
    told = run(tmp_path, "read", str(page), f"file://{page}", "ftp://127.0.0.1/page.html")
    assert told.returncode == 1
    file, by_address, other = told.stdout.rstrip().split("\n\n")
    assert "codexity library add" in file
    assert "codexity library add" in by_address
    assert "addresses are read." in other
    assert "library" not in other, "the control"
