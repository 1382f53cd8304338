"""The processes that read documents: ended when they should be, replaced when they die."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncGenerator
from pathlib import Path

import anyio
import pytest

import processes
from codexity.adapters.extract.frames import outcome
from codexity.adapters.extract.process import ProcessExtractor
from codexity.errors import Unreadable
from codexity.ports import Fetched

WORDS = "Plain words make a page long enough to be read as the main text of it. " * 30


def document(body: bytes) -> Fetched:
    return Fetched(url="https://x.org/", media_type="text/html", charset=None, body=body)


ARTICLE = document(f"<!doctype html><title>A title</title><p>{WORDS}</p>".encode())
DEEP = document(b"<div><table><tr><td>" * 60_000 + WORDS.encode())
"""The parsers' time grows with the square of the depth: this one takes minutes."""


@pytest.fixture
async def extractor() -> AsyncGenerator[ProcessExtractor]:
    async with ProcessExtractor(workers=2, seconds=20) as made:
        yield made


def workers() -> set[int]:
    return processes.workers("extract.worker")


async def gone(pids: set[int]) -> bool:
    return await processes.gone(pids, "extract.worker")


async def test_a_cancellation_ends_the_process(extractor: ProcessExtractor) -> None:
    await extractor.warm()
    busy = workers()
    assert len(busy) == 1
    async with anyio.create_task_group() as group:
        group.start_soon(extractor.extract, DEEP)
        await anyio.wait_all_tasks_blocked()
        assert workers() == busy
        group.cancel_scope.cancel()
    assert await gone(busy)
    assert (await extractor.extract(ARTICLE)).title == "A title"


async def test_cancelled_at_any_moment_no_process_is_left_behind() -> None:
    async with ProcessExtractor(workers=2) as extractor:
        for step in range(12):
            with anyio.move_on_after(step * 0.05):
                await extractor.extract(DEEP)
        assert (await extractor.extract(ARTICLE)).title == "A title"
        left = workers()
        assert len(left) <= 2
    assert await gone(left)
    assert not workers()


async def test_the_deadline_ends_the_process_too() -> None:
    async with ProcessExtractor(seconds=0.3) as hurried:
        await hurried.warm()
        busy = workers()
        start = time.monotonic()
        with pytest.raises(Unreadable) as raised:
            await hurried.extract(DEEP)
        assert raised.value.code == "timeout"
        assert "0.3 seconds" in raised.value.message
        assert time.monotonic() - start < 10
        assert await gone(busy)


async def test_a_worker_that_dies_over_a_document_is_bad_content(
    extractor: ProcessExtractor,
) -> None:
    await extractor.warm()
    (worker,) = workers()
    errors: list[Unreadable] = []

    async def read() -> None:
        with pytest.raises(Unreadable) as raised:
            await extractor.extract(DEEP)
        errors.append(raised.value)

    async with anyio.create_task_group() as group:
        group.start_soon(read)
        await anyio.wait_all_tasks_blocked()
        os.kill(worker, signal.SIGKILL)
    assert [error.code for error in errors] == ["bad_content"]
    assert (await extractor.extract(ARTICLE)).title == "A title"


async def test_a_worker_that_died_idle_is_replaced(extractor: ProcessExtractor) -> None:
    await extractor.extract(ARTICLE)
    (worker,) = workers()
    os.kill(worker, signal.SIGKILL)
    assert await gone({worker})
    assert (await extractor.extract(ARTICLE)).title == "A title"


async def test_one_worker_is_kept_and_never_more_than_allowed_live(
    extractor: ProcessExtractor,
) -> None:
    await extractor.warm()
    await extractor.extract(ARTICLE)
    assert len(workers()) == 1
    async with anyio.create_task_group() as group:
        for _ in range(8):
            group.start_soon(extractor.extract, ARTICLE)
    assert len(workers()) == 2


async def test_what_waits_is_bounded_in_bytes() -> None:
    codes: list[str] = []

    async def read(size: int) -> None:
        body = b"%PDF-1.7" + b" " * size
        damaged = Fetched(
            url="https://x.org/", media_type="application/pdf", charset=None, body=body
        )
        with pytest.raises(Unreadable) as raised:
            await extractor.extract(damaged)
        codes.append(raised.value.code)

    async with ProcessExtractor(workers=1, seconds=30) as extractor:
        async with anyio.create_task_group() as group:
            for _ in range(4):
                group.start_soon(read, 20_000_000)
        assert codes == ["timeout", *["bad_content"] * 3]


async def test_one_large_document_keeps_no_other_out() -> None:
    large = Fetched(
        url="https://x.org/",
        media_type="application/pdf",
        charset=None,
        body=b"%PDF-1.7" + b" " * 50_000_000,
    )
    async with ProcessExtractor(seconds=30) as extractor, anyio.create_task_group() as group:

        async def refused() -> None:
            with pytest.raises(Unreadable) as raised:
                await extractor.extract(large)
            assert raised.value.code == "bad_content"

        group.start_soon(refused)
        await anyio.wait_all_tasks_blocked()
        assert (await extractor.extract(ARTICLE)).title == "A title"


async def test_an_idle_worker_ends_and_a_new_one_takes_its_place() -> None:
    async with ProcessExtractor(idle_seconds=0.3) as hurried, ProcessExtractor() as patient:
        await patient.warm()
        kept = workers()
        await hurried.warm()
        assert await gone(workers() - kept)
        assert workers() == kept
        assert (await hurried.extract(ARTICLE)).title == "A title"


async def test_where_no_process_can_be_started_a_document_is_unreadable() -> None:
    async with ProcessExtractor() as extractor:
        with processes.no_more_files():
            with pytest.raises(Unreadable, match="no process") as raised:
                await extractor.extract(ARTICLE)
            assert raised.value.code == "bad_content"
            with pytest.raises(Unreadable):
                await extractor.warm()
        assert (await extractor.extract(ARTICLE)).title == "A title"
        with processes.no_more_files():
            assert (await extractor.extract(ARTICLE)).title == "A title", "that one runs already"


SCRIPT = """
import asyncio
from codexity.adapters.extract.process import ProcessExtractor
from codexity.ports import Fetched

print("main module runs")

async def main():
    async with ProcessExtractor() as extractor:
        page = await extractor.extract(
            Fetched(url="https://x.org/", media_type="text/plain", charset=None, body=b"Words")
        )
        print(page.text)

asyncio.run(main())
"""


def test_a_script_without_a_main_guard_runs_once(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(SCRIPT)
    done = subprocess.run(
        [sys.executable, "-X", "dev", script],
        capture_output=True, text=True, timeout=60, check=True, cwd=tmp_path,
    )  # fmt: skip
    assert done.stdout == "main module runs\nWords\n"
    # What asyncio itself says in this mode is how long a busy machine took for something.
    said = [one for one in done.stderr.splitlines() if not one.startswith("Executing <")]
    assert said == []


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"null",
        b"{}",
        b'{"page": {}}',
        b'{"unreadable": {"message": "", "code": "x", "detail": ""}}',
        b'{"page": {"url": "", "title": "", "text": "", "site": "", "page_starts": [2, 1]}}',
        b'{"page": {"url": "", "title": "", "text": "", "site": "", "page_starts": ["1"]}}',
    ],
)
def test_a_reply_that_makes_no_sense_is_none(payload: bytes) -> None:
    with pytest.raises(ValueError):
        outcome(payload)
