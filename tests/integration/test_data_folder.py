"""A data folder that Codexity may not enter, write, or fill: what the commands say and still do."""

from __future__ import annotations

import os
import sqlite3
import subprocess
from collections.abc import Generator
from contextlib import closing
from pathlib import Path

import pytest

from serving import PROGRAM, WITH, environment, installed, run, serving, until

SOFT = "Quinces are boiled with their skin until they are soft."
# Root may do what it likes, unless it gives that up.
_REFUSED = ("setpriv", "--bounding-set=-all", "--inh-caps=-all") if os.geteuid() == 0 else ()


def refused(folder: Path, *arguments: str, **settings: object) -> subprocess.CompletedProcess[str]:
    """A command, ended, of a user who is held to the modes of files."""
    given = {"SEARCH__STARTER": False, **settings}
    return subprocess.run(
        [*_REFUSED, PROGRAM, *arguments], cwd=folder, env=environment(folder, **given),
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip


@pytest.mark.parametrize(
    "command",
    [
        ("ask", "why?"),
        ("serve", "--port", "0"),
        ("read", "https://127.0.0.1/"),
        ("library", "list"),
        ("library", "add", "."),
        ("library", "search", "why"),
    ],
    ids=" ".join,
)
def test_a_folder_that_may_not_be_entered_is_told_in_one_line(
    tmp_path: Path, command: tuple[str, ...]
) -> None:
    home = installed(tmp_path)
    data = home / "data"
    data.mkdir()
    data.chmod(0)
    told = refused(home, *command)
    data.chmod(0o700)
    assert told.returncode == 2
    [line] = told.stderr.splitlines()
    assert f"{data} cannot be entered (Permission denied)" in line
    assert "CODEXITY_DATA_DIR" in line
    if command == ("library", "list"):
        listed = refused(home, *command)
        assert listed.returncode == 0, "the control"
        assert "The library is empty" in listed.stderr


@pytest.fixture
def sealed(tmp_path: Path, starter: Path) -> Generator[Path]:
    """A home with a document and the starter collection, whose data folder is read-only."""
    home = installed(tmp_path / "home", starter)
    (home / "quince.md").write_text(f"{SOFT}\n")
    assert run(home, "library", "add", "quince.md").returncode == 0
    data = home / "data"
    for file in data.iterdir():
        file.chmod(0o444)
    data.chmod(0o555)
    yield home
    data.chmod(0o755)


def test_the_library_and_the_starter_answer_from_a_folder_that_is_read_only(sealed: Path) -> None:
    before = {file: file.read_bytes() for file in (sealed / "data").iterdir()}
    for question, says in (("how are quinces boiled", SOFT), (WITH, "[1]")):
        asked = refused(sealed, "ask", question, SEARCH__STARTER=True)
        assert asked.returncode == 0, asked.stderr
        assert says in asked.stdout
    added = refused(sealed, "library", "add", "quince.md", "-c", "more")
    assert added.returncode == 1
    assert "The library cannot be opened for writing: its file or folder is read" in added.stderr
    assert {file: file.read_bytes() for file in (sealed / "data").iterdir()} == before


def test_what_another_is_writing_is_read_from_its_log(sealed: Path) -> None:
    data = sealed / "data"
    path = data / "library.sqlite3"
    data.chmod(0o755)
    path.chmod(0o644)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("update documents set title = 'Quinces anew' where title = 'quince.md'")
        assert path.with_name(f"{path.name}-wal").stat().st_size
        for file in data.iterdir():
            file.chmod(0o444)
        data.chmod(0o555)
        found = refused(sealed, "library", "search", "boiled quinces")
        assert found.stdout.startswith("Quinces anew\n"), found.stderr
        data.chmod(0o755)


def test_a_read_only_folder_without_a_library_is_not_told_to_be_missing(tmp_path: Path) -> None:
    home = installed(tmp_path)
    (home / "data").mkdir(mode=0o555)
    told = refused(home, "library", "list")
    (home / "data").chmod(0o755)
    assert "cannot be created" not in told.stderr
    assert "The library cannot be opened for writing" in told.stderr
    assert refused(home, "library", "list").returncode == 0, "the control"


def test_a_starter_collection_without_room_says_so(tmp_path: Path) -> None:
    home = installed(tmp_path)
    asked = subprocess.run(
        ["prlimit", "--fsize=200000", PROGRAM, "ask", WITH], cwd=home, env=environment(home),
        capture_output=True, text=True, check=False, timeout=100,
    )  # fmt: skip
    assert asked.returncode == 3
    told = asked.stderr.splitlines()[0]
    assert told.startswith("codexity: The starter collection could not be built: the library cann")
    assert "a limit on the size of files" in told


def test_a_command_tells_a_store_that_is_broken_in_a_line_and_debug_its_stack(
    tmp_path: Path,
) -> None:
    home = installed(tmp_path)
    (home / "notes.md").write_text(f"{SOFT}\n")
    (home / "data").mkdir()
    (home / "data" / "runs.sqlite3").write_bytes(b"no database " * 1_000)
    for command in (("library", "add", "notes.md"), ("ask", "how are quinces boiled")):
        told = run(home, *command, SEARCH__STARTER=False)
        assert told.returncode == 0
        lines = [line for line in told.stderr.splitlines() if line]
        [line] = [line for line in lines if not line.startswith("Links to ")]
        assert "The store of runs is damaged" in line
        assert "Traceback" not in line
    asked = run(home, "ask", "how are quinces boiled", SEARCH__STARTER=False, LOG__LEVEL="debug")
    assert "Traceback" in asked.stderr, "the control"


def test_a_server_logs_the_stack_of_a_store_that_stays_broken_once(tmp_path: Path) -> None:
    home = installed(tmp_path)
    (home / "data").mkdir()
    (home / "data" / "runs.sqlite3").write_bytes(b"no database " * 1_000)
    with serving(home, SEARCH__STARTER=False) as server:
        server.ask("what is kept?")

        def faults() -> list[str]:
            return [line for line in server.log_file.read_text().splitlines() if "damaged" in line]

        until(lambda: len(faults()) > 2, "told again", 60)
        assert len([line for line in faults() if "Traceback" in line]) == 1
