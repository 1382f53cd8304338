"""A store of runs that cannot be used: what people and the operator are told, and that it mends."""

from __future__ import annotations

import resource
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from codexity.adapters.library import database
from codexity.adapters.sqlite.schema import Schema
from codexity.adapters.store import tables
from serving import Server, installed, run, serving, until

_RUN = "0" * 32


def newer(schema: Schema) -> str:
    return f"a newer Codexity (schema 99; this one knows {schema.version})"


def test_a_store_that_fails_is_a_503_that_says_what_to_look_at(tmp_path: Path) -> None:
    with serving(installed(tmp_path), SEARCH__STARTER=False) as server:
        unknown = server.get(f"/runs/{_RUN}")
        assert unknown.status_code == 404
        assert "retry-after" not in unknown.headers
        _spoil(tmp_path / "data")
        for path in (f"/runs/{_RUN}", f"/runs/{_RUN}/events", "/threads", f"/threads/{_RUN}"):
            broken = server.get(path)
            assert broken.status_code == 503, path
            assert broken.headers["content-type"] == "application/json"
            assert int(broken.headers["retry-after"]) >= 1
            assert broken.json() == {
                "code": "unavailable",
                "message": (
                    "The store of runs is damaged, or not a database: `codexity doctor` says what"
                    " can be done."
                ),
                "retryable": True,
            }
        until(lambda: _told(server, str(tmp_path / "data")), "the file named in the log")
        assert server.get("/health").status_code == 200


def test_a_run_is_answered_without_its_store_and_kept_again_once_it_is_mended(
    tmp_path: Path,
) -> None:
    with serving(installed(tmp_path), SEARCH__STARTER=False) as server:
        assert server.get("/threads").status_code == 200
        _spoil(tmp_path / "data")
        assert server.ask("what is kept?").status == "no_evidence"
        for kept in (tmp_path / "data").glob("runs.sqlite3*"):
            kept.unlink()
        told = server.ask("and what is kept now?")
        until(lambda: told.run in _threads(server), "kept")


def test_answers_are_given_while_the_disk_is_full_and_kept_once_there_is_room(
    tmp_path: Path,
) -> None:
    with serving(installed(tmp_path), SEARCH__STARTER=False) as server:
        before = server.ask("what is kept?")
        until(lambda: before.run in _threads(server), "kept")
        # What the system says of a file that may not grow is almost what it says of a full disk;
        # the log may not grow either.
        pid = server.process.pid
        _, most = resource.prlimit(pid, resource.RLIMIT_FSIZE)
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (1, most))
        told = [server.ask(f"what is kept of {number}?") for number in range(3)]
        assert {one.status for one in told} == {"no_evidence"}
        assert server.get("/threads").status_code == 503
        assert server.get("/health").status_code == 200
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (most, most))
        until(lambda: {one.run for one in told} <= _threads(server), "kept", 30)


@pytest.mark.parametrize(
    ("command", "file", "mark", "says"),
    [
        ("serve", "runs", tables.SCHEMA.application_id, newer(tables.SCHEMA)),
        ("ask", "runs", 7, "The store of runs is another program's file"),
        ("ask", "library", database.SCHEMA.application_id, newer(database.SCHEMA)),
        ("serve", "library", 7, "The library is another program's file"),
    ],
)
def test_what_another_program_or_version_wrote_is_refused_at_the_start(
    tmp_path: Path, command: str, file: str, mark: int, says: str
) -> None:
    path = tmp_path / "data" / f"{file}.sqlite3"
    path.parent.mkdir()
    with closing(sqlite3.connect(path)) as written, written:
        written.execute(f"pragma application_id = {mark}")
        written.execute("pragma user_version = 99")
        written.execute("create table kept (said text)")
    before = path.read_bytes()
    asked = ["serve", "--port", "0"] if command == "serve" else ["ask", "why?"]
    refused = run(tmp_path, *asked, SEARCH__STARTER=False)
    assert refused.returncode == 2
    assert says in refused.stderr.replace(f" ({path})", "")
    assert str(path) in refused.stderr, "which file it is"
    assert len(refused.stderr.splitlines()) <= 2
    assert path.read_bytes() == before


def test_a_server_starts_beside_what_is_damaged_and_says_so(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    path = tmp_path / "data" / "runs.sqlite3"
    path.write_bytes(b"no database " * 1_000)
    with serving(tmp_path, SEARCH__STARTER=False) as server:
        assert server.ask("what is kept?").status == "no_evidence"
        until(lambda: _told(server, "The store of runs is damaged, or not a database"), "told")


def _spoil(data: Path) -> None:
    for kept in data.glob("runs.sqlite3*"):
        # In its place: a file that is cut off while a server has it mapped ends that by SIGBUS.
        with kept.open("r+b") as file:
            file.write(b"no database " * 1_000)


def _told(server: Server, what: str) -> bool:
    return any(line["level"] == "error" and what in line.get("detail", "") for line in server.log())


def _threads(server: Server) -> set[str]:
    found = server.get("/threads")
    if found.status_code != 200:
        return set()
    threads = [one["thread"] for one in found.json()["threads"]]
    told = [server.get(f"/threads/{one}") for one in threads]
    return {run["run"] for one in told if one.status_code == 200 for run in one.json()["runs"]}
