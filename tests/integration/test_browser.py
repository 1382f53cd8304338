"""Pages that need JavaScript, in the real Chromium behind the guarded proxy."""

from __future__ import annotations

import os
import signal

import anyio
import pytest
from anyio.to_thread import run_sync

from browsing import Rig, none_left, rigged, states
from codexity.adapters.extract.process import ProcessExtractor
from codexity.adapters.extract.rendered import RenderedExtractor
from codexity.adapters.fetch import group
from codexity.adapters.fetch.browser import BrowserLimits
from codexity.errors import Unreadable
from codexity.ports import Fetched
from servers.canary import Canary
from servers.local import Reply
from servers.shell import SHELL, WORDS


async def test_what_scripts_write_is_read_and_no_pictures_are_fetched() -> None:
    async with rigged() as rig, ProcessExtractor() as plain:
        fetched = Fetched(url=rig.url(), media_type="text/html", charset=None, body=SHELL)
        with pytest.raises(Unreadable) as raised:
            await plain.extract(fetched)
        assert raised.value.code == "needs_javascript"
        page = await RenderedExtractor(plain, rig.browser.render).extract(fetched)
        assert (page.via, page.title, page.url) == ("browser", "Kestrels", rig.url())
        assert WORDS.strip() in page.text
        assert [asked.path for asked in rig.server.asked] == ["/", "/text"]
        agent = rig.server.asked[0].headers["user-agent"]
        assert "(compatible; Codexity/9)" in agent
        held = await rig.processes()
    assert held
    assert await none_left(held)


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/private", "robots"),
        ("/away", "robots"),
        ("/moved", "robots"),
        ("/again", "robots"),
        ("/missing", "http_status"),
        ("/endless", "timeout"),
    ],
)
async def test_a_page_that_may_not_or_cannot_be_shown_is_told(path: str, code: str) -> None:
    seconds = 8 if code == "timeout" else 30
    async with rigged(BrowserLimits(seconds=seconds, settle_seconds=1)) as rig:
        with pytest.raises(Unreadable) as raised:
            await rig.text(path)
        assert raised.value.code == code
        assert not any(asked.path == "/private" for asked in rig.server.asked)
        assert WORDS in await rig.text()


async def test_redirects_to_what_may_be_shown_are_followed_and_windows_are_not() -> None:
    async with rigged() as rig:
        assert WORDS in await rig.text("/fine")
        assert WORDS in await rig.text("/popup")
        paths = [asked.path for asked in rig.server.asked]
        assert paths == ["/fine", "/twice", "/", "/text", "/popup", "/text"]


@pytest.mark.parametrize("way", ["asked for", "redirect", "script"])
@pytest.mark.parametrize(
    "target",
    ["http://127.0.0.1:CANARY/x", "https://inner.test:CANARY/x", "http://inner.test:CANARY/x"],
)
async def test_a_way_to_an_address_that_is_not_public_is_told_as_that(
    way: str, target: str
) -> None:
    with Canary() as canary:
        there = target.replace("CANARY", str(canary.port))
        async with rigged() as rig:
            rig.server.answer = lambda _: (
                Reply(status=302, headers=(("Location", there),))
                if way == "redirect"
                else Reply(
                    pieces=(f"<script>location='{there}'</script>".encode(),),
                    media_type="text/html",
                )
            )
            with pytest.raises(Unreadable) as raised:
                await rig.browser.render(there if way == "asked for" else rig.url("/start"))
            assert raised.value.code == "not_public"
        assert not canary.reached


async def pages(rig: Rig, count: int) -> int:
    """Shows so many pages at once, as far as turns allow; the most memory that was held."""
    most = 0

    async def one(number: int) -> None:
        assert WORDS in await rig.text(f"/?{number}")

    async def look() -> None:
        nonlocal most
        while True:
            if rig.browser.group is not None:
                most = max(most, await run_sync(group.resident, rig.group))
            await anyio.sleep(0.1)

    async with anyio.create_task_group() as looking:
        looking.start_soon(look)
        async with anyio.create_task_group() as reading:
            for number in range(count):
                reading.start_soon(one, number)
        looking.cancel_scope.cancel()
    return most


@pytest.mark.parametrize("count", [20, pytest.param(100, marks=pytest.mark.soak)])
async def test_pages_at_four_at_a_time_keep_within_their_memory(count: int) -> None:
    async with rigged(BrowserLimits(seconds=30)) as rig:
        most = await pages(rig, count)
        held = await rig.processes()
        assert 0 < most < 1_500_000_000
        print(f"{count} pages: {most / 1e6:.0f} MB at most")
    assert await none_left(held)


async def test_cancelling_in_the_middle_leaves_nothing_behind() -> None:
    async with rigged(BrowserLimits(seconds=30)) as rig:
        await rig.text()
        held = await rig.processes()
        async with anyio.create_task_group() as reading:
            for number in range(8):
                reading.start_soon(rig.text, f"/endless?{number}")
            with anyio.fail_after(20):
                while sum(asked.path == "/endless" for asked in rig.server.asked) < 4:
                    await anyio.sleep(0.02)
            held |= await rig.processes()
            reading.cancel_scope.cancel()
        assert WORDS in await rig.text()
        assert "Z" not in await run_sync(states, held)
        held |= await rig.processes()
    assert await none_left(held)


async def test_a_killed_browser_leaves_nothing_and_the_next_page_has_another() -> None:
    async with rigged(BrowserLimits(seconds=30)) as rig:
        await rig.text()
        first, held = rig.group, await rig.processes()
        failed: list[str] = []
        async with anyio.create_task_group() as reading:

            async def shown() -> None:
                try:
                    await rig.text("/endless")
                except Unreadable as error:
                    failed.append(error.code)

            reading.start_soon(shown)
            with anyio.fail_after(20):
                while not any(asked.path == "/endless" for asked in rig.server.asked):
                    await anyio.sleep(0.02)
            held |= await rig.processes()
            for pid in sorted(held)[:2]:  # the script that starts it, and the browser
                os.kill(pid, signal.SIGKILL)
        assert failed == ["bad_content"]
        assert await none_left(held)
        assert WORDS in await rig.text()
        assert rig.group != first


async def test_a_browser_that_holds_too_much_is_ended_and_the_next_page_has_another() -> None:
    async with rigged(
        BrowserLimits(seconds=20, settle_seconds=15, memory_bytes=700_000_000)
    ) as rig:
        await rig.text()
        first, held = rig.group, await rig.processes()
        with pytest.raises(Unreadable) as raised:
            await rig.text("/greedy")
        assert raised.value.code == "bad_content"
        assert await none_left(held)
        assert WORDS in await rig.text()
        assert rig.group != first


async def test_an_idle_browser_is_ended() -> None:
    async with rigged(BrowserLimits(idle_seconds=0.1)) as rig:
        await rig.text()
        held = await rig.processes()
        assert await none_left(held)
        assert rig.browser.group is None
        assert WORDS in await rig.text()


async def test_downloads_are_refused() -> None:
    async with rigged() as rig:
        rig.server.answer = lambda _: Reply(
            pieces=(b"x" * 10_000,), media_type="application/octet-stream"
        )
        with pytest.raises(Unreadable):
            await rig.text("/file.bin")
