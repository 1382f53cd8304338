"""Brings .venv up to the lock: `product` is what runs Codexity, `development` what checks it."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
import zlib
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

import clients
import models
from words import Progress, fail, headline

_HOME = Path(__file__).resolve().parent.parent
_VENV = _HOME / ".venv"
_PYTHON = _VENV / "bin" / "python"
_BEGUN = _VENV / ".codexity-begun"
_LOG = _HOME / ".cache" / "setup.log"
_SETS = {"product": ("product",), "development": ("product", "development")}


def main(arguments: Sequence[str]) -> None:
    """`environment.py product` or `environment.py development`; at once when all is there."""
    wanted = _SETS[arguments[0] if arguments else "product"]
    checking = "development" in wanted
    besides = (clients, models) if checking else ()
    if all(map(_is_current, wanted)) and all(one.are_current() for one in besides):
        return
    _LOG.parent.mkdir(exist_ok=True)
    with (_HOME / ".cache" / "setup.lock").open("w") as lock:
        # Two terminals may both say `make run`; the second finds the first one's work.
        fcntl.flock(lock, fcntl.LOCK_EX)
        missing = [name for name in wanted if not _is_current(name)]
        if missing:
            _bring_up(wanted if _make_folder() else missing)
        for one in besides:
            if not one.are_current():
                one.install(_PYTHON)


def _bring_up(names: Sequence[str]) -> None:
    _BEGUN.touch()
    for name in names:
        _install_lock(name)
        if name == "product":
            _install_codexity()
        _stamp(name).write_text(_state(name), encoding="utf-8")
    _BEGUN.unlink()
    headline(f"{_VENV.name} is ready ({_PYTHON.resolve().name}, {_megabytes(_VENV)} MB)")


def _make_folder() -> bool:
    """A .venv that works; true when it is new. What cannot be mended is made afresh."""
    if _VENV.exists() and not _usable():
        headline("Making .venv afresh: it was moved, half made, or for another Python")
        shutil.rmtree(_VENV)
    if _VENV.exists():
        return False
    _need_ensurepip()
    headline(f"Making .venv with Python {sys.version.split()[0]}")
    _VENV.mkdir()
    _BEGUN.touch()
    done = _run([sys.executable, "-E", "-m", "venv", str(_VENV)])
    if done != 0:
        shutil.rmtree(_VENV, ignore_errors=True)
        fail(f"{sys.executable} -m venv failed; what it said is in {_LOG.relative_to(_HOME)}.")
    # Python 3.11 puts setuptools in, 9 MB that nothing here asks for.
    _run([str(_PYTHON), "-m", "pip", "uninstall", "-q", "-y", "setuptools"])
    return True


def _usable() -> bool:
    if _BEGUN.exists() or not _PYTHON.exists():
        return False
    if not (_VENV / "bin" / "pip").exists():
        return False
    # The scripts in bin/ name their folder, so a moved one is of no use.
    made_at = (_VENV / "bin" / "pip").read_text(encoding="utf-8", errors="replace")[:500]
    question = "import sys, pip; print('%d.%d' % sys.version_info[:2])"
    try:
        said = subprocess.run(
            [str(_PYTHON), "-c", question], capture_output=True, text=True, check=False, timeout=60
        )
    except OSError:
        return False
    here = any(f"{mark}{_VENV}/bin/" in made_at for mark in "!\"' ")
    return here and said.returncode == 0 and said.stdout.strip() == _version()


def _need_ensurepip() -> None:
    """Debian keeps what `venv` needs in a package of its own."""
    if find_spec("ensurepip") is not None:
        return
    # Only now: bare macOS and others have no apt, and need none.
    import debian

    if not debian.has_apt():
        fail(f"{sys.executable} has no ensurepip, so it cannot make a virtual environment.\n"
             "Install your system's package for it (python3-venv), or another Python.")  # fmt: skip
    debian.install([f"python{_version()}-venv"])


def _install_lock(name: str) -> None:
    lock = _HOME / "requirements" / f"{name}.txt"
    text = lock.read_text(encoding="utf-8")
    count = sum(1 for line in text.splitlines() if line[:1].isalnum())
    headline(f"Installing what {lock.relative_to(_HOME)} locks (up to {count} packages)")
    pip = [str(_PYTHON), "-m", "pip", "--disable-pip-version-check", "--no-input", "install"]
    exact = ["--require-hashes", "--progress-bar", "off"]
    if name == "product":
        # A package that would have to be compiled is a clear error, not a compiler's.
        exact += ["--only-binary", ":all:"]
    if _run([*pip, *exact, "-r", str(lock)], progress=Progress()) != 0:
        _BEGUN.unlink(missing_ok=True)  # pip ended by itself: nothing is half installed
        fail(f"pip could not install the locked packages. It said:\n{_last_words()}\n"
             f"Is there a way to the package index? (All of it: {_LOG.relative_to(_HOME)})\n"
             "Then run the same command again: it goes on where it stopped.")  # fmt: skip


def _install_codexity() -> None:
    pip = [str(_PYTHON), "-m", "pip", "--disable-pip-version-check", "--no-input", "install", "-q"]
    if _run([*pip, "--no-index", "--no-deps", "--no-build-isolation", "-e", str(_HOME)]) != 0:
        fail(f"Codexity itself could not be installed. pip said:\n{_last_words()}")


def _run(command: Sequence[str], *, progress: Progress | None = None) -> int:
    """Runs a command, its words in the log, the packages that pip comes to in the progress line."""
    with (
        _LOG.open("a", encoding="utf-8") as log,
        subprocess.Popen(
            command, cwd=_HOME, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True, errors="replace",
        ) as process,
    ):  # fmt: skip
        assert process.stdout is not None  # noqa: S101 - a pipe was asked for
        for line in process.stdout:
            log.write(line)
            if progress and (told := _told(line)):
                progress.tell(told)
    if progress:
        progress.end()
    return process.returncode


def _told(line: str) -> str:
    """What a line of pip's means to a person; empty when nothing."""
    words = line.split()
    if line.startswith("Collecting") and len(words) > 1:
        return "fetching " + words[1].replace("==", " ")
    if line.startswith("Installing collected packages"):
        return "unpacking"
    return ""


