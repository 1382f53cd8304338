"""`codexity library add --watch`, as a person sees it."""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from serving import PROGRAM, environment, installed, run, until
from watching import notes

OFF: dict[str, Any] = {"SEARCH__STARTER": False}


@contextmanager
def command(home: Path, *arguments: str) -> Generator[tuple[subprocess.Popen[bytes], Path]]:
    """A command that goes on, and the file of what it says."""
    said = home / "said"
    with said.open("wb") as file:
        process = subprocess.Popen(
            [PROGRAM, *arguments], cwd=home, env=environment(home, **OFF), stdout=file, stderr=file
        )
    try:
        yield process, said
    finally:
        process.kill()
        process.wait(10)


def test_a_person_sees_what_is_done_until_they_stop_it(tmp_path: Path) -> None:
    home, folder = installed(tmp_path / "home"), notes(tmp_path / "notes")
    (folder / "photo.jpg").write_bytes(b"\xff\xd8\xff")
    with command(home, "library", "add", str(folder), "-c", "lock", "--watch") as (process, said):
        until(lambda: "is kept in step with" in said.read_text(), "the first time", 60)
        assert "lock: 3 added, 0 unchanged" in said.read_text()
        assert "left out: 1 .jpg (pictures: " in said.read_text()
        (folder / "old" / "new.md").write_text("The heron stands on the sluice.")
        until(lambda: "lock: 1 added, 0 removed: old/new.md" in said.read_text(), "a change", 60)
        assert said.read_text().count("left out") == 1
        found = run(home, "library", "search", "heron", "-c", "lock", **OFF)
        assert found.returncode == 0
        began = time.monotonic()
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 130
        assert time.monotonic() - began < 15
        assert said.read_text().rstrip().endswith("lock: is no longer kept in step.")
        assert "Traceback" not in said.read_text()
    (folder / "gate.md").unlink()
    again = run(home, "library", "add", str(folder), "-c", "lock", **OFF)
    assert again.stdout.startswith("lock: 0 added, 3 unchanged, 1 removed"), "it is as it was left"


@pytest.mark.parametrize("name", ["nowhere", ""])
def test_what_is_not_there_cannot_be_watched(tmp_path: Path, name: str) -> None:
    done = run(installed(tmp_path), "library", "add", str(tmp_path / name / "x"), "--watch", **OFF)
    assert (done.returncode, done.stdout) == (2, "")
