"""The clients of the guide, run as they stand there."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Generator

import pytest
from playwright.async_api import Browser, Page, expect

from asking import QUESTION
from clients.model import PieceByPiece
from clients.programs import PROGRAMS, SECONDS, Guide, blocks, nowhere
from clients.relay import Relay
from clients.rig import WORDS, Rig, rig
from servers.local import LocalServer, Reply
from serving import NONSENSE


def test_the_guide_holds_every_client_once() -> None:
    assert sorted(blocks()) == sorted([*PROGRAMS, "ask.html", "once.sh"])


def test_a_client_prints_the_answer_as_it_comes_and_then_its_sources(
    guide: Guide, made: Rig
) -> None:
    said = ""
    with made.one_run() as run:
        with made.model.holding() as let, guide.asking(QUESTION, made.url) as program:
            for word in WORDS[:7]:
                let(1)
                said += word
                assert program.has_printed(said)
            let(len(WORDS))
            ended = program.end()
        assert (ended.code, ended.complaint) == (0, "")
        assert ended.out.startswith("".join(WORDS).rstrip())
        assert ended.out == made.printed(run(), made.url)


def test_an_answer_without_its_end_is_told_as_that(guide: Guide, made: Rig) -> None:
    with made.one_run(), made.model.holding() as let, guide.asking(QUESTION, made.url) as program:
        let(1)
        assert program.has_printed(WORDS[0])
        newest = made.server.get("/threads").json()["threads"][0]["thread"]
        running = made.server.get(f"/threads/{newest}").json()["runs"][-1]["run"]
        assert made.server.client.post(f"{made.url}/runs/{running}/stop").is_success
        ended = program.end()
    assert ended.code == 1
    assert ended.out.startswith(WORDS[0].rstrip())
    assert ended.complaint.strip() == "The answer was broken off: cancelled."


def test_an_error_of_the_run_is_told_and_not_tried_again(guide: Guide, made: Rig) -> None:
    with Relay(made.url) as relay, made.one_run():
        ended = guide.ask(NONSENSE, relay.url)
    assert ended.code == 1
    assert ended.complaint.strip() == "No search results found"
    assert ended.out.strip() == ""
    assert len(relay.asked) == 1


def test_a_refusal_is_told_and_not_tried_again(guide: Guide, made: Rig) -> None:
    with Relay(made.url) as relay:
        ended = guide.ask("w" * 501, relay.url)
    assert ended.code == 1
    assert "500" in ended.complaint
    assert len(relay.asked) == 1


def test_no_connection_is_another_thing_than_an_error(guide: Guide) -> None:
    with nowhere() as address:
        ended = guide.ask(QUESTION, address)
    assert ended.code == 2
    assert ended.complaint.strip() == f"No connection to {address}."
    assert ended.out.strip() == ""


# --- the page ---------------------------------------------------------------------


@pytest.fixture
async def page(browser: Browser) -> AsyncGenerator[Page]:
    context = await browser.new_context()
    context.set_default_timeout(SECONDS * 1_000)
    yield await context.new_page()
    await context.close()


@pytest.fixture(scope="module")
def elsewhere() -> Generator[str]:
    """A web server of another port, which has the guide's page and nothing else."""
    html = Reply(media_type="text/html; charset=utf-8", pieces=(blocks()["ask.html"].encode(),))
    with LocalServer(lambda _: html) as server:
        yield f"{server.url}/ask.html"


async def ask(page: Page, elsewhere: str, address: str, question: str = QUESTION) -> None:
    await page.goto(f"{elsewhere}?server={address}")
    await page.fill("input", question)
    await page.click("button")


async def says(page: Page, what: str, words: str) -> None:
    await expect(page.locator(what)).to_have_text(words, timeout=SECONDS * 1_000)


async def shows(page: Page, made: Rig, run: str, address: str) -> None:
    """The page shows that run's answer and sources."""
    told = made.server.get(f"/runs/{run}").json()
    assert await page.locator("#answer").text_content() == told["answer"]
    links = page.locator("#sources a")
    assert await links.all_text_contents() == [source["title"] for source in told["sources"]]
    assert await links.first.get_attribute("href") == address + told["sources"][0]["link"]


async def test_the_page_shows_the_answer_as_it_comes_and_then_its_sources(
    page: Page, elsewhere: str, made: Rig
) -> None:
    said = ""
    with made.one_run() as run:
        with made.model.holding() as let:
            await ask(page, elsewhere, made.url)
            for word in WORDS[:7]:
                let(1)
                said += word
                await says(page, "#answer", said)
            let(len(WORDS))
            await says(page, "#state", "Answered.")
        await shows(page, made, run(), made.url)


async def test_the_page_goes_on_behind_a_cut(page: Page, elsewhere: str, made: Rig) -> None:
    with made.one_run() as run, Relay(made.url) as relay:
        with made.model.holding() as let:
            await ask(page, elsewhere, relay.url)
            let(3)
            await says(page, "#answer", "".join(WORDS[:3]))
            relay.cut()
            let(len(WORDS))
            await says(page, "#state", "The connection was cut. Coming back…")
            await says(page, "#state", "Answered.")
        assert await page.evaluate("() => stream.readyState === EventSource.CLOSED")
        await shows(page, made, run(), relay.url)
    assert relay.broken == 1


@pytest.fixture(scope="module")
def patient(tmp_path_factory: pytest.TempPathFactory) -> Generator[Rig]:
    """A server that waits a minute for who comes back."""
    folder = tmp_path_factory.mktemp("patient")
    with rig(folder, PieceByPiece(WORDS), STREAM__RESUME_SECONDS=60) as opened:
        yield opened


@pytest.mark.parametrize("status", [502, 503])
async def test_the_page_opens_another_stream_where_one_is_closed_for_good(
    page: Page, elsewhere: str, patient: Rig, status: int
) -> None:
    """As by a proxy while Codexity restarts, and in Firefox by any refused connection."""
    refusing = Reply(status=status, headers=(("Access-Control-Allow-Origin", "*"),))
    with (
        patient.one_run() as run,
        Relay(patient.url) as relay,
        LocalServer(lambda _: refusing) as other,
    ):
        with patient.model.holding() as let:
            await ask(page, elsewhere, relay.url)
            let(3)
            await says(page, "#answer", "".join(WORDS[:3]))
            relay.lead_to(other.url)
            relay.cut()
            await expect(page.locator("#state")).to_have_text(
                "The connection was cut. Coming back…", timeout=SECONDS * 1_000
            )
            await page.wait_for_function(
                "() => stream.readyState === EventSource.CLOSED", timeout=SECONDS * 1_000
            )
            relay.lead_to(patient.url)
            relay.cut()  # a browser keeps the connection of a refusal
            let(len(WORDS))
            await says(page, "#state", "Answered.")
        await shows(page, patient, run(), relay.url)


async def test_the_page_tells_an_error_of_the_run(page: Page, elsewhere: str, made: Rig) -> None:
    with Relay(made.url) as relay:
        await ask(page, elsewhere, relay.url, NONSENSE)
        await says(page, "#state", "No search results found")
    assert len(relay.asked) == 1


async def test_the_page_tells_an_error_of_the_connection(page: Page, elsewhere: str) -> None:
    with nowhere() as address:
        await ask(page, elsewhere, address)
        await says(page, "#state", "The connection was cut. Coming back…")


async def test_the_page_tells_a_refusal(page: Page, elsewhere: str, made: Rig) -> None:
    await ask(page, elsewhere, made.url, "w" * 501)
    await says(page, "#state", "No connection.")
