"""Browsers that do not show pages."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest

from broken.setup import NOTHING, Broken
from codexity.adapters.fetch import chromium

_REAL = chromium.find()


@contextmanager
def missing(folder: Path, patch: pytest.MonkeyPatch) -> Generator[Broken]:
    """No Chromium is on the path; the mend is to install one."""
    real = _REAL
    assert real is not None, "these tests need Chromium"
    programs = folder / "programs"
    programs.mkdir()
    patch.setattr(chromium, "PLACES", ())
    patch.setenv("PATH", str(programs))

    def install(mend: str) -> None:
        assert "    apt-get install chromium-headless-shell" in mend
        (programs / "chromium-headless-shell").symlink_to(real)
        dotenv = folder / ".env"
        kept = [line for line in dotenv.read_text().splitlines() if "ENABLED" not in line]
        dotenv.write_text("\n".join(kept) + "\n")

    yield Broken(part="browser", says="no Chromium", settings=NOTHING, by_hand=install)


@contextmanager
def no_program(folder: Path, _patch: pytest.MonkeyPatch) -> Generator[Broken]:
    """The settings name a file that is no program."""
    given = folder / "notes.txt"
    given.write_text("no program")
    settings = {**NOTHING, "BROWSER__EXECUTABLE": str(given)}
    yield Broken(part="browser", says="is no program", settings=settings)


@contextmanager
def another_program(folder: Path, _patch: pytest.MonkeyPatch) -> Generator[Broken]:
    """The settings name a program that is no browser."""
    given = folder / "chromium"
    given.write_text("#!/bin/sh\necho This is no browser >&2\nexit 3\n")
    given.chmod(0o755)
    settings = {**NOTHING, "BROWSER__EXECUTABLE": str(given)}
    yield Broken(part="browser", says="does not start", settings=settings)
