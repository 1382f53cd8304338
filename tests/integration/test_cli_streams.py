"""Standard streams that are closed, or that take nothing more."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from serving import PROGRAM, WITH, environment

FULL = "codexity: There is no space left where the output goes."


def shell(folder: Path, line: str) -> subprocess.CompletedProcess[str]:
    """A line of the shell, which `$codexity` and `$question` are known to."""
    known = {"codexity": PROGRAM, "question": WITH}
    return subprocess.run(
        ["/bin/sh", "-c", line],
        cwd=folder,
        env=environment(folder, LOG__LEVEL="error") | known,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.mark.parametrize("command", ['ask "$question"', 'ask --json "$question"', "config"])
def test_a_full_output_is_told_in_one_line(home: Path, command: str) -> None:
    told = shell(home, f'"$codexity" {command} 2>&1 >/dev/full')
    assert (told.returncode, told.stdout.splitlines()[-1:]) == (1, [FULL])
    assert "Traceback" not in told.stdout
    control = shell(home, f'"$codexity" {command} >/dev/null')
    assert control.returncode == 0


@pytest.mark.parametrize("closed", ["2>&-", "<&-", ">&-"])
def test_a_closed_stream_is_no_fault(home: Path, closed: str) -> None:
    asked = shell(home, f'"$codexity" ask "$question" {closed}')
    assert asked.returncode == 0
    assert "Traceback" not in asked.stderr
    assert ("context manager" in asked.stdout) is (closed != ">&-")


def test_no_address_at_all_is_told(home: Path) -> None:
    for line in ('"$codexity" read - <&-', '"$codexity" read - </dev/null'):
        read = shell(home, line)
        assert (read.returncode, read.stdout) == (1, "")
        assert read.stderr == "codexity: Standard input held no address.\n"
