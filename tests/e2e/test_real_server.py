"""The main journey against the real `codexity serve`: no network, no key, no model."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from serving import WITH, installed, serving

ANSWER_MS = 20_000


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory, starter: Path) -> Iterator[str]:
    with serving(installed(tmp_path_factory.mktemp("installation"), starter)) as server:
        yield server.url


async def test_a_question_is_answered_and_its_quote_is_on_its_page(
    page: Page, address: str
) -> None:
    await page.goto(address)
    await expect(page.locator("input")).to_be_focused()
    await page.keyboard.type(WITH)
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
    await page.goto(f"{address}/?q={WITH}")
    await expect(page.locator(".now")).to_be_visible()
    await page.goto(elsewhere)
    await page.evaluate("to => { location.href = to; }", f"{address}/?q={WITH}")
    await expect(page.locator("#hint")).to_contain_text("Press Ask if it is yours")
    await expect(page.locator("article")).to_have_count(0)


async def test_without_javascript_the_answer_comes_as_a_page(
    browser: Browser, address: str
) -> None:
    context = await browser.new_context(java_script_enabled=False)
    page = await context.new_page()
    await page.goto(address)
    await page.fill("input", WITH)
    await page.locator("button").click(timeout=ANSWER_MS)
    await expect(page.locator(".now")).to_contain_text("Answered after", timeout=ANSWER_MS)
    await expect(page.locator(".answer")).to_contain_text("starter collection")
    cited = await page.locator(".cite").first.get_attribute("href")
    await expect(page.locator(f"li{cited}")).to_be_visible()
    await page.locator(f"li{cited} a").click()
    await expect(page.locator("h1")).to_be_visible()
    assert re.search(r"/library/starter/.*:~:text=", page.url)
    await context.close()
