"""The process of one server that is measured: it serves, and is told what to do on its stdin."""

from __future__ import annotations

import gc
import json
import os
import signal
import socket
import sys
import threading
import time
from pathlib import Path
from typing import Any

import uvicorn

from streams_apps import APPS, codexity
from streams_script import Script

_BACKLOG = 4_096


def main(kind: str, port: int) -> None:
    """Serves streams of this kind until it is told to end."""
    pin(1 if kind == "model server" else 0)
    script = Script()
    threading.Thread(target=_obey, args=(script,), daemon=True).start()
    if kind.startswith("codexity"):
        codexity(script, port, said=kind == "codexity")
        return
    listener = socket.create_server(("127.0.0.1", port), backlog=_BACKLOG)
    config = uvicorn.Config(
        APPS[kind](script),
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=3,
    )
    uvicorn.Server(config).run(sockets=[listener])


def pin(core: int) -> None:
    """Keeps this process to one core, so that server and load do not take turns on one."""
    # A process inherits the one core of whoever started it.
    os.sched_setaffinity(0, range(os.cpu_count() or 1))
    cores = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {cores[core % len(cores)]})


def _obey(script: Script) -> None:
    """Orders come line by line, on a thread: the loop that is measured knows nothing of them."""
    for line in sys.stdin:
        order: dict[str, Any] = json.loads(line)
        does = order.pop("do")
        if does == "set":
            script.set(**order)
        elif does == "go":
            script.go()
        _say(
            {
                "waiting": script.waiting,
                "left": script.left,
                "left_at": script.left_at,
                "cpu": time.process_time(),
                "rss": _resident() if does == "rss" else 0,
            }
        )
    # Whoever gives the orders is gone, and this is not to outlive it.
    os.kill(os.getpid(), signal.SIGTERM)


def _resident() -> int:
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def _say(what: dict[str, float]) -> None:
    print(json.dumps(what), flush=True)
