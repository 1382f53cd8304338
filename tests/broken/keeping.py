"""Folders, files and collections that do not work."""

from __future__ import annotations

import resource
import shlex
import subprocess
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest

from asking import library
from broken.setup import NOTHING, Broken


@contextmanager
def read_only(_folder: Path, _patch: pytest.MonkeyPatch) -> Generator[Broken]:
    # Nobody may write there, root neither.
    settings = {**NOTHING, "DATA_DIR": "/sys/codexity"}
    yield Broken(
        part="store", says="cannot be written", settings=settings, also=frozenset({"library"})
    )


@contextmanager
def full(_folder: Path, _patch: pytest.MonkeyPatch) -> Generator[Broken]:
    # A quota: what the system says is almost what it says of a full disk.
    yield Broken(
        part="store",
        says="cannot grow",
        settings=NOTHING,
        while_broken=_quota(200_000),
        also=frozenset({"library"}),
    )


@contextmanager
def _quota(most: int) -> Generator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@contextmanager
def damaged(part: str, name: str, folder: Path, _patch: pytest.MonkeyPatch) -> Generator[Broken]:
    file = Path(library(folder)["CODEXITY_DATA_DIR"]) / name
    file.write_bytes(b"no database " * 1_000)

    def mend(said: str) -> None:
        commands = [line.strip() for line in said.splitlines() if line.startswith("    ")]
        subprocess.run(["sh", "-e"], input="\n".join(commands), text=True, check=True, timeout=10)
        assert (file.with_name("damaged") / name).exists()

    settings = {**NOTHING, "DATA_DIR": shlex.quote(str(file.parent))}
    yield Broken(part=part, says="is damaged", settings=settings, by_hand=mend)


@contextmanager
def no_starter(folder: Path, patch: pytest.MonkeyPatch) -> Generator[Broken]:
    patch.setattr("sys.executable", "/bin/false")
    settings = {**NOTHING, "SEARCH__STARTER": "true"}
    yield Broken(part="starter", says="could not be built", settings=settings, mended=None)