def _last_words() -> str:
    lines = _LOG.read_text(encoding="utf-8", errors="replace").splitlines()
    worth_reading = [line for line in lines if not line.startswith(("Ignoring ", "Looking "))]
    return "\n".join(f"    {line}" for line in worth_reading[-6:])


def _is_current(name: str) -> bool:
    try:
        if _BEGUN.exists() or _stamp(name).read_text(encoding="utf-8") != _state(name):
            return False
    except OSError:
        return False
    # Asked by looking, not by running: 1 ms instead of 20. A Python that went away leaves a
    # broken link behind, and an upgraded one another version, which is in the state.
    return _PYTHON.exists()


def _stamp(name: str) -> Path:
    return _VENV / f".codexity-{name}"


def _state(name: str) -> str:
    """What an installed set depends on: folder, Python, lock, and the package's own facts."""
    locked = zlib.crc32((_HOME / "requirements" / f"{name}.txt").read_bytes())
    package = zlib.crc32((_HOME / "pyproject.toml").read_bytes()) if name == "product" else 0
    return f"{_VENV}\npython {_version()}\nlock {locked:08x}\npackage {package:08x}\n"


def _version() -> str:
    return f"{sys.version_info[0]}.{sys.version_info[1]}"


def _megabytes(folder: Path) -> int:
    files = (Path(where) / name for where, _, names in os.walk(folder) for name in names)
    return sum(file.lstat().st_blocks for file in files) // 2_048


if __name__ == "__main__":
    main(sys.argv[1:])
