"""A data folder that Codexity may not enter, write, or fill: what the commands say and still do."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from serving import PROGRAM, environment, installed, run, serving, until

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


def test_a_command_tells_a_store_that_is_broken_in_a_line_and_debug_its_stack(
    tmp_path: Path,
) -> None:
    home = installed(tmp_path)
    (home / "notes.md").write_text("Quinces are boiled with their skin until they are soft.\n")
    (home / "data").mkdir()
    (home / "data" / "runs.sqlite3").write_bytes(b"no database " * 1_000)
    for command in (("library", "add", "notes.md"), ("ask", "how are quinces boiled")):
        told = run(home, *command, SEARCH__STARTER=False)
        assert told.returncode == 0
        [line] = told.stderr.splitlines()
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
