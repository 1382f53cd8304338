"""Chromium's own EventSource against `/search`: one run a question, however the wire breaks."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Page

from asking import QUESTION
from clients.chromium import page_of
from clients.model import PieceByPiece
from clients.relay import NOWHERE, Relay
from clients.rig import WORDS, Rig, rig
from serving import until

SECONDS = 60
FOLLOW = """
([url, closes]) => {
  window.told = [];
  window.stream = new EventSource(url);
  const names = "status skipped sources_preview page sources token claim error done heartbeat";
  for (const name of [...names.split(" "), "message"]) {
    stream.addEventListener(name, (event) => {
      if (event instanceof MessageEvent) told.push([event.lastEventId, name, event.data]);
      if (closes && name === "done") stream.close();
    });
  }
}
"""
CLOSED = "() => stream.readyState === EventSource.CLOSED"
# Before the first token; in the middle of an id, of a token, and of the end.
BREAKS = (
    NOWHERE,
    rb"\nid: [0-9a-f]{32}-\d(?=\d)",
    rb'"text":" (?=wind)',
    rb"\nevent: done\ndata: ",
)


async def follow(page: Page, address: str, *, closes: bool = False) -> None:
    url = f"{address}/search?q={QUESTION.replace(' ', '+').replace('?', '%3F')}"
    await page.evaluate(FOLLOW, [url, closes])


async def closed(page: Page) -> list[tuple[str, str, Any]]:
    """Waits until the stream is closed for good, and gives what it told."""
    await page.wait_for_function(CLOSED, timeout=SECONDS * 1_000)
    said = json.loads(await page.evaluate("() => JSON.stringify(told)"))
    return [(one_id, name, json.loads(data)) for one_id, name, data in said]


async def until_told(page: Page, words: str) -> None:
    said = """words => told.filter(([, name]) => name === "token")
        .map(([, , data]) => JSON.parse(data).text).join("") === words"""
    await page.wait_for_function(said, arg=words, timeout=SECONDS * 1_000)


def whole(told: list[tuple[str, str, Any]], run: str, made: Rig) -> None:
    """Every event of the one run came once, in its order, and they say its answer."""
    events = [one for one in told if one[1] != "heartbeat"]
    assert [one_id for one_id, _, _ in events] == [f"{run}-{n}" for n in range(1, len(events) + 1)]
    assert [name for _, name, _ in events].count("done") == 1
    assert events[-1][1:] == ("done", events[-1][2])
    assert events[-1][2]["status"] == "completed"
    text = "".join(data["text"] for _, name, data in events if name == "token")
    assert text == made.answer(run) == "".join(WORDS)


def streams(relay: Relay) -> int:
    return sum(" /search?" in head.partition("\r\n")[0] for head in relay.asked)


async def test_a_page_that_closes_on_done_does_not_come_back(browser: Browser, made: Rig) -> None:
    with made.one_run() as run, Relay(made.url) as relay:
        async with page_of(browser, relay.url) as page:
            await follow(page, relay.url, closes=True)
            whole(await closed(page), run(), made)
        assert streams(relay) == 1


async def test_a_page_that_never_closes_is_told_that_there_is_no_more(
    browser: Browser, made: Rig
) -> None:
    with made.one_run() as run, Relay(made.url) as relay:
        async with page_of(browser, relay.url) as page:
            await follow(page, relay.url)
            told = await closed(page)
            whole(told, run(), made)
        assert relay.came_back() == [told[-1][0]]
        assert streams(relay) == 2


@pytest.mark.parametrize("closes", [True, False], ids=["closes", "never closes"])
async def test_the_answer_goes_on_behind_a_cut(browser: Browser, made: Rig, closes: bool) -> None:
    with made.one_run() as run, Relay(made.url) as relay:
        async with page_of(browser, relay.url) as page:
            with made.model.holding() as let:
                await follow(page, relay.url, closes=closes)
                let(3)
                await until_told(page, "".join(WORDS[:3]))
                relay.cut()
                let(2)
                await until_told(page, "".join(WORDS[:5]))
                let(len(WORDS))
            whole(await closed(page), run(), made)
        assert relay.broken == 1
        assert streams(relay) == (2 if closes else 3)


async def test_cuts_anywhere_cost_nothing(browser: Browser, made: Rig) -> None:
    with made.one_run() as run, Relay(made.url, breaks=BREAKS) as relay:
        async with page_of(browser, relay.url) as page:
            with made.model.holding() as let:
                await follow(page, relay.url)
                await page.wait_for_function("() => told.length > 0", timeout=SECONDS * 1_000)
                relay.cut()
                let(len(WORDS))
                whole(await closed(page), run(), made)
        assert relay.broken == len(BREAKS)
        assert {one_id.rpartition("-")[0] for one_id in relay.came_back()} == {run()}


async def test_a_run_that_is_gone_ends_once(browser: Browser, made: Rig, tmp_path: Path) -> None:
    with rig(tmp_path / "other", PieceByPiece(WORDS)) as other, Relay(made.url) as relay:
        async with page_of(browser, relay.url) as page:
            with made.model.holding() as let:
                await follow(page, relay.url)
                let(3)
                await until_told(page, "".join(WORDS[:3]))
                relay.lead_to(other.url)
                relay.cut()
                told = await closed(page)
        assert [name for _, name, _ in told[-2:]] == ["error", "done"]
        assert told[-2][2]["code"] == "run_gone"
        assert told[-1][2]["status"] == "interrupted"
        assert told[-1][0].endswith("-0")
        assert [name for _, name, _ in told].count("done") == 1
        assert len(relay.came_back()) == 2
        assert other.server.ended_runs() == []


async def test_a_page_cut_off_before_it_has_an_id_asks_anew_and_the_first_run_ends(
    browser: Browser, made: Rig
) -> None:
    before = len(made.server.ended_runs())
    with Relay(made.url, breaks=[rb"\r\n\r\n"]) as relay:
        async with page_of(browser, relay.url) as page:
            with made.model.holding() as let:
                await follow(page, relay.url, closes=True)
                until(lambda: len(made.server.ended_runs()) > before, "stopped", SECONDS)
                [first] = made.server.ended_runs()[before:]
                let(2 * len(WORDS))
                told = await closed(page)
    second = told[0][0].rpartition("-")[0]
    whole(told, second, made)
    assert second != first
    assert made.server.get(f"/runs/{first}").json()["status"] == "cancelled"
    assert relay.came_back() == []
