"""A real browser whose complaints are heard, and a server that follows a script."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, BrowserContext, Page, async_playwright
from scripted_server import ScriptedServer, serving

FLAGS = """--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-sync
    --disable-background-networking --disable-component-update""".split()


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    found = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    if found is None:
        pytest.fail("these tests need Chromium: install chromium-headless-shell or chromium")
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield chromium
        await chromium.close()


@pytest.fixture
def complaints() -> list[str]:
    """What the browser complained of: errors of scripts, refusals of the policy."""
    return []


@pytest.fixture
async def context(browser: Browser, complaints: list[str]) -> AsyncIterator[BrowserContext]:
    made = await browser.new_context()
    made.set_default_timeout(10_000)
    made.on("weberror", lambda error: complaints.append(str(error.error)))
    made.on(
        "console",
        lambda message: (
            complaints.append(message.text)
            if message.type == "error" and "Failed to load resource" not in message.text
            else None
        ),
    )
    yield made
    await made.close()
    assert complaints == []


@pytest.fixture
async def page(context: BrowserContext) -> Page:
    return await context.new_page()


@pytest.fixture
async def scripted() -> AsyncIterator[ScriptedServer]:
    async with serving(ScriptedServer()) as server:
        yield server
