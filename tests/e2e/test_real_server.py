"""The main journey against the real `codexity serve`: no network, no key, no model."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import anyio
import anyio.lowlevel
import httpx2
import pytest
from playwright.async_api import Browser, Page, expect

QUESTION = "how does the with statement work"
STARTED = re.compile(r"http://127\.0\.0\.1:\d+")
ANSWER_MS = 20_000
BUILD_SECONDS = 120


@pytest.fixture(scope="module")
async def address(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[str]:
    folder = tmp_path_factory.mktemp("installation")
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith("CODEXITY_")
    } | {
        "CODEXITY_DATA_DIR": str(folder),
        "CODEXITY_SEARCH__PROVIDERS": '["library"]',
        "CODEXITY_LLM__DISCOVER": "false",
    }
    command = [str(Path(sys.executable).with_name("codexity")), "serve", "--port", "0"]
    with (folder / "log").open("wb") as log:
        process = await anyio.open_process(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
            cwd=folder,
            env=environment,
        )
    try:
        assert process.stdout is not None
        said = ""
        with anyio.fail_after(60):
            while not (found := STARTED.search(said)):
                said += (await process.stdout.receive()).decode()
        await _starter_is_built(found[0])
        yield found[0]
    finally:
        process.terminate()
        with anyio.fail_after(20):
            await process.wait()
        await process.aclose()


async def _starter_is_built(address: str) -> None:
    """Asks until there is an answer: until then a question ends when its search has taken long."""
    async with httpx2.AsyncClient(timeout=BUILD_SECONDS) as client:
        with anyio.fail_after(BUILD_SECONDS):
            while (
                '"status":"completed"'
                not in (await client.get(f"{address}/search", params={"q": QUESTION})).text
            ):
                await anyio.lowlevel.checkpoint()


async def test_a_question_is_answered_and_its_quote_is_on_its_page(
    page: Page, address: str
) -> None:
    await page.goto(address)
    await page.keyboard.type(QUESTION)
    await page.keyboard.press("Enter")
    await expect(page.locator(".now")).to_contain_text("Answered after", timeout=ANSWER_MS)
    await expect(page.locator(".answer")).to_contain_text("starter collection")
    cite, card = page.locator(".cite").first, page.locator(".card").first
    await cite.focus()
    await expect(card).to_be_visible()
    quote = await card.locator("q").inner_text()
    async with page.context.expect_page() as opened:
        await page.keyboard.press("Enter")
    document = await opened.value
    blocks = await document.locator(".answer > *").all_inner_texts()
    wanted = " ".join(quote.strip("“”").split())
    assert any(wanted in " ".join(block.split()) for block in blocks)


async def test_a_question_with_no_answer_says_what_was_tried(page: Page, address: str) -> None:
    await page.goto(f"{address}/?q=zxqv+blorptang+mumblefrotz")
    await expect(page.locator(".now")).to_contain_text("No answer found after", timeout=ANSWER_MS)
    await expect(page.get_by_role("alert")).to_be_visible()
    assert await page.locator(".problem li").count() > 0


async def test_another_site_asks_nothing(page: Page, address: str) -> None:
    elsewhere = address.replace("127.0.0.1", "localhost")
    await page.goto(f"{address}/?q={QUESTION}")
    await expect(page.locator(".now")).to_be_visible()
    await page.goto(elsewhere)
    await page.evaluate("to => { location.href = to; }", f"{address}/?q={QUESTION}")
    await expect(page.locator("#hint")).to_contain_text("Press Ask if it is yours")
    await expect(page.locator("article")).to_have_count(0)


async def test_without_javascript_the_answer_comes_as_a_page(
    browser: Browser, address: str
) -> None:
    context = await browser.new_context(java_script_enabled=False)
    page = await context.new_page()
    await page.goto(address)
    await page.fill("input", QUESTION)
    await page.locator("button").click(timeout=ANSWER_MS)
    await expect(page.locator(".now")).to_contain_text("Answered after", timeout=ANSWER_MS)
    await expect(page.locator(".answer")).to_contain_text("starter collection")
    cited = await page.locator(".cite").first.get_attribute("href")
    await expect(page.locator(f"li{cited}")).to_be_visible()
    await page.locator(f"li{cited} a").click()
    await expect(page.locator("h1")).to_be_visible()
    assert re.search(r"/library/starter/.*:~:text=", page.url)
    await context.close()
