"""`codexity` over a store that breaks as a file says: `python faulty.py FILE PACE serve`.

The file holds `{"method": ["what happens", how many times]}`, and is read at each call; `met`
beside it is there once something has happened. Paces: `real`, or `quick`, where what takes seconds
takes tenths of them.
"""

from __future__ import annotations

import json
import sys
import threading
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any, NoReturn, cast

from anyio.to_thread import run_sync

from codexity import supervisor
from codexity.compose import parts
from codexity.edges import cli
from codexity.edges.cli import serve
from codexity.edges.http import drain
from codexity.engine import ledger
from codexity.ports import Backing, RunLog
from codexity.settings import Settings


def no_memory() -> NoReturn:
    raise MemoryError


def no_thread() -> NoReturn:
    # As Python says it, where the system has no more.
    raise RuntimeError("can't start new thread")


def hang() -> None:
    time.sleep(1e6)


def block() -> None:
    while True:
        pass


def lock() -> None:
    taken = threading.Lock()
    with taken:
        taken.acquire()


FAULTS: dict[str, Callable[[], None]] = {
    "no memory": no_memory,
    "no thread": no_thread,
    "blocks the loop": block,
    "locks the loop": lock,
}


class FaultyLog:
    """The port `RunLog` over another one."""

    def __init__(self, log: RunLog, faults: Path) -> None:
        self._log = log
        self._faults = faults
        self._done: Counter[tuple[str, str]] = Counter()

    def __getattr__(self, method: str) -> Callable[..., Awaitable[object]]:
        call = cast("Callable[..., Awaitable[object]]", getattr(self._log, method))

        async def faulty(*given: Any, **named: Any) -> object:
            text = self._faults.read_text()
            what, times = json.loads(text).get(method, ("", 0))
            if self._done[text, method] < times:
                self._done[text, method] += 1
                self._faults.with_name("met").touch()
                if what == "hangs":
                    await run_sync(hang)
                FAULTS[what]()
            return await call(*given, **named)

        return faulty


def main(faults: Path, pace: str) -> None:
    """Runs the command with such a store."""
    made = parts.backing

    def backing(settings: Settings, stack: AsyncExitStack) -> Backing:
        sound = made(settings, stack)
        return replace(sound, log=cast("RunLog", FaultyLog(sound.log, faults)))

    parts.backing = backing
    if pace == "quick":
        for module, name, seconds in (
            (supervisor, "_FIRST_DELAY_SECONDS", 0.01),
            (ledger, "_KEEP_SECONDS", 0.2),
            (drain, "END_SECONDS", 1.0),
            (serve, "END_SECONDS", 1.0),
        ):
            setattr(module, name, seconds)
    cli.main()


if __name__ == "__main__":
    faults, pace = sys.argv[1:3]
    del sys.argv[1:3]
    main(Path(faults), pace)
