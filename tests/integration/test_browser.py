"""Pages that need JavaScript, in the real Chromium behind the guarded proxy."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import anyio
import pytest
from anyio.to_thread import run_sync

from codexity.adapters.extract.process import ProcessExtractor
from codexity.adapters.extract.rendered import RenderedExtractor
from codexity.adapters.fetch import chromium, group
from codexity.adapters.fetch.browser import Browser, BrowserLimits
from codexity.adapters.fetch.guard import Guard
from codexity.errors import Unreadable
from codexity.ports import Fetched
from servers.local import Asked, LocalServer, Reply
from servers.searxng import SearxngServer
from serving import installed, run

HTML = "text/html; charset=utf-8"
WORDS = (
    "A kestrel hovers in one place by flying into the wind at exactly the speed of the wind. "
    "The bird spreads its tail feathers and keeps its head still while it looks for voles. "
)
SHELL = b"""<!doctype html><html lang="en"><head><title>Kestrels</title></head><body>
<noscript>You need to enable JavaScript to run this app.</noscript>
<div id="root"></div><img src="/picture.png">
<script>fetch("/text").then((r) => r.text()).then((text) => {
  document.getElementById("root").innerHTML = `<article><h1>Kestrels</h1><p>${text}</p></article>`;
})</script></body></html>"""
ENDLESS = b"<!doctype html><title>x</title><script>for (;;) {}</script>"
GREEDY = b"""<!doctype html><title>x</title><script>
const kept = [];
for (let n = 0; n < 60; n++) kept.push(new Uint8Array(5e7).fill(n));
setInterval(() => fetch("/text"), 100);</script>"""


SPECIAL = {
    "/text": Reply(pieces=((WORDS * 4).encode(),), media_type="text/plain"),
    "/endless": Reply(pieces=(ENDLESS,), media_type=HTML),
    "/greedy": Reply(pieces=(GREEDY,), media_type=HTML),
    "/away": Reply(pieces=(b"<script>location = '/private'</script>",), media_type=HTML),
    "/moved": Reply(status=302, headers=(("Location", "/private"),)),
    "/missing": Reply(status=404, pieces=(b"<p>No</p>",), media_type=HTML),
}


def shell(asked: Asked) -> Reply:
    return SPECIAL.get(asked.path, Reply(pieces=(SHELL,), media_type=HTML))


@dataclass(kw_only=True)
class Rig:
    """A browser for which one name leads to the local server."""

    browser: Browser
    server: LocalServer

    def url(self, path: str = "/") -> str:
        return f"http://site.test:{self.server.url.rpartition(':')[2]}{path}"

    async def text(self, path: str = "/") -> str:
        return (await self.browser.render(self.url(path))).body.decode()

    async def processes(self) -> frozenset[int]:
        return await run_sync(group.members, self.group)

    @property
    def group(self) -> int:
        assert self.browser.group is not None
        return self.browser.group


@asynccontextmanager
async def rigged(limits: BrowserLimits | None = None) -> AsyncGenerator[Rig]:
    found = await run_sync(chromium.find)
    assert found is not None, "these tests need Chromium"

    async def resolver(_host: str, _port: int) -> Sequence[str]:
        return ("127.0.0.1",)

    async def allowed(url: str) -> None:
        if url.endswith("/private"):
            raise Unreadable("No.", code="robots")

    with LocalServer(shell) as server:
        port = server.url.rpartition(":")[2]
        guard = Guard(allow_hosts=frozenset({f"site.test:{port}"}), resolver=resolver)
        async with Browser(
            found, guard=guard, user_agent="Codexity/9", allowed=allowed, limits=limits
        ) as browser:
            yield Rig(browser=browser, server=server)


def states(pids: frozenset[int]) -> list[str]:
    """The state letters of those of the processes that are still there, zombies among them."""
    found: list[str] = []
    for pid in pids:
        try:
            stat = Path(f"/proc/{pid}/stat").read_text()
        except OSError:
            continue
        found.append(stat.rpartition(")")[2].split()[0])
    return found


async def none_left(pids: frozenset[int]) -> bool:
    with anyio.move_on_after(10):
        while await run_sync(states, pids):
            await anyio.sleep(0.02)
        return True
    return False


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
        ("/missing", "http_status"),
        ("/endless", "timeout"),
    ],
)
async def test_a_page_that_may_not_or_cannot_be_shown_is_told(path: str, code: str) -> None:
    async with rigged(BrowserLimits(seconds=4, settle_seconds=1)) as rig:
        with pytest.raises(Unreadable) as raised:
            await rig.text(path)
        assert raised.value.code == code
        assert WORDS in await rig.text()


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
        async with anyio.create_task_group() as reading:
            failed: list[str] = []

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


def test_a_page_that_needs_javascript_is_read_where_the_browser_is_not_off(tmp_path: Path) -> None:
    with LocalServer(shell) as site:
        done = run(
            installed(tmp_path), "read", "--json", f"{site.url}/",
            FETCH__ALLOW_HOSTS=[site.url.removeprefix("http://")],
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        assert '"via": "browser"' in done.stdout
        assert WORDS.strip() in done.stdout
        off = run(
            tmp_path, "read", "--json", f"{site.url}/",
            FETCH__ALLOW_HOSTS=[site.url.removeprefix("http://")],
            BROWSER__ENABLED="off",
        )  # fmt: skip
        assert off.returncode == 1
        assert '"needs_javascript"' in off.stdout


def test_a_question_is_answered_from_a_page_that_needs_javascript(tmp_path: Path) -> None:
    with (
        LocalServer(shell) as site,
        SearxngServer(lambda _: (("Kestrels", f"{site.url}/", "How they hover"),)) as searxng,
    ):
        done = run(
            installed(tmp_path), "ask", "--json", "How does a kestrel hover in one place?",
            FETCH__ALLOW_HOSTS=[site.url.removeprefix("http://")],
            SEARXNG__URL=searxng.url,
            SEARCH__PROVIDERS=["searxng"],
            SEARCH__STARTER=False,
        )  # fmt: skip
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["status"] == "completed"
    assert [source["url"] for source in told["sources"]] == [f"{site.url}/"]
    assert "flying into the wind" in told["answer"]
