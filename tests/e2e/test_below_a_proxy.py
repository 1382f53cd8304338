"""The real server below a path of a real proxy that takes the path away, in a real browser."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from proxies import proxied
from serving import WITH, installed, serving

pytestmark = pytest.mark.system

ANSWER_MS = 20_000


def replaced(site: str, changes: dict[str, str]) -> str:
    for theirs, ours in changes.items():
        assert site.count(theirs) == 1, theirs
        site = site.replace(theirs, ours)
    return site


def below_nginx(site: str) -> str:
    return replaced(
        site,
        {
            "location / {": "location /codexity/ {",
            "proxy_pass http://127.0.0.1:8000;": "proxy_pass http://127.0.0.1:8000/;\n"
            "        proxy_redirect / /codexity/;",
        },
    )


def below_caddy(site: str) -> str:
    return replaced(
        site,
        {
            "reverse_proxy 127.0.0.1:8000": "redir /codexity /codexity/\n"
            "\thandle_path /codexity/* {\n\t\treverse_proxy 127.0.0.1:8000\n\t}"
        },
    )


EDITS: dict[str, Callable[[str], str]] = {"nginx": below_nginx, "caddy": below_caddy}


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory, starter: Path) -> Iterator[str]:
    with serving(installed(tmp_path_factory.mktemp("installation"), starter)) as server:
        yield server.url


@pytest.fixture(scope="module", params=EDITS)
def below(
    request: pytest.FixtureRequest, address: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    name: str = request.param
    folder = tmp_path_factory.mktemp("proxy") / name
    with proxied(name, address, folder, edit=EDITS[name], below="/codexity") as proxy:
        yield f"{proxy}/"


async def test_everything_of_the_page_is_found_below(page: Page, below: str) -> None:
    asked: list[str] = []
    failed: list[str] = []
    page.on("request", lambda one: asked.append(one.url))
    page.on("response", lambda one: failed.append(one.url) if one.status >= 400 else None)
    await page.goto(below.rstrip("/"))
    assert page.url == below
    await expect(page.locator("input")).to_be_focused()
    await page.keyboard.type(WITH)
    await page.keyboard.press("Enter")
    await expect(page.locator(".now")).to_contain_text("Answered after", timeout=ANSWER_MS)
    await expect(page.locator("body")).to_have_css("max-width", "736px")
    async with page.context.expect_page() as opened:
        await page.locator(".sources a").first.click()
    document = await opened.value
    document.on("request", lambda one: asked.append(one.url))
    await expect(document.locator("h1")).to_be_visible()
    assert document.url.startswith(f"{below}library/starter/")
    await document.locator("header a").click()
    await expect(document.locator("#hint")).to_be_visible()
    assert document.url == below
    assert {one for one in asked if not one.startswith(below)} <= {below.rstrip("/")}
    assert any("/search?" in one for one in asked)
    assert failed == []


@pytest.mark.parametrize("path", ["nothing", "library/starter/no/such/page", "answer?q="])
async def test_a_refusal_leads_back_below(page: Page, below: str, path: str) -> None:
    await page.goto(below + path)
    await expect(page.get_by_role("alert")).to_be_visible()
    await expect(page.locator("body")).to_have_css("max-width", "736px")
    await page.get_by_text("Back to the start page").click()
    await expect(page.locator("#hint")).to_be_visible()
    assert page.url == below


async def test_without_javascript_too(browser: Browser, below: str) -> None:
    context = await browser.new_context(java_script_enabled=False)
    page = await context.new_page()
    await page.goto(below)
    await page.fill("input", WITH)
    await page.locator("button").click(timeout=ANSWER_MS)
    await expect(page.locator(".now")).to_contain_text("Answered after", timeout=ANSWER_MS)
    assert page.url.startswith(f"{below}answer?q=")
    await page.locator(".sources a").first.click()
    await expect(page.locator("h1")).to_be_visible()
    assert page.url.startswith(f"{below}library/starter/")
    await context.close()
