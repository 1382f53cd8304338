"""The file of pages stays within its bounds, and whatever is wrong with it fails no read."""

from __future__ import annotations

import logging
import resource
import sqlite3
import stat
import sys
import zlib
from collections.abc import AsyncGenerator
from contextlib import closing
from functools import partial
from pathlib import Path

import anyio
import pytest

from codexity.adapters.fetch.pages import Pages
from codexity.adapters.fetch.pages_trial import tried
from living import Hands
from page_cache import BODY, LONG, Rig, kept, page
from servers.local import LocalServer


@pytest.fixture
async def rig(tmp_path: Path) -> AsyncGenerator[Rig]:
    with LocalServer(lambda _: page(LONG)) as server:
        yield Rig(server=server, file=tmp_path / "data" / "pages.sqlite3")


async def test_a_page_that_is_too_old_is_fetched_anew(rig: Rig) -> None:
    rig.server.answer = lambda _: page(("Cache-Control", "max-age=99999999"))
    await rig.read()
    rig.late = 86_000
    assert (await rig.read()).via == "cache"
    rig.late = 87_000
    assert (await rig.read()).via == "http"
    assert (await rig.read("/other")).via == "http"
    with closing(sqlite3.connect(rig.file)) as file:
        assert file.execute("select count(*) from pages").fetchone() == (2,)


async def test_a_clock_that_is_wrong_for_a_while_drops_nothing_and_keeps_nothing_young(
    rig: Rig,
) -> None:
    rig.server.answer = lambda _: page(("Cache-Control", "max-age=99999999"))
    assert await rig.vias() == ["http", "cache"]
    rig.late = 100 * 86_400
    assert await rig.vias("/ahead") == ["http", "cache"]
    rig.late = 0
    assert await rig.vias() == ["cache", "cache"]
    assert await rig.vias("/ahead") == ["http", "cache"], "it was young until that day came"


async def test_what_is_too_old_is_dropped_a_tenth_at_a_time_and_not_at_first(rig: Rig) -> None:
    wall, monotonic = Hands(1e9), Hands()
    pages = Pages(
        rig.file, most_bytes=10_000_000, most_seconds=86_400, now=wall, monotonic=monotonic
    )
    for number in range(39):
        await pages.put(kept(f"https://a.example/{number}"))
    wall.seconds += 100 * 86_400

    async def left_after(seconds: float) -> int:
        monotonic.seconds += seconds
        await pages.put(kept("https://a.example/new"))
        with closing(sqlite3.connect(rig.file)) as file:
            [count] = file.execute("select count(*) from pages").fetchone()
        return count

    assert [await left_after(seconds) for seconds in (590, 20, 3_500)] == [40, 36, 36]
    wall.seconds -= 100 * 86_400
    assert await left_after(3_600) == 36, "the clock was set right"
    wall.seconds += 100 * 86_400
    assert [await left_after(3_600) for _ in range(37)][-1] == 1, "they are as old as that"


async def test_those_that_were_not_used_for_longest_go_first(rig: Rig) -> None:
    rig.most_bytes = 100_000
    rig.server.answer = lambda _: page(LONG, body=BODY + b"x" * 30_000)
    for number in range(3):
        rig.late = number
        await rig.read(f"/{number}")
    rig.late = 200
    assert (await rig.read("/0")).via == "cache"
    rig.late = 201
    assert (await rig.read("/3")).via == "http"
    assert [(await rig.read(path)).via for path in ("/0", "/2", "/3")] == ["cache"] * 3
    with closing(sqlite3.connect(rig.file)) as file:
        [together] = file.execute("select sum(size) from pages").fetchone()
    assert together <= 100_000
    assert (await rig.read("/1")).via == "http"


async def test_the_file_stays_within_its_bound_however_much_is_read(rig: Rig) -> None:
    pages = Pages(rig.file, most_bytes=500_000, most_seconds=86_400)
    for number in range(200):
        await pages.put(kept(f"https://a.example/{number}", body=b"x" * 20_000))
    beside = (rig.file.with_name(rig.file.name + end) for end in ("", "-wal", "-shm"))
    assert sum(one.stat().st_size for one in beside if one.exists()) < 500_000 + 5_000_000
    assert await pages.get("https://a.example/199") is not None
    assert await pages.get("https://a.example/0") is None


