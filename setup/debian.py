"""Installs Debian packages where that is permitted, and leaves their services alone."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path

from words import fail, headline

_POLICY = Path("/usr/sbin/policy-rc.d")
_SECONDS_FOR_APT = 1_800


def has_apt() -> bool:
    """Whether this system has apt at all."""
    return shutil.which("apt-get") is not None


def install(packages: Sequence[str], *, services: Sequence[str] = ()) -> None:
    """Installs packages with apt; what of `services` comes along is neither started nor enabled.

    Ends the set-up with the command to run by hand where we may not install, or where apt fails.
    """
    by_hand = f"    apt-get install --no-install-recommends {' '.join(packages)}"
    root = _root()
    if not has_apt() or root is None:
        fail(f"Missing from this system: {', '.join(packages)}.\nAs root, run:\n{by_hand}")
    headline(f"Installing {', '.join(packages)} with apt")
    new = [name for name in services if not _enabled(name)]
    with _no_service_starts(root):
        # The lists of a fresh system are empty: what apt says then would only puzzle.
        if not _apt(root, packages) and not (_update(root) and _apt(root, packages, tell=True)):
            fail(f"apt could not install {', '.join(packages)}; what it said stands above.\n"
                 f"Mend that, or as root run:\n{by_hand}")  # fmt: skip
    for name in new:
        _disable(root, name)


def unpack(package: str, folder: Path) -> bool:
    """Unpacks a package and what `package` stands for into a folder of ours, without installing.

    Needs no root, and finds documentation on systems whose dpkg leaves /usr/share/doc out.
    """
    folder.mkdir(parents=True, exist_ok=True)
    names = [package, *_stands_for(package)]
    fetched = _run(["apt-get", "download", "-q", *names], folder=folder)
    if not fetched:
        root = _root()
        if root is None or not _update(root):
            return False
        names = [package, *_stands_for(package)]
        fetched = _run(["apt-get", "download", "-q", *names], folder=folder)
    for archive in sorted(folder.glob("*.deb")):
        fetched = _run(["dpkg-deb", "-x", archive.name, "."], folder=folder) and fetched
        archive.unlink()
    return fetched


def _stands_for(package: str) -> list[str]:
    """The packages of the same kind that an empty one depends on: python3-doc: python3.11-doc."""
    found = subprocess.run(
        ["apt-cache", "depends", "--important", package],
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    kind = package.rpartition("-")[2]
    named = [line.partition(":")[2].strip() for line in found.stdout.splitlines() if ":" in line]
    return [name for name in named if name.endswith(f"-{kind}")]


def _root() -> list[str] | None:
    """What to put before a command so that root runs it; None where we may not."""
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") is None:
        return None
    asked = subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False, timeout=30)
    return ["sudo", "-n"] if asked.returncode == 0 else None


def _update(root: Sequence[str]) -> bool:
    headline("Reading the lists of packages (apt-get update)")
    return _run([*root, "apt-get", "-qq", "update"])


def _apt(root: Sequence[str], packages: Sequence[str], *, tell: bool = False) -> bool:
    options = ["-qq", "-o", "Dpkg::Use-Pty=0", "-o", "DPkg::Lock::Timeout=120", "-y"]
    quiet = ["DEBIAN_FRONTEND=noninteractive", "NEEDRESTART_MODE=l"]
    arguments = [*options, "--no-install-recommends", "install", *packages]
    return _run([*root, "env", *quiet, "apt-get", *arguments], tell=tell)


def _run(command: Sequence[str], *, folder: Path | None = None, tell: bool = False) -> bool:
    """Whether a command ended well; with `tell`, a failing one's last words are shown."""
    done = subprocess.run(
        command, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True, errors="replace", check=False,
        timeout=_SECONDS_FOR_APT,
    )  # fmt: skip
    if done.returncode != 0 and tell:
        print("\n".join(done.stdout.splitlines()[-12:]), flush=True)
    return done.returncode == 0


@contextmanager
def _no_service_starts(root: Sequence[str]) -> Generator[None]:
    """Holds the packages' services back: nginx would take port 80.

    Source: /usr/share/doc/sysv-rc/README.policy-rc.d: status 101 forbids the action.
    """
    saved = _POLICY.with_name("policy-rc.d.before-codexity")
    if _POLICY.exists():
        _run([*root, "mv", str(_POLICY), str(saved)])
    script = f"printf '#!/bin/sh\\nexit 101\\n' > {_POLICY} && chmod 755 {_POLICY}"
    _run([*root, "sh", "-c", script])
    try:
        yield
    finally:
        _run([*root, "rm", "-f", str(_POLICY)])
        if saved.exists():
            _run([*root, "mv", str(saved), str(_POLICY)])


def _enabled(service: str) -> bool:
    links = Path("/etc/systemd/system").glob(f"*.wants/{service}.service")
    return any(links) or any(Path("/etc").glob(f"rc[2-5].d/S??{service}"))


def _disable(root: Sequence[str], service: str) -> None:
    """Takes back what a package's installation enables whatever policy-rc.d says."""
    if shutil.which("update-rc.d"):
        _run([*root, "update-rc.d", service, "disable"])
    if shutil.which("deb-systemd-helper"):
        # It does nothing unless it takes itself for called from a package's own script.
        called = ["env", f"DPKG_MAINTSCRIPT_PACKAGE={service}", "deb-systemd-helper"]
        _run([*root, *called, "disable", f"{service}.service"])
