"""A real Chromium, and its own EventSource in a page of the server."""

from __future__ import annotations

import shutil
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import Browser, Page, async_playwright

_FLAGS = """--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-sync
    --disable-background-networking --disable-component-update""".split()

READ = """
url => new Promise((resolve, reject) => {
  const events = [];
  const stream = new EventSource(url);
  const names = "status skipped sources_preview page sources token claim error done heartbeat";
  for (const name of [...names.split(" "), "message"]) {
    stream.addEventListener(name, (event) => {
      if (!(event instanceof MessageEvent)) {
        stream.close();
        reject(new Error(`the connection broke after ${events.length} events`));
        return;
      }
      events.push([event.lastEventId, name, event.data]);
      if (name === "done") {
        stream.close();
        const unit = (u) => "\\\\u" + u.charCodeAt(0).toString(16).padStart(4, "0");
        resolve(JSON.stringify(events).replace(/[\\u007f-\\uffff]/g, unit));
      }
    });
  }
})
"""


@asynccontextmanager
async def chromium() -> AsyncGenerator[Browser]:
    """The system's own, as in the tests of the page."""
    found = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    if found is None:
        pytest.fail("these tests need Chromium: install chromium-headless-shell or chromium")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=found, args=_FLAGS)
        try:
            yield browser
        finally:
            await browser.close()


@asynccontextmanager
async def page_of(browser: Browser, address: str) -> AsyncGenerator[Page]:
    """A page of that server in which nothing runs: what it may connect to is the server's word."""
    context = await browser.new_context()
    try:
        page = await context.new_page()
        await page.goto(f"{address}/health")
        yield page
    finally:
        await context.close()
