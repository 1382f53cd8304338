"""The system's Chromium: where it is, and how it is started so that it goes out one way only."""

from __future__ import annotations

import os
import secrets
import shutil
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from codexity.adapters.fetch.proxy import Way

NAMES: Final = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome-stable",
    "google-chrome",
)
PLACES: Final = (
    "/usr/lib/chromium/chromium-headless-shell",
    "/usr/lib/chromium/chromium",
    "/snap/bin/chromium",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
_FLAGS: Final = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-domain-reliability",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--dns-prefetch-disable",
    "--no-first-run",
    "--no-pings",
    # WebRTC sends no packet that the proxy does not carry. Both spellings: which of them holds
    # differs between the whole browser and the headless shell.
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--webrtc-ip-handling-policy=disable_non_proxied_udp",
    # A page that fills its memory ends, before the bound on the whole browser ends all pages.
    "--js-flags=--max-old-space-size=256",
)


def find(executable: Path | None = None) -> Path | None:
    """The browser of the settings, else the first that is on the path or at a usual place."""
    if executable is not None:
        return executable
    found = (path for name in NAMES if (path := shutil.which(name)))
    there = (place for place in PLACES if os.access(place, os.X_OK))
    first = next(found, None) or next(there, None)
    return None if first is None else Path(first)


def is_drivable() -> bool:
    """Whether the package that drives a browser is installed (the extra `browser`)."""
    return find_spec("playwright") is not None


def launching(executable: Path, way: Way, *, seconds: float) -> dict[str, Any]:
    """How Playwright is to start it, so that the proxy at `way` is its one way out.

    Chromium goes past proxies to loopback addresses unless told otherwise, and looks names up by
    itself for some protocols: so no name and no address is one to it but that of the proxy, which
    is made anew each time. Its own sandbox is on, but as root, where it cannot be.
    """
    name = f"{secrets.token_hex(12)}.invalid"
    return {
        "executable_path": str(executable),
        "args": [*_FLAGS, f"--host-resolver-rules=MAP {name} 127.0.0.1, MAP * ~NOTFOUND"],
        "chromium_sandbox": os.geteuid() != 0,
        "headless": True,
        "proxy": {
            "server": f"http://{name}:{way.port}",
            "bypass": "<-loopback>",
            "username": way.user,
            "password": way.password,
        },
        "handle_sigint": False,
        "handle_sigterm": False,
        "handle_sighup": False,
        "timeout": seconds * 1e3,
    }
