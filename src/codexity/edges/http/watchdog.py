"""Ends a process that hangs: one that was told to end, or whose event loop runs no more."""

from __future__ import annotations

import os
import queue
import signal
import threading
import time
from contextlib import suppress
from typing import Final, NoReturn

import structlog

_SILENT_SECONDS: Final = 30.0
"""Nothing of ours holds the event loop for a second, and a busy machine does not for so long."""
_LOOKS: Final = 30
"""So often it is looked in that time: a process that was paused has not been looked at, either."""
_ALARM_SECONDS: Final = 0.4
"""So long after the deadline the kernel ends the process, where no line of Python runs any more, or
the line of the log is waited for: nobody reads it, or who holds the log's lock is what hangs."""

_SPINS: Final = 1.5
"""So many times the silent seconds, of processor time: the thread comes first, and says why."""

_log = structlog.get_logger("codexity.http")


class Watchdog:
    """Ends its process, with code 1 and a line in the log, once it is armed and the time is over.

    A blocked event loop, a thread that hangs, and a lock that nobody gives back do not keep it from
    that. It does the same once the event loop, which is to `beat`, has not for `silent_seconds`.
    Where the loop never gives the interpreter back, so that no thread runs, the kernel ends the
    process (SIGPROF) by the processor time that it spends: a paused process spends none. To be
    made, armed and beaten in the main thread.
    """

    def __init__(self, *, silent_seconds: float = _SILENT_SECONDS) -> None:
        self._beats = 0
        self._look_seconds = silent_seconds / _LOOKS
        self._spin_seconds = _SPINS * silent_seconds
        self._deadlines: queue.SimpleQueue[float] = queue.SimpleQueue()
        self._deadline = float("inf")
        # The main thread alone may do that, and later it may be what hangs.
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.signal(signal.SIGPROF, signal.SIG_DFL)
        # Started while threads can be: at the end that may be what has gone wrong.
        thread = threading.Thread(target=self._watch, name="watchdog", daemon=True)
        with suppress(RuntimeError):
            thread.start()

    def beat(self) -> None:
        """The event loop runs; from the first time on it is expected to."""
        self._beats += 1
        signal.setitimer(signal.ITIMER_PROF, self._spin_seconds)

    def arm(self, seconds: float) -> None:
        """The process is to have ended within so many seconds; an earlier deadline stays.

        May be called by a handler of a signal.
        """
        deadline = time.monotonic() + seconds
        if deadline >= self._deadline:
            return
        self._deadline = deadline
        signal.setitimer(signal.ITIMER_REAL, seconds + _ALARM_SECONDS)
        self._deadlines.put(deadline)

    def _watch(self) -> None:
        # Signals are the main thread's: its system calls are to be interrupted by them.
        signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
        deadline = self._first_deadline()
        if deadline is None:
            _end("the event loop runs no more, and the process is ended")
        while (left := deadline - time.monotonic()) > 0:
            with suppress(queue.Empty):
                deadline = min(deadline, self._deadlines.get(timeout=left))
        _end("the process did not end in time, and is ended")

    def _first_deadline(self) -> float | None:
        """The deadline once there is one; None where the event loop ran no more before that."""
        silent, beats = 0, self._beats
        while silent < _LOOKS:
            with suppress(queue.Empty):
                return self._deadlines.get(timeout=self._look_seconds)
            silent = silent + 1 if 0 < beats == self._beats else 0
            beats = self._beats
        return None


def _end(why: str) -> NoReturn:
    """Ends the process, whether its log takes the line or not."""
    try:
        signal.setitimer(signal.ITIMER_REAL, _ALARM_SECONDS)
        _log.critical(why, code=1)
    finally:
        os._exit(1)
