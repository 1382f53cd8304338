"""Starting and ending child processes: none is lost, and nobody else takes an exit status."""

from __future__ import annotations

import subprocess

import anyio
import pytest

from codexity.adapters.workers.process import end, start

CAT = ["/bin/cat"]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The processes whose exit status was asked for by others than the event loop."""
    asked: list[int] = []
    real = subprocess.Popen[bytes].poll

    def poll(self: subprocess.Popen[bytes]) -> int | None:
        asked.append(self.pid)
        return real(self)

    monkeypatch.setattr(subprocess.Popen, "poll", poll)
    return asked


async def test_only_the_event_loop_asks_how_a_process_ended(asked: list[int]) -> None:
    process = await start(CAT, stdin=subprocess.PIPE, stderr=subprocess.DEVNULL)
    await end(process)
    assert process.returncode == -9
    assert asked == []
    control()
    assert len(asked) == 1, "it would have been seen"


def control() -> None:
    with subprocess.Popen(CAT, stdin=subprocess.PIPE) as other:
        assert other.poll() is None


async def test_what_has_ended_keeps_its_status() -> None:
    process = await start(CAT, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    assert await process.wait() == 0
    await end(process)
    assert process.returncode == 0


async def test_a_start_that_is_cancelled_hands_over_what_it_started() -> None:
    with anyio.CancelScope() as scope:
        scope.cancel()
        process = await start(CAT, stdin=subprocess.PIPE, stderr=subprocess.DEVNULL)
        try:
            assert process.returncode is None
        finally:
            await end(process)
        assert process.returncode == -9


async def test_a_program_that_is_not_there_is_an_oserror() -> None:
    with pytest.raises(OSError, match="no-such-program"):
        await start(["/no-such-program"], stdin=subprocess.PIPE, stderr=subprocess.DEVNULL)
