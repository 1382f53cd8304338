"""The pages below a path of a proxy that takes the path away: nothing of them leads above it."""

from __future__ import annotations

from playwright.async_api import Page, expect
from scripted_server import ScriptedServer
from told import answered

from codexity.edges.http.plain import answer_page, document_page
from codexity.model import Answer, Source
from codexity.model import Page as Document


async def test_the_page_asks_shows_and_links_below(page: Page, scripted: ScriptedServer) -> None:
    below = f"{scripted.url}/below"
    scripted.scripts["how"] = answered("It is so [1].")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    await page.goto(f"{below}/")
    await expect(page.locator("input")).to_be_focused()
    await page.keyboard.type("how")
    await page.keyboard.press("Enter")
    await expect(page.locator(".now")).to_contain_text("Answered after")
    assert page.url == f"{below}/?q=how"
    assert await hrefs(page, ".cite") == [f"{below}/library/starter/page-1"]
    assert await hrefs(page, "header a") == [f"{below}/"]
    assert len(asked) > 4
    assert all(url.startswith(f"{below}/") for url in asked)


async def test_an_answer_and_a_document_link_below(page: Page, scripted: ScriptedServer) -> None:
    below = f"{scripted.url}/below"
    url = "/library/notes/deep/one"
    source = Source(index=1, title="One", url=url, site="", published=None, quote="One.", link=url)
    scripted.plain = answer_page(
        Answer(question="q", text="One [1].", status="completed", sources=(source,))
    )
    await page.goto(f"{below}/answer?q=q")
    assert await hrefs(page, "#source-1 a") == [f"{below}{url}"]
    assert await hrefs(page, "header a") == [f"{below}/"]
    scripted.plain = document_page(
        Document(url=url, title="One", text="One.", via="library"), "notes"
    )
    await page.goto(f"{below}{url}")
    assert await hrefs(page, "header a") == [f"{below}/"]
    assert await hrefs(page, "link[rel=stylesheet]") == [f"{below}/page/style.css"]
    assert await page.locator("form").evaluate("one => one.action") == f"{below}/answer"


async def hrefs(page: Page, selector: str) -> list[str]:
    """Where links lead, without their fragments."""
    found: list[str] = await page.locator(selector).evaluate_all(
        "all => all.map((one) => one.href)"
    )
    return [one.partition("#")[0] for one in found]