async def test_what_is_larger_than_the_whole_cache_is_read_and_not_kept(rig: Rig) -> None:
    rig.most_bytes = 20_000
    rig.server.answer = lambda _: page(LONG, body=BODY + b"x" * 30_000)
    assert await rig.vias() == ["http", "http"]


async def test_only_the_user_may_read_the_file(rig: Rig) -> None:
    await rig.read()
    assert stat.S_IMODE(rig.file.stat().st_mode) == 0o600
    assert stat.S_IMODE(rig.file.parent.stat().st_mode) == 0o700


@pytest.mark.parametrize("how", ["garbage", "a folder", "newer", "a row", "read-only folder"])
async def test_a_broken_file_fails_no_read_and_is_told(
    rig: Rig, how: str, caplog: pytest.LogCaptureFixture
) -> None:
    await rig.read()
    assert (await tried(rig.file, rig.pages)).ok
    for beside in rig.file.parent.glob("*-*"):
        beside.unlink()
    match how:
        case "garbage":
            rig.file.write_bytes(b"no database " * 10_000)
        case "a folder":
            rig.file.unlink()
            rig.file.mkdir()
        case "newer":
            _execute(rig.file, "pragma user_version = 99")
        case "a row":
            _execute(rig.file, "update pages set body = zeroblob(48)")
        case _:
            rig.file = Path("/sys/codexity/pages.sqlite3")
    with caplog.at_level(logging.WARNING):
        first = await rig.read()
    assert (first.via, first.body) == ("http", BODY)
    assert [record.getMessage() for record in caplog.records] == ["pages are not kept"]
    trial = await tried(rig.file, rig.pages)
    # What is wrong with a row alone is seen where it is read, and mended by the next fetch.
    assert trial.ok is (how == "a row")
    assert bool(trial.mend) is (how != "a row")
    assert (await rig.read()).via == ("cache" if how == "a row" else "http")


def _execute(path: Path, statement: str) -> None:
    with closing(sqlite3.connect(path)) as file, file:
        file.execute(statement)


async def test_a_file_that_another_holds_delays_a_read_a_little(rig: Rig) -> None:
    await rig.read()
    with closing(sqlite3.connect(rig.file, isolation_level=None)) as other:
        other.execute("begin immediate")
        with anyio.fail_after(3):
            assert (await rig.read("/other")).via == "http"
            assert (await rig.read()).via == "cache"
        other.execute("rollback")
    assert await rig.vias("/other") == ["http", "cache"]


async def test_a_full_disk_fails_no_read(rig: Rig) -> None:
    pages = rig.pages
    await pages.put(kept("https://a.example/0"))
    with closing(sqlite3.connect(rig.file)) as file:
        assert file.execute("pragma journal_mode").fetchone() == ("wal",)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, hard))
    try:
        await pages.put(kept("https://a.example/1", body=b"x" * 200_000))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert await pages.get("https://a.example/1") is None
    assert await pages.get("https://a.example/0") == kept("https://a.example/0")


WRITER = """
import sys
from pathlib import Path
import anyio
from codexity.adapters.fetch.pages import KeptPage, Pages

async def main():
    pages = Pages(Path(sys.argv[1]), most_bytes=10_000_000, most_seconds=1000)
    for number in range(100):
        page = KeptPage(url=f"https://{sys.argv[2]}.example/{number}", asked={}, status=200,
                        headers={}, body=sys.argv[2].encode() * 1000)
        await pages.put(page)
        assert await pages.get(page.url) == page, number

anyio.run(main)
"""


async def test_two_processes_on_one_file(rig: Rig) -> None:
    async with anyio.create_task_group() as tasks:
        for name in ("one", "two"):
            command = [sys.executable, "-c", WRITER, str(rig.file), name]
            tasks.start_soon(partial(anyio.run_process, command, stderr=None))
    for name in ("one", "two"):
        found = await rig.pages.get(f"https://{name}.example/99")
        assert found is not None
        assert zlib.crc32(found.body) == zlib.crc32(name.encode() * 1000)
