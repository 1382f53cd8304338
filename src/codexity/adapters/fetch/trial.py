"""Tries the browser that shows pages which need JavaScript."""

from __future__ import annotations

import os
import shlex
import sys
from pathlib import Path
from typing import Final

from anyio.to_thread import run_sync

from codexity.adapters.fetch import chromium
from codexity.adapters.fetch.browser import Browser
from codexity.adapters.fetch.guard import Guard
from codexity.errors import Unreadable
from codexity.ports import Trial, mending, setting

SECONDS: Final = 25.0
_OFF: Final = setting("BROWSER__ENABLED", "off")
_WITHOUT: Final = "Pages that hold no text without JavaScript are left out"


async def tried(*, enabled: bool, executable: Path | None) -> Trial:
    """Whether pages can be shown in the browser, which is started and ended for this."""
    if not enabled:
        return Trial(ok=None, said=f"{_WITHOUT}.")
    if not chromium.is_drivable():
        said = f"{_WITHOUT}: the package that drives a browser is not installed."
        return Trial(ok=None, said=said, mend=mending("To read them:", *_PACKAGE, *_INSTALL))
    found = await run_sync(chromium.find, executable)
    if found is None:
        said = f"{_WITHOUT}: there is no Chromium on the path."
        return Trial(ok=False, said=said, mend=_mend("Install it"))
    if not await run_sync(os.access, found, os.X_OK):
        said = f"{found} is no program that can be run."
        return Trial(ok=False, said=said, mend=await run_sync(_another, executable))
    return await _started(found, executable)


async def _started(found: Path, executable: Path | None) -> Trial:
    async def refused(_url: str) -> None:
        raise Unreadable("Nothing is shown here.", code="not_public")

    try:
        browser = Browser(found, guard=Guard(), user_agent="Codexity", allowed=refused)
        async with browser:
            version = await browser.version()
    except Unreadable as error:
        said = f"{found} does not start: {error.detail}"
        return Trial(ok=False, said=said, mend=await run_sync(_another, executable))
    return Trial(ok=True, said=f"Chromium {version} at {found}.")


def _another(executable: Path | None) -> str:
    """The browser that would be found without the setting, else how to get one."""
    found = None if executable is None else chromium.find()
    if found is None:
        return _mend("Install another")
    there = setting("BROWSER__EXECUTABLE", str(found))
    return mending("Another one is on this machine; take that:", there)


def _mend(words: str) -> str:
    install = mending(f"{words}; on Debian and Ubuntu:", *_INSTALL)
    return f"{install}\n{mending('Or do without:', _OFF)}"


_PACKAGE: Final = (f"{shlex.quote(sys.executable)} -m pip install 'codexity[browser]'",)
_INSTALL: Final = ("apt-get install chromium-headless-shell || apt-get install chromium",)
