"""The page in a real browser on a path that fails: it reconnects, and says what became of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import anyio
import httpx2
import pytest
from playwright.async_api import Page, expect
from scripted_server import Hangup, ScriptedServer
from told import begun, done, source, token

from asking import QUESTION
from clients.model import PieceByPiece
from clients.programs import nowhere
from clients.relay import Relay
from clients.rig import WORDS, Rig, rig
from serving import until

GRACE_SECONDS = 1.5
ANSWERED_MS = 45_000
"""A path that is silent costs the page ten seconds a try."""
WHOLE = "A kestrel hovers against the wind – 日本語 1."
NOT_CONNECTED = "not connected for longer than the server waits"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rig]:
    settings = {"STREAM__RESUME_SECONDS": GRACE_SECONDS}
    with rig(tmp_path_factory.mktemp("reconnects"), PieceByPiece(WORDS), **settings) as one:
        yield one


async def ask(page: Page, address: str) -> None:
    await page.goto(f"{address}/?q={QUESTION.replace(' ', '+').replace('?', '%3F')}")


async def says(page: Page, words: str) -> None:
    await expect(page.locator(".now")).to_contain_text(words, timeout=ANSWERED_MS)


async def test_a_path_that_goes_silent_is_left_for_a_new_one(page: Page, made: Rig) -> None:
    await page.clock.install()
    with made.one_run() as run, Relay(made.url) as relay:
        with made.model.holding() as let:
            await ask(page, relay.url)
            let(1)
            await expect(page.locator(".answer")).to_have_text("A kestrel", timeout=ANSWERED_MS)
            relay.freeze()
            let(len(WORDS))
            assert run()
            await says(page, "Writing with")
        await page.clock.fast_forward(41_000)
        await says(page, "Answered after")
    await expect(page.locator(".answer")).to_have_text(WHOLE, use_inner_text=True)
    await expect(page.locator(".problem")).to_be_hidden()


async def test_who_stays_away_too_long_is_told_so_and_may_ask_again(page: Page, made: Rig) -> None:
    ended = len(made.server.ended_runs())
    with nowhere() as dead, Relay(made.url) as relay:
        with made.model.holding() as let:
            await ask(page, relay.url)
            let(1)
            await expect(page.locator(".answer")).to_have_text("A kestrel", timeout=ANSWERED_MS)
            relay.lead_to(dead)
            relay.cut()
            await says(page, "Connection lost, trying again")
            until(lambda: len(made.server.ended_runs()) > ended, "ended")
            relay.lead_to(made.url)
            await says(page, "Broken off after")
        await expect(page.get_by_role("alert")).to_contain_text(NOT_CONNECTED)
        await expect(page.locator(".answer")).to_have_text("A kestrel")
        await page.get_by_role("button", name="Try again").click()
        await says(page, "Answered after")
        await expect(page.locator(".answer")).to_have_text(WHOLE, use_inner_text=True)


async def test_a_run_that_somebody_stops_is_stopped_and_not_lost(page: Page, made: Rig) -> None:
    with made.model.holding() as let:
        await ask(page, made.url)
        let(1)
        await expect(page.locator(".answer")).to_have_text("A kestrel", timeout=ANSWERED_MS)
        run = await page.evaluate(NEWEST_RUN)
        assert (
            httpx2.delete(f"{made.url}/runs/{run}", trust_env=False).json()["reason"] == "stopped"
        )
        await says(page, "Stopped after")
    await expect(page.get_by_role("alert")).to_be_hidden()


NEWEST_RUN = """async () => {
    const { threads } = await (await fetch("threads")).json();
    return (await (await fetch(`threads/${threads[0].thread}`)).json()).runs.at(-1).run;
}"""


# --- what a server or proxy answers to a page that comes back ---------------------


def snapshot(status: str, *, answer: str = "Half", reason: str | None = None) -> dict[str, Any]:
    return {
        "run": "run1",
        "answer": answer,
        "status": status,
        "reason": reason,
        "sources": [source()],
        "skipped": [],
        "seconds": {"total": 2.34},
    }


STREAMS = """
window.streams = [];
window.EventSource = class extends EventSource {
    constructor(url) {
        super(url);
        streams.push(this);
    }
};
window.reading = 0;
const real = fetch;
window.fetch = async (...asked) => {
    reading += 1;
    try {
        const response = await real(...asked);
        return new Response(await response.arrayBuffer(), response);
    } finally {
        reading -= 1;
    }
};
"""
RESTS = "() => !reading && streams.every((one) => one.readyState === EventSource.CLOSED)"


@pytest.fixture
async def clocked(page: Page) -> Page:
    """A page whose clock the test has in its hand, and whose streams are known to it."""
    await page.clock.install()
    await page.add_init_script(STREAMS)
    return page


@pytest.mark.parametrize("statuses", [(503,), (502, 504), (429, 503, 500)])
async def test_a_refusal_on_the_way_back_is_no_end(
    clocked: Page, scripted: ScriptedServer, statuses: tuple[int, ...]
) -> None:
    scripted.scripts["q"] = [*begun(), token("Half"), Hangup(), token(" and half"), done()]
    scripted.resume_statuses = list(statuses)
    scripted.snapshot = (503, {})
    await clocked.goto(f"{scripted.url}/?q=q")
    await says(clocked, "Connection lost, trying again")
    await passing(clocked, "Answered after 2.3 s")
    await expect(clocked.locator(".answer")).to_have_text("Half and half")
    assert scripted.asked == ["q"]
    assert len(scripted.resumed) == len(statuses) + 1
    assert set(scripted.resumed) == {f"run1-{len(begun()) + 1}"}


async def test_an_answer_comes_where_no_stream_gets_through(
    clocked: Page, scripted: ScriptedServer
) -> None:
    scripted.scripts["q"] = [*begun(), token("Half"), Hangup()]
    scripted.resume_statuses = [502] * 99
    quote = {"index": 1, "text": "Half, and then half.", "link": "/library/starter/page-1#half"}
    claim = {"start": 0, "end": 17, "citations": [1], "support": "quoted", "quotes": [quote]}
    answer = snapshot("completed", answer="Half and half [1].") | {"claims": [claim]}
    scripted.snapshot = (200, answer)
    await clocked.goto(f"{scripted.url}/?q=q")
    await passing(clocked, "Answered after 2.3 s")
    await expect(clocked.locator(".answer")).to_have_text("Half and half 1.", use_inner_text=True)
    await expect(clocked.locator(".answer .card q")).to_have_text("Half, and then half.")
    await expect(clocked.locator(".sources li")).to_have_count(1)
    await expect(clocked.locator(".skipped")).to_be_hidden()


@pytest.mark.parametrize(
    ("answer", "says_why"),
    [
        ((404, {"code": "not_found"}), "no longer kept"),
        ((200, snapshot("cancelled", reason="left")), NOT_CONNECTED),
        ((500, {"code": "internal"}), "connection was lost before"),
        ((200, snapshot("running")), "connection was lost before"),
    ],
    ids=["gone", "left", "broken", "running"],
)
async def test_what_cannot_go_on_is_told_in_the_end(
    clocked: Page, scripted: ScriptedServer, answer: tuple[int, dict[str, Any]], says_why: str
) -> None:
    scripted.scripts["q"] = [*begun(), token("Half"), Hangup()]
    scripted.resume_statuses = [503] * 99
    scripted.snapshot = answer
    await clocked.goto(f"{scripted.url}/?q=q")
    await passing(clocked, "Broken off")
    await expect(clocked.get_by_role("alert")).to_contain_text(says_why)
    await expect(clocked.get_by_role("button", name="Ask")).to_be_visible()
    assert scripted.asked == ["q"]
    assert len(scripted.resumed) <= MOST_ATTEMPTS


MOST_ATTEMPTS = 5


async def passing(page: Page, words: str) -> None:
    """Has the page's clock go on while it waits for its next attempt, until it says this."""
    now = page.locator(".now")
    with anyio.fail_after(ANSWERED_MS / 1_000):
        while words not in await now.inner_text():
            if await page.evaluate(RESTS):
                await page.clock.fast_forward(1_000)


