"""Each citation shows the very words that its sentence rests on, with and without JavaScript."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect
from scripted_server import Said, Script, ScriptedServer
from told import begun, done, source, token

from codexity.edges.http.plain import answer_page
from codexity.model import Answer, Claim, Quotation, Source

PREFACE = "This comes from afar 🌾.\n\n"
SENTENCES = (
    ("The mill grinds rye 𝄞.", 1),
    ("Its sails are nine metres long.", 1),
    ("The miller rests on Sundays.", 2),
)
BEFORE = ("", " ", "\n\n- ")
QUOTES = tuple(f"{text[:-1]}, says page {number}." for text, number in SENTENCES)
LINKS = tuple(
    f"/library/starter/page-{number}#:~:text=at{at}" for at, (_, number) in enumerate(SENTENCES)
)


def claims() -> tuple[str, list[dict[str, Any]]]:
    """An answer, and its claims with their offsets in code points."""
    text, told = PREFACE, list[dict[str, Any]]()
    for at, (sentence, number) in enumerate(SENTENCES):
        text += BEFORE[at]
        start = len(text)
        text += f"{sentence} [{number}]"
        quote = {"index": number, "text": QUOTES[at], "link": LINKS[at]}
        told.append(
            {"start": start, "end": len(text), "citations": [number], "support": "quoted",
             "checked": [], "judged": None, "quotes": [quote]}
        )  # fmt: skip
    return text, told


def script() -> Script:
    text, told = claims()
    said: list[Said] = [token(PREFACE + text[len(PREFACE) : told[0]["end"]]), ("claim", told[0])]
    for before, claim in pairwise(told):
        said += [token(text[before["end"] : claim["end"]]), ("claim", claim)]
    return [*begun(), *said, done()]


def plain_page() -> str:
    text, told = claims()
    sources = (Source(**source(1)), Source(**source(2)), Source(**source(3, quote="Unsaid.")))
    return answer_page(
        Answer(
            question="q",
            text=text,
            status="completed",
            sources=sources,
            claims=tuple(
                Claim(
                    start=one["start"],
                    end=one["end"],
                    citations=tuple(one["citations"]),
                    support="quoted",
                    quotes=tuple(Quotation(**quote) for quote in one["quotes"]),
                )
                for one in told
            ),
        )
    )


async def each_shows_its_own(page: Page) -> None:
    """Mouse and keyboard; the card's own link leads where the sentence's words stand."""
    cites, cards = page.locator(".answer .cite"), page.locator(".answer .card")
    await expect(cites).to_have_text(["1", "1", "2"])
    for at, quote in enumerate(QUOTES):
        await expect(cards.nth(at)).to_be_hidden()
        await cites.nth(at).focus()
        await expect(cards.nth(at)).to_be_visible()
        await expect(cards.nth(at).locator("q")).to_have_text([quote])
        link = await cards.nth(at).locator("a").get_attribute("href")
        assert f"/{link}" == LINKS[at]
    await page.locator("input").focus()
    await cites.nth(1).hover()
    await expect(cards.nth(1)).to_be_visible()
    await expect(cards.nth(0)).to_be_hidden()


async def test_a_citation_shows_its_sentences_own_quote(
    page: Page, scripted: ScriptedServer
) -> None:
    scripted.scripts["q"] = script()
    await page.goto(f"{scripted.url}/?q=q")
    await expect(page.locator(".now")).to_contain_text("Answered")
    await each_shows_its_own(page)
    described = page.locator(".cite").nth(1)
    assert await described.evaluate("one => one.ariaDescription") == QUOTES[1]
    assert f"/{await described.get_attribute('href')}" == LINKS[1]
    await described.focus()
    async with page.context.expect_page() as opened:
        await page.keyboard.press("Enter")
    assert "/library/starter/page-1" in (await opened.value).url


async def test_what_no_claim_speaks_of_shows_its_sources_quote(
    page: Page, scripted: ScriptedServer
) -> None:
    text, told = claims()
    scripted.scripts["q"] = [*begun(), token(f"{text} Besides [2]."), ("claim", told[2]), done()]
    await page.goto(f"{scripted.url}/?q=q")
    await expect(page.locator(".now")).to_contain_text("Answered")
    quotes = page.locator(".answer .card q")
    said = source()["quote"]
    await expect(quotes).to_have_text([said, said, QUOTES[2], said])


@pytest.mark.parametrize("scripts", [True, False])
async def test_sources_that_no_sentence_cites_come_behind_the_others(
    browser: Browser, scripted: ScriptedServer, *, scripts: bool
) -> None:
    every = [source(1, title="One"), source(2, title="Two"), source(3, title="Three")]
    scripted.scripts["q"] = [*begun(*every), token("The mill grinds rye [2]."), done()]
    answer = Answer(
        question="q",
        text="The mill grinds rye [2].",
        status="completed",
        sources=tuple(Source(**one) for one in every),
    )
    scripted.plain = answer_page(answer)
    context = await browser.new_context(java_script_enabled=scripts)
    page = await context.new_page()
    await page.goto(f"{scripted.url}/{'' if scripts else 'answer'}?q=q")
    await expect(page.locator(".now")).to_contain_text("Answered")
    told = page.locator(".sources :is(h2, li > a)")
    await expect(told).to_have_text(["Sources", "Two", "Also read", "One", "Three"])
    numbers = page.locator(".sources li")
    assert await numbers.evaluate_all("all => all.map((one) => one.value)") == [2, 1, 3]
    await context.close()


async def test_where_all_are_cited_nothing_is_said_of_others(
    page: Page, scripted: ScriptedServer
) -> None:
    scripted.scripts = {
        "all": [*begun(), token("Rye [1]. Oats [2]."), done()],
        "none": [*begun(), token("Rye, and oats."), done()],
    }
    for question in scripted.scripts:
        await page.goto(f"{scripted.url}/?q={question}")
        await expect(page.locator(".now")).to_contain_text("Answered")
        await expect(page.locator(".sources ol").first.locator("li")).to_have_count(2)
        await expect(page.get_by_text("Also read")).to_be_hidden()


async def test_a_small_screen_shows_the_whole_card_at_the_first_tap(
    browser: Browser, scripted: ScriptedServer
) -> None:
    scripted.scripts["q"] = script()
    context = await browser.new_context(
        has_touch=True, is_mobile=True, viewport={"width": 320, "height": 560}
    )
    page = await context.new_page()
    await page.goto(f"{scripted.url}/?q=q")
    await expect(page.locator(".now")).to_contain_text("Answered")
    for at, quote in enumerate(QUOTES):
        await page.locator(".cite").nth(at).tap()
        card = page.locator(".card").nth(at)
        await expect(card.locator("q")).to_have_text(quote)
        box = await card.bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 320
        assert len(context.pages) == 1
    async with context.expect_page() as opened:
        await page.locator(".cite").nth(2).tap()
    assert "/library/starter/page-2" in (await opened.value).url
    await context.close()


@pytest.mark.parametrize("touch", [False, True])
async def test_without_javascript_too_and_a_click_leads_to_the_quote(
    browser: Browser, scripted: ScriptedServer, *, touch: bool
) -> None:
    scripted.plain = plain_page()
    context = await browser.new_context(
        java_script_enabled=False, has_touch=touch, viewport={"width": 400, "height": 500}
    )
    page = await context.new_page()
    await page.goto(f"{scripted.url}/answer?q=q")
    await each_shows_its_own(page)
    for at, cite in enumerate(await page.locator(".cite").all()):
        await (cite.tap() if touch else cite.click())
        target = page.locator(f"li#{page.url.partition('#')[2]}")
        await expect(target).to_be_in_viewport()
        await expect(target).to_have_text(f"“{QUOTES[at]}”")
        assert f"/{await target.locator('a').get_attribute('href')}" == LINKS[at]
    await expect(page.locator("#source-1 li")).to_have_count(2)
    await expect(page.locator("#source-3 q")).to_have_text("Unsaid.")
    await context.close()
