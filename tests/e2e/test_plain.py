"""The pages that are written on the server, as a browser reads them."""

from __future__ import annotations

from playwright.async_api import Page, expect
from scripted_server import ScriptedServer

from codexity.edges.http.plain import answer_page, document_page
from codexity.links import at_quote
from codexity.model import Answer, Failure, Problem, Source
from codexity.model import Page as Document

EVIL = "<img src=x onerror=\"document.title='owned'\">"
QUOTE = "The last word of a long document is always said, at the very end, by its last block."


def cited(index: int, **other: str) -> Source:
    url = other.get("url", f"/library/notes/{index}")
    return Source(
        index=index,
        title=other.get("title", "A note"),
        url=url,
        site=other.get("site", ""),
        published="2026-10-07",
        quote=other.get("quote", QUOTE),
        link=at_quote(url, QUOTE),
    )


async def test_an_answer_is_a_whole_page(page: Page, scripted: ScriptedServer) -> None:
    scripted.plain = answer_page(
        Answer(
            question="why & how?",
            text="It is **so** [1].\n- `one` [2]\n- two\n\n1. first\n\n```\nx = [1]\n```",
            status="completed",
            sources=(cited(1), cited(2, title="Another")),
            skipped=(
                Failure(stage="read", what="https://slow.example/", why="Slow.", code="timeout"),
            ),
            seconds={"total": 1.25},
        )
    )
    await page.goto(f"{scripted.url}/answer?q=why")
    await expect(page).to_have_title("why & how? · Codexity")
    await expect(page.locator("input")).to_have_value("why & how?")
    await expect(page.locator(".now")).to_have_text("Answered after 1.2 s")
    await expect(page.locator(".answer > p")).to_have_text("It is so 1.")
    await expect(page.locator(".answer ul li")).to_have_text(["one 2", "two"])
    await expect(page.locator(".answer ol li")).to_have_text(["first"])
    await expect(page.locator(".answer pre")).to_have_text("x = [1]\n")
    await expect(page.locator(".skipped li")).to_contain_text("Slow.")
    await page.locator(".cite").nth(1).click()
    assert page.url.endswith("#source-2")
    await page.locator("#source-2 a").click()
    assert page.url.startswith(f"{scripted.url}/library/notes/2#:~:text=")


async def test_foreign_text_stays_text(page: Page, scripted: ScriptedServer) -> None:
    scripted.plain = answer_page(
        Answer(
            question=EVIL + '"',
            text=f"{EVIL} **{EVIL}** `{EVIL}` [1]",
            status="failed",
            sources=(
                cited(1, url="javascript:a", title=EVIL, site=EVIL, quote=EVIL),
                cited(2, url='https://fine.example/"><b>', title="Fine"),
            ),
            skipped=(Failure(stage="read", what="javascript:a", why=EVIL, code="empty"),),
            error=Problem(code="internal", message=EVIL, retryable=False),
        )
    )
    await page.goto(f"{scripted.url}/answer?q=x")
    await expect(page.get_by_role("alert")).to_have_text(EVIL)
    assert await page.locator("img, b").count() == 0
    links = await page.locator("section a").evaluate_all("all => all.map((one) => one.href)")
    assert [link.split(":")[0] for link in links] == ["https"]


async def test_a_text_fragment_finds_the_quote_in_a_document(
    page: Page, scripted: ScriptedServer
) -> None:
    filler = "\n\n".join(
        f"Block number {number} says nothing that matters." for number in range(99)
    )
    text = f"{EVIL}\n\n{filler}\n\nx = 1\n  y = 2\n\n{QUOTE}"
    document = Document(url="/library/notes/long", title="Long <b>", text=text, via="library")
    scripted.plain = document_page(document, "notes")
    source = f"{scripted.url}/library/notes/long"
    await page.goto(at_quote(source, "These words are nowhere in this document at all."))
    await expect(page.locator("h1")).to_have_text("Long <b>")
    await expect(page.locator(".answer p").last).to_have_text(QUOTE)
    await expect(page.locator(".answer pre")).to_have_text("x = 1\n  y = 2")
    assert await page.locator("img").count() == 0
    await expect(page.locator(".answer p").last).not_to_be_in_viewport()
    await page.goto("about:blank")
    await page.goto(at_quote(source, QUOTE))
    await expect(page.locator(".answer p").last).to_be_in_viewport()
