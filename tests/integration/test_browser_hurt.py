"""A browser that does not start, or breaks, and pages that would hurt who reads them from it."""

from __future__ import annotations

import asyncio
import gc
import os
import resource
import signal
import time
from collections.abc import Awaitable, Callable, Generator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import anyio
import anyio.lowlevel
import pytest

from browsing import none_left, rigged
from codexity.adapters.fetch.browser import Browser, BrowserLimits
from codexity.adapters.fetch.guard import Guard
from codexity.errors import Unreadable
from servers.shell import WORDS

KIB = 1024


async def refused(work: Callable[[], Awaitable[object]]) -> Unreadable:
    with pytest.raises(Unreadable) as raised:
        await work()
    return raised.value


async def test_a_page_of_unclosed_noscripts_stops_nobody() -> None:
    async with rigged() as rig:
        await rig.text()
        longest = 0.0

        async def probe() -> None:
            nonlocal longest
            while True:
                begin = time.perf_counter()
                await anyio.sleep(0.01)
                longest = max(longest, time.perf_counter() - begin)

        async with anyio.create_task_group() as tasks:
            tasks.start_soon(probe)
            assert "Behind" in await rig.text("/noscripts")
            tasks.cancel_scope.cancel()
        # The walk takes a millisecond; a search from each of them took a minute.
        assert longest < 2


async def test_a_page_that_swells_is_refused_before_it_is_here() -> None:
    async with rigged(BrowserLimits(seconds=60)) as rig:
        await rig.text()
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        assert (await refused(lambda: rig.text("/swollen"))).code == "too_large"
        more = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
        assert more * KIB < 100_000_000
        assert WORDS in await rig.text()


async def nowhere(_host: str, _port: int) -> Sequence[str]:
    return ("127.0.0.1",)


async def everything(_url: str) -> None: ...


async def test_a_browser_that_hangs_at_its_start_holds_nobody_and_is_not_tried_again(
    tmp_path: Path,
) -> None:
    tried, script = tmp_path / "tried", tmp_path / "chromium"
    script.write_text(f"#!/bin/sh\necho once >> {tried}\nexec sleep 60\n")
    script.chmod(0o700)
    limits = BrowserLimits(start_seconds=6)
    async with Browser(
        script, guard=Guard(resolver=nowhere), user_agent="x", allowed=everything, limits=limits
    ) as browser:
        begin = anyio.current_time()
        with anyio.move_on_after(0.3) as leaving:
            await browser.render("http://site.test/")
        assert leaving.cancelled_caught
        assert anyio.current_time() - begin < 1.5
        with anyio.fail_after(30):
            first = await refused(lambda: browser.render("http://site.test/"))
            second = await refused(lambda: browser.render("http://site.test/other"))
        assert first.code == second.code == "needs_javascript"
        assert tried.read_text().split() == ["once"]


@contextmanager
def told_of_the_driver() -> Generator[None]:
    """Playwright leaves the error of a driver that died to nobody, which the tests would raise."""
    loop = asyncio.get_running_loop()
    usual = loop.get_exception_handler()
    assert usual is not None

    def handler(loop: asyncio.AbstractEventLoop, told: dict[str, Any]) -> None:
        if "reading from the driver" not in str(told.get("exception")):
            usual(loop, told)

    loop.set_exception_handler(handler)
    try:
        yield
        gc.collect()
    finally:
        loop.set_exception_handler(usual)


async def test_a_browser_whose_driver_died_is_replaced() -> None:
    with told_of_the_driver():
        await _driver_dies()


async def _driver_dies() -> None:
    async with rigged() as rig:
        await rig.text()
        first = rig.group
        for pid in drivers():
            os.kill(pid, signal.SIGKILL)
        shown = ""
        with anyio.fail_after(30):
            while not shown:
                with suppress(Unreadable):
                    shown = await rig.text()
        assert WORDS in shown
        assert rig.group != first


async def test_a_browser_that_is_left_in_a_hurry_leaves_nothing() -> None:
    held = frozenset[int]()
    with anyio.CancelScope() as scope:
        async with rigged() as rig:
            await rig.text()
            held = await rig.processes()
            scope.cancel()
            await anyio.lowlevel.checkpoint()
    assert scope.cancelled_caught
    assert held
    assert await none_left(held)


def drivers() -> list[int]:
    """The programs of this process through which a browser is driven."""
    tasks = Path("/proc/self/task").iterdir()
    pids = [pid for task in tasks for pid in (task / "children").read_text().split()]
    found = [int(pid) for pid in pids if b"run-driver" in Path(f"/proc/{pid}/cmdline").read_bytes()]
    assert found
    return found
