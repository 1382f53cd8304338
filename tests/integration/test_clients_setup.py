"""How the JavaScript clients are installed: from a lock without addresses, or not at all."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from clients.programs import HERE, HOME, environment, nowhere

INSTALL = (
    "import pathlib, sys; sys.path.insert(0, 'setup'); import clients; "
    "clients.install(pathlib.Path(sys.executable)); print('current:', clients.are_current())"
)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """As much of a checkout as the installation of the clients looks at."""
    locked = tmp_path / "tests" / "clients"
    locked.mkdir(parents=True)
    for name in ("package.json", "package-lock.json", ".npmrc"):
        shutil.copy(HERE / name, locked)
    shutil.copytree(HOME / "setup", tmp_path / "setup")
    return tmp_path


def python(code: str, folder: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=folder, env=environment(**settings), capture_output=True, text=True, check=False,
        timeout=120,
    )  # fmt: skip


def test_the_lock_holds_exact_versions_and_hashes_and_no_address() -> None:
    text = (HERE / "package-lock.json").read_text(encoding="utf-8")
    assert not re.search(r"://|resolved|@.*/", text)
    packages: dict[str, dict[str, str]] = json.loads(text)["packages"]
    wanted = json.loads((HERE / "package.json").read_text(encoding="utf-8"))["dependencies"]
    assert {f"node_modules/{name}" for name in wanted} <= packages.keys()
    for name, version in wanted.items():
        assert packages[f"node_modules/{name}"]["version"] == version
    assert all(one["integrity"].startswith("sha512-") for name, one in packages.items() if name)


def test_what_cannot_be_fetched_is_told_with_what_to_do(checkout: Path) -> None:
    with nowhere() as registry:
        done = python(
            INSTALL,
            checkout,
            npm_config_registry=registry,
            npm_config_cache=str(checkout / "empty"),
            npm_config_fetch_retries="0",
        )
    assert done.returncode == 1
    assert "npm could not install" in done.stderr
    assert "ECONNREFUSED" in done.stderr
    assert "Then run the same command again" in done.stderr
    assert "Traceback" not in done.stderr
    assert "current" not in done.stdout


def test_what_is_installed_is_current_until_the_lock_changes(checkout: Path) -> None:
    shutil.copytree(HOME / ".cache" / "clients", checkout / ".cache" / "clients", symlinks=True)
    ask = "import sys; sys.path.insert(0, 'setup'); import clients; print(clients.are_current())"
    assert python(ask, checkout).stdout == "True\n"
    with (checkout / "tests" / "clients" / "package-lock.json").open("a") as lock:
        lock.write("\n")
    assert python(ask, checkout).stdout == "False\n"