# --- a link is followed away --------------------------------------------------------

HIDE, SHOW = (
    f"() => {{ dispatchEvent(new PageTransitionEvent('{name}', {{ persisted: true }})) }}"
    for name in ("pagehide", "pageshow")
)
"""What Chromium tells a page that its back-forward cache keeps; the headless shell has none."""


@pytest.mark.parametrize("way", ["link", "reload", "close"])
async def test_who_leaves_the_page_stops_the_work_at_once(page: Page, made: Rig, way: str) -> None:
    ended = len(made.server.ended_runs())
    with made.model.holding() as let:
        await ask(page, made.url)
        let(1)
        await expect(page.locator(".answer")).to_have_text("A kestrel", timeout=ANSWERED_MS)
        run = await page.evaluate(NEWEST_RUN)
        if way == "link":
            await page.goto("about:blank")
        elif way == "reload":
            await page.reload()
        else:
            await page.close()
        until(lambda: run in made.server.ended_runs()[ended:], "ended")
    assert made.server.get(f"/runs/{run}").json()["reason"] == "stopped"


async def test_a_page_that_is_kept_and_comes_back_too_late_is_told_so(
    page: Page, made: Rig
) -> None:
    ended = len(made.server.ended_runs())
    with made.model.holding() as let:
        await ask(page, made.url)
        let(1)
        await expect(page.locator(".answer")).to_have_text("A kestrel", timeout=ANSWERED_MS)
        await page.evaluate(HIDE)
        until(lambda: len(made.server.ended_runs()) > ended, "ended")
        await says(page, "Writing with")
        await page.evaluate(SHOW)
        await says(page, "Broken off after")
    await expect(page.get_by_role("alert")).to_contain_text(NOT_CONNECTED)
    await expect(page.get_by_role("button", name="Try again")).to_be_visible()


async def test_a_page_that_is_kept_and_comes_back_in_time_goes_on(page: Page, made: Rig) -> None:
    with made.one_run():
        with made.model.holding() as let:
            await ask(page, made.url)
            let(1)
            await expect(page.locator(".answer")).to_have_text("A kestrel", timeout=ANSWERED_MS)
            await page.evaluate(HIDE)
            await page.evaluate(SHOW)
            let(len(WORDS))
            await says(page, "Answered after")
        await expect(page.locator(".answer")).to_have_text(WHOLE, use_inner_text=True)
        await page.evaluate(HIDE)
        await page.evaluate(SHOW)
        await says(page, "Answered after")
