"""The child's side of a pool: one frame in, one frame out, until its parent is gone."""

from __future__ import annotations

import gc
import logging
import math
import os
import resource
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import BinaryIO

from codexity.adapters.workers import frames

_MAX_MEMORY_BYTES = 2 * 1024**3
_LESS_URGENT = 5
_GRACE_SECONDS = 2
_GARBAGE = 5_000
"""So many more objects are made than let go of before garbage is looked for."""


def serve(
    answer: Callable[[bytes], bytes],
    *,
    seconds: float,
    idle_seconds: float,
    prepare: Callable[[], None] = lambda: None,
    spent: Callable[[], bool] = lambda: False,
) -> None:
    """Prepares, then answers requests on standard input until there are no more.

    The process ends by itself when it was idle for `idle_seconds`, or when an answer takes longer
    than `seconds` and its parent was killed before it could end it; and behind an answer after
    which it is `spent`.
    """
    inlet, outlet = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr
    logging.disable()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.nice(_LESS_URGENT)
    with suppress(ValueError, OSError):  # a lower limit is set already, or the system has none
        resource.setrlimit(resource.RLIMIT_AS, (_MAX_MEMORY_BYTES, _MAX_MEMORY_BYTES))
    with suppress(ValueError, OSError):
        # A parser that runs out of memory ends the process: no file of its memory is wanted.
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    prepare()
    # What is loaded by now stays. To walk it again and again took 3 % of the time of reading.
    gc.freeze()
    gc.set_threshold(_GARBAGE)
    _send(outlet, frames.READY)
    while True:
        signal.setitimer(signal.ITIMER_REAL, idle_seconds)
        payload = inlet.read(frames.length(inlet.read(frames.HEAD_BYTES)))
        if not payload:
            return
        if payload == frames.READY:
            _send(outlet, frames.READY)
            continue
        signal.setitimer(signal.ITIMER_REAL, math.ceil(seconds) + _GRACE_SECONDS)
        _send(outlet, answer(payload))
        del payload
        if spent():
            return


def _send(outlet: BinaryIO, payload: bytes) -> None:
    outlet.write(frames.head(payload) + payload)
    outlet.flush()
