"""A page in the real Chromium cannot reach this machine: every way that it has is tried."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path

import anyio
import pytest
from anyio.to_thread import run_sync
from playwright.async_api import async_playwright

from codexity.adapters.fetch import chromium
from codexity.adapters.fetch.browser import Browser, BrowserLimits
from codexity.adapters.fetch.guard import Guard
from codexity.adapters.fetch.proxy import GuardedProxy
from codexity.errors import Unreadable
from servers.canary import Canary
from servers.local import Asked, LocalServer, Reply

WAYS = {
    *("/image", "/script", "/style", "/fetch", "/post", "/xhr", "/iframe", "/object", "/beacon"),
    *("/redirect", "/ws", "/events", "/worker", "/named", "/localhost", "/rebound"),
}
PAGE = """<!doctype html><html><head><title>busy</title>
<link rel="stylesheet" href="http://CANARY/style">
<link rel="dns-prefetch" href="//inner.test"><link rel="preconnect" href="http://CANARY">
</head><body><p id="shown">A page that tries everything.</p>
<img src="http://CANARY/image"><script src="http://CANARY/script"></script>
<iframe src="http://CANARY/iframe"></iframe><iframe id="file" src="FILE"></iframe>
<object data="http://CANARY/object"></object>
<script>
const soon = (done) => Promise.race([done, new Promise((end) => setTimeout(end, 8000))]);
const open = { mode: "no-cors" };
const get = (url) => fetch(url, open).catch(() => 0);
const spoke = (source) => new Promise((end) => { source.onopen = source.onerror = end; });
const ways = [
  get("http://CANARY/fetch"), fetch("http://CANARY/post", { method: "POST", body: "x", ...open }),
  get("/redirect"), get("http://inner.test:PORT/named"), get("http://localhost:PORT/localhost"),
  get("http://rebind.test:PORT/bound").then(() => get("http://rebind.test:PORT/rebound")),
  spoke(new WebSocket("ws://CANARY/ws")), spoke(new EventSource("http://CANARY/events")),
  fetch("FILE").then((r) => r.text()).then((t) => { shown.textContent += t; }),
  new Promise((end) => {
    const x = new XMLHttpRequest();
    x.open("GET", "http://CANARY/xhr"); x.onloadend = end; x.send();
  }),
  new Promise((end) => {
    const code = "fetch('http://CANARY/worker', {mode: 'no-cors'}).finally(() => postMessage(1))";
    new Worker(URL.createObjectURL(new Blob([code]))).onmessage = end;
  }),
  (async () => {
    const peer = new RTCPeerConnection({ iceServers: [{ urls: "stun:CANARY" }] });
    peer.createDataChannel("x");
    await peer.setLocalDescription(await peer.createOffer());
    await new Promise((end) => { peer.onicegatheringstatechange = end; setTimeout(end, 2000); });
  })(),
  (async () => { await new WebTransport("https://CANARY/transport").ready; })(),
];
navigator.sendBeacon("http://CANARY/beacon", "x");
soon(Promise.allSettled(ways)).then(() => { document.title = "done"; });
</script></body></html>"""
SECRET = "what only this machine's owner may read"


@contextmanager
def trying(folder: Path) -> Generator[tuple[LocalServer, Canary]]:
    """The page that tries everything, and what it tries to reach."""
    secret = folder / "secret.txt"
    with Canary() as canary:
        page = (
            PAGE.replace("CANARY", f"127.0.0.1:{canary.port}")
            .replace("PORT", str(canary.port))
            .replace("FILE", secret.as_uri())
        )

        def answer(asked: Asked) -> Reply:
            there = f"http://127.0.0.1:{canary.port}{asked.path}"
            if asked.path in {"/redirect", "/moved"}:
                return Reply(status=302, headers=(("Location", there),))
            return Reply(pieces=(page.encode(),), media_type="text/html")

        with LocalServer(answer) as server:
            yield server, canary


def guarded(server: LocalServer) -> tuple[str, Guard]:
    """The address of the page, and a guard that allows nothing else."""
    port = server.url.rpartition(":")[2]
    bound: list[str] = []

    async def resolver(host: str, _port: int) -> Sequence[str]:
        if host == "rebind.test" and not bound:
            bound.append(host)
            return ("93.184.216.34",)
        return ("127.0.0.1",)

    guard = Guard(allow_hosts=frozenset({f"site.test:{port}"}), resolver=resolver)
    return f"http://site.test:{port}", guard


async def test_without_the_guard_each_way_reaches_the_canary(tmp_path: Path) -> None:
    found = await run_sync(chromium.find)
    (tmp_path / "secret.txt").write_text(SECRET)
    with trying(tmp_path) as (server, canary):
        async with async_playwright() as driver:
            browser = await driver.chromium.launch(
                executable_path=str(found), args=["--host-resolver-rules=MAP *.test 127.0.0.1"]
            )
            page = await browser.new_page()
            await page.goto(f"http://site.test:{server.url.rpartition(':')[2]}/")
            with anyio.move_on_after(15):
                while not canary.reached >= {*WAYS, "udp"}:
                    await anyio.sleep(0.02)
            await browser.close()
        assert {*WAYS, "udp"} - canary.reached == set()


async def test_through_the_proxy_alone_nothing_reaches_the_canary(tmp_path: Path) -> None:
    found = await run_sync(chromium.find)
    assert found is not None
    (tmp_path / "secret.txt").write_text(SECRET)
    with trying(tmp_path) as (server, canary):
        address, guard = guarded(server)
        async with anyio.create_task_group() as tasks:
            way = await tasks.start(GuardedProxy(guard).run)
            async with async_playwright() as driver:
                browser = await driver.chromium.launch(**chromium.launching(found, way, seconds=15))
                page = await browser.new_page()
                await page.goto(f"{address}/")
                await page.wait_for_function("document.title === 'done'", timeout=20_000)
                assert SECRET not in await page.content()
                assert await page.text_content("#shown") == "A page that tries everything."
                await browser.close()
            # Not before: cancelled with the proxy, Playwright would leave its process behind.
            tasks.cancel_scope.cancel()
        assert canary.reached == set()


async def test_a_page_that_is_read_reaches_nothing(tmp_path: Path) -> None:
    found = await run_sync(chromium.find)
    assert found is not None
    (tmp_path / "secret.txt").write_text(SECRET)

    async def allowed(_url: str) -> None:
        return

    with trying(tmp_path) as (server, canary):
        address, guard = guarded(server)
        limits = BrowserLimits(seconds=25, settle_seconds=12)
        async with Browser(
            found, guard=guard, user_agent="Codexity", allowed=allowed, limits=limits
        ) as browser:
            html = (await browser.render(f"{address}/")).body.decode()
            assert "<title>done</title>" in html
            assert SECRET not in html
            for path in ("/moved", "/redirect"):
                with pytest.raises(Unreadable):
                    await browser.render(address + path)
        assert canary.reached == set()
