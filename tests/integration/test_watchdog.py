"""A process that was told to end does so, whatever it does then."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager

import pytest

SECONDS = 0.3
LONG = 60
PROGRAM = """
import ctypes, signal, sys, threading, time
from codexity.edges import log
from codexity.edges.http.watchdog import Watchdog
log.configure("info", "json")
watchdog = Watchdog()
told = threading.Event()
signal.signal(signal.SIGTERM, lambda *_: (watchdog.arm({seconds}), told.set()))
print("ready", flush=True)
{hangs}
"""
HANGS = {
    "Python that never ends": "while True: pass",
    "a call that waits": "time.sleep(1e6)",
    "a lock": "lock = threading.Lock(); lock.acquire(); lock.acquire()",
    "a thread at the end": (
        "threading.Thread(target=time.sleep, args=(1e6,)).start(); told.wait()"
    ),
}


def ended(hangs: str, seconds: float = SECONDS) -> tuple[int, str, float]:
    """How the program ends that is told to: its code, what it said, in how long."""
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM.format(hangs=hangs, seconds=seconds)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
            begin = time.monotonic()
            process.send_signal(signal.SIGTERM)
            _, said = process.communicate(timeout=LONG / 2)
            return process.returncode, said, time.monotonic() - begin
        finally:
            process.kill()


@pytest.mark.parametrize("what", HANGS)
def test_what_hangs_is_ended_with_a_code_and_a_line(what: str) -> None:
    code, said, spent = ended(HANGS[what])
    assert code == 1
    assert said.count("\n") == 1
    assert "did not end in time" in said
    assert spent >= SECONDS


def test_where_no_line_of_python_runs_any_more_the_kernel_ends_it() -> None:
    # Called so, it gives nobody else the interpreter.
    hangs = f"time.sleep(0.1) or watchdog.arm({SECONDS}); ctypes.PyDLL(None).sleep({LONG})"
    code, said, spent = ended(hangs, LONG)
    assert (code, said) == (-signal.SIGALRM, "")
    assert spent < LONG / 2


def test_what_ends_by_itself_is_left_alone() -> None:
    code, said, spent = ended("told.wait(); sys.exit(7)", LONG)
    assert (code, said) == (7, "")
    assert spent < LONG / 2


def test_an_earlier_deadline_holds_and_a_later_one_changes_nothing() -> None:
    hangs = f"watchdog.arm({LONG}); watchdog.arm({SECONDS}); watchdog.arm({LONG})\nwhile True: pass"
    code, _, spent = ended(hangs, LONG)
    assert code == 1
    assert spent < LONG / 2


# --- a loop that runs no more -----------------------------------------------------


BEATING = """
import sys, time
from codexity.edges import log
from codexity.edges.http.watchdog import Watchdog
log.configure("info", "json")
watchdog = Watchdog(silent_seconds={silent})
print("ready", flush=True)
for line in sys.stdin:
    end = time.monotonic() + float(line)
    while time.monotonic() < end:
        watchdog.beat()
        time.sleep(0.001)
    print("beat", flush=True)
"""


@contextmanager
def beating() -> Generator[subprocess.Popen[str]]:
    """A process whose loop runs for as many seconds as it is told, and says when it has."""
    process = subprocess.Popen(
        [sys.executable, "-c", BEATING.format(silent=SECONDS)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
            yield process
        finally:
            process.kill()


def beat(process: subprocess.Popen[str], seconds: float) -> None:
    assert process.stdin is not None
    process.stdin.write(f"{seconds}\n")
    process.stdin.flush()


def heard(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline()


def test_a_process_whose_loop_runs_no_more_is_ended() -> None:
    with beating() as process:
        # Whoever has never said that it runs is not expected to.
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(2 * SECONDS)
        beat(process, 3 * SECONDS)
        assert heard(process) == "beat\n"
        assert process.wait(LONG) == 1
        assert process.stderr is not None
        assert "the event loop runs no more" in process.stderr.read()


SPINNING = """
import itertools, sys, time
from codexity.edges import log
from codexity.edges.http.watchdog import Watchdog
log.configure("info", "json")
watchdog = Watchdog(silent_seconds={silent})
watchdog.beat()
end = time.monotonic() + {wall}
{work}
sys.exit(7)
"""


@pytest.mark.parametrize(
    ("work", "code"),
    [
        # A loop of C that never gives the interpreter back: no thread of Python runs any more.
        ("all(itertools.repeat(True))", -signal.SIGPROF),
        # It spends the same, and says that it runs.
        ("while time.monotonic() < end: watchdog.beat()", 7),
    ],
)
def test_a_loop_that_never_gives_the_interpreter_back_is_ended_by_the_kernel(
    work: str, code: int
) -> None:
    program = SPINNING.format(silent=SECONDS, wall=5 * SECONDS, work=work)
    with subprocess.Popen([sys.executable, "-c", program]) as process:
        try:
            assert process.wait(LONG) == code
        finally:
            process.kill()


BLOCKED = """
import sys, structlog
from codexity.edges import log
from codexity.edges.http.watchdog import Watchdog
log.configure("info", "json")
watchdog = Watchdog(silent_seconds={silent})
while True:
    watchdog.beat()
    structlog.get_logger("codexity.http").warning("x" * 5_000)
"""


def test_a_process_whose_log_nobody_reads_any_more_is_ended() -> None:
    # Its loop waits for room in the pipe, and so does the line that would say so.
    program = [sys.executable, "-c", BLOCKED.format(silent=SECONDS)]
    with subprocess.Popen(program, stderr=subprocess.PIPE) as process:
        try:
            assert process.wait(LONG) == -signal.SIGALRM
        finally:
            process.kill()
    # Where it is read, the process lives on.
    with subprocess.Popen(program, stderr=subprocess.DEVNULL) as process:
        try:
            with pytest.raises(subprocess.TimeoutExpired):
                process.wait(5 * SECONDS)
        finally:
            process.kill()


def test_a_process_that_was_paused_is_left_alone() -> None:
    with beating() as process:
        beat(process, 5 * SECONDS)
        process.send_signal(signal.SIGSTOP)
        time.sleep(3 * SECONDS)  # what is tried is that the time goes by
        process.send_signal(signal.SIGCONT)
        assert heard(process) == "beat\n"
