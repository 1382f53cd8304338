"""Brings what the tests need besides Python packages: programs, libraries, a real small web."""

from __future__ import annotations

import ctypes
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import debian
from words import fail, headline

_HOME = Path(__file__).resolve().parent.parent
_UNPACKED = _HOME / ".cache" / "system"
_DOCUMENTATION = "usr/share/doc/python3*/html/library/stdtypes.html"
_ADMIN_PATH = "/usr/local/sbin:/usr/sbin:/sbin"


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """Something the tests run: how it is found, the package that brings it, its services."""

    is_there: Callable[[], bool]
    package: str
    services: tuple[str, ...] = ()


def main() -> None:
    """Looks for files, not package names, and installs what is missing."""
    missing = [need for need in _needs() if not need.is_there()]
    if missing:
        services = [name for need in missing for name in need.services]
        debian.install([need.package for need in missing], services=services)
        if still := [need.package for need in missing if not need.is_there()]:
            fail(f"Installed, but not found afterwards: {', '.join(still)}.")
    if not _has_documentation():
        headline("Unpacking Python's documentation (python3-doc) into .cache/system")
        if not (debian.has_apt() and debian.unpack("python3-doc", _UNPACKED)):
            fail("The tests read Python's HTML documentation. As root, run:\n"
                 "    apt-get install python3-doc")  # fmt: skip
        if not _has_documentation():
            fail("python3-doc was unpacked, but its HTML was not in it.")


def _needs() -> tuple[Need, ...]:
    # The headless shell comes first: it is half of what Chromium brings along.
    browser = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
    return (
        Need(is_there=lambda: any(map(_program, browser)), package="chromium-headless-shell"),
        *_proxies(),
        Need(is_there=lambda: _program("jq"), package="jq"),
        Need(is_there=lambda: _program("curl"), package="curl"),
        Need(is_there=lambda: _program("strace"), package="strace"),
        Need(is_there=lambda: _program("ip"), package="iproute2"),
        # Wheels that bring programs of their own count on these two, which a bare Debian lacks.
        Need(is_there=lambda: _library("libatomic.so.1"), package="libatomic1"),  # Playwright's
        Need(is_there=lambda: _library("libgomp.so.1"), package="libgomp1"),  # llama.cpp's
    )


def _proxies() -> tuple[Need, ...]:
    varnish = ("varnish", "varnishncsa")
    return (
        Need(is_there=lambda: _program("nginx"), package="nginx", services=("nginx",)),
        Need(is_there=lambda: _program("caddy"), package="caddy", services=("caddy", "caddy-api")),
        Need(is_there=lambda: _program("haproxy"), package="haproxy", services=("haproxy",)),
        # Apache's program and modules alone: its service is in the package apache2.
        Need(is_there=lambda: _program("apache2"), package="apache2-bin"),
        Need(is_there=lambda: _program("varnishd"), package="varnish", services=varnish),
    )


def _program(name: str) -> bool:
    return bool(shutil.which(name) or shutil.which(name, path=_ADMIN_PATH))


def _library(name: str) -> bool:
    if sys.platform != "linux":
        return True
    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True


def _has_documentation() -> bool:
    return any(any(root.glob(_DOCUMENTATION)) for root in (Path("/"), _UNPACKED))


if __name__ == "__main__":
    sys.exit(main())
