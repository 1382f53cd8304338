"""The page in a real browser: asking, watching, checking the sources, stopping."""

from __future__ import annotations

import pytest
from playwright.async_api import Browser, Page, expect
from scripted_server import Hold, ScriptedServer
from told import QUOTE, answered, begun, done, status, token

ANSWER = (
    "The `with` statement **wraps** a block [1]. It calls a context manager [2].\n\n- one\n- two"
)


async def test_asks_and_shows_a_cited_answer(page: Page, scripted: ScriptedServer) -> None:
    scripted.scripts["how does with work?"] = answered(ANSWER)
    await page.goto(scripted.url)
    await expect(page.locator("input")).to_be_focused()
    await page.keyboard.type("how does with work?")
    await page.keyboard.press("Enter")
    await expect(page.locator(".now")).to_have_text("Answered after 2.3 s")
    await expect(page.locator(".answer > p")).to_have_text(
        "The with statement wraps a block 1. It calls a context manager 2.", use_inner_text=True
    )
    await expect(page.locator(".answer code")).to_have_text("with")
    await expect(page.locator(".answer strong")).to_have_text("wraps")
    await expect(page.locator(".answer li")).to_have_text(["one", "two"])
    await expect(page.locator(".answer .cite")).to_have_text(["1", "2"])
    await expect(page.locator(".sources li")).to_have_count(2)
    await expect(page.locator(".sources q").first).to_have_text(QUOTE)
    # What overrides the direction of a title turns nothing around that stands beside it.
    for foreign in (".sources a", ".sources q"):
        await expect(page.locator(foreign).first).to_have_css("unicode-bidi", "isolate")
    await page.get_by_text("Left out: 1").click()
    await expect(page.locator(".skipped li")).to_contain_text("did not answer within 8 seconds")
    await expect(page).to_have_title("how does with work? · Codexity")
    assert page.url == f"{scripted.url}/?q=how+does+with+work%3F"
    assert scripted.asked == ["how does with work?"]


async def test_tells_the_steps_while_they_happen(page: Page, scripted: ScriptedServer) -> None:
    reading, writing = Hold(), Hold()
    told = begun()
    scripted.scripts["q"] = [
        *told[:7],
        reading,
        *told[7:],
        token("Half an ans"),
        writing,
        token("wer."),
        done(),
    ]
    await page.goto(f"{scripted.url}/?q=q")
    await reading.reached.wait()
    await expect(page.locator(".now")).to_have_text("Reading what was found")
    await expect(page.locator(".work li")).to_have_text(
        [
            "Understanding the question",
            "Looking for with statement · python context manager",
            "Searching",
            "12 results found",
            "Reading what was found",
            "Read Compound statements",
        ]
    )
    await expect(page.locator(".skipped summary")).to_have_text("Left out: 1")
    reading.released.set()
    await writing.reached.wait()
    await expect(page.locator(".answer")).to_have_text("Half an ans")
    await expect(page.locator(".now")).to_have_text("Writing with small-model")
    await expect(page.locator(".answer")).to_have_attribute("aria-busy", "true")
    writing.released.set()
    await expect(page.locator(".answer")).to_have_text("Half an answer.")
    await expect(page.locator(".answer")).to_have_attribute("aria-busy", "false")


async def test_waits_for_its_turn(page: Page, scripted: ScriptedServer) -> None:
    turn = Hold()
    scripted.scripts["q"] = [status("queued", place=3), turn, *answered("Now [1].")]
    await page.goto(f"{scripted.url}/?q=q")
    await expect(page.locator(".now")).to_have_text("Waiting for its turn, number 3")
    turn.released.set()
    await expect(page.locator(".now")).to_have_text("Answered after 2.3 s")


async def test_a_citation_shows_its_quote_to_mouse_and_keyboard(
    page: Page, scripted: ScriptedServer
) -> None:
    scripted.scripts["q"] = answered(ANSWER)
    await page.goto(f"{scripted.url}/?q=q")
    cite, card = page.locator(".cite").first, page.locator(".card").first
    await expect(page.locator(".now")).to_contain_text("Answered")
    await expect(card).to_be_hidden()
    await cite.hover()
    await expect(card).to_be_visible()
    await expect(card.locator("q")).to_have_text(QUOTE)
    await expect(card.locator("a")).to_have_text("The with statement")
    await card.locator("q").hover()
    await expect(card).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(card).to_be_hidden()
    await page.mouse.move(0, 0)
    await cite.focus()
    await expect(card).to_be_visible()
    async with page.context.expect_page() as opened:
        await page.keyboard.press("Enter")
    tab = await opened.value
    assert await tab.evaluate("window.opener") is None
    assert tab.url.startswith(f"{scripted.url}/library/starter/page-1")


async def test_a_tap_shows_the_quote_and_a_second_opens_the_page(
    browser: Browser, scripted: ScriptedServer
) -> None:
    scripted.scripts["q"] = answered(ANSWER)
    context = await browser.new_context(has_touch=True, viewport={"width": 360, "height": 700})
    page = await context.new_page()
    await page.goto(f"{scripted.url}/?q=q")
    await expect(page.locator(".now")).to_contain_text("Answered")
    await page.locator(".cite").first.tap()
    await expect(page.locator(".card").first).to_be_visible()
    assert len(context.pages) == 1
    async with context.expect_page() as opened:
        await page.locator(".cite").first.tap()
    assert "/library/starter/page-1" in (await opened.value).url
    await context.close()


async def test_stop_tells_the_server_and_says_so(page: Page, scripted: ScriptedServer) -> None:
    hold = Hold()
    scripted.scripts["q"] = [*begun(), token("So far [1]"), hold, token(" and on"), done()]
    await page.goto(f"{scripted.url}/?q=q")
    await expect(page.locator(".answer")).to_contain_text("So far")
    async with page.expect_response("**/runs/*") as answered_stop:
        await page.get_by_role("button", name="Stop").click()
    assert (await answered_stop.value).request.method == "DELETE"
    await expect(page.locator(".now")).to_have_text("Stopped")
    await expect(page.get_by_role("button", name="Ask")).to_be_visible()
    await expect(page.locator(".problem")).to_be_hidden()
    assert scripted.stopped == ["run1"]
    assert scripted.asked == ["q"]


async def test_a_stop_that_the_server_did_not_confirm_is_told(
    page: Page, scripted: ScriptedServer
) -> None:
    scripted.stop_status = 500
    scripted.scripts["q"] = [*begun(), Hold()]
    await page.goto(f"{scripted.url}/?q=q")
    await expect(page.locator(".now")).to_have_text("Writing with small-model")
    await page.get_by_role("button", name="Stop").click()
    await expect(page.locator(".problem")).to_contain_text("did not confirm that it stopped")


@pytest.mark.parametrize("ask", ["yes", "no"])
async def test_an_address_asks_at_once_unless_another_site_sent_it(
    page: Page, scripted: ScriptedServer, ask: str
) -> None:
    scripted.ask = ask
    scripted.scripts["what is it?"] = answered("This [1].")
    await page.goto(f"{scripted.url}/?q=what+is+it%3F")
    await expect(page.locator("input")).to_have_value("what is it?")
    if ask == "no":
        await expect(page.locator("#hint")).to_contain_text("Press Ask if it is yours")
        assert scripted.asked == []
        await page.get_by_role("button", name="Ask").click()
    await expect(page.locator(".now")).to_have_text("Answered after 2.3 s")
    assert scripted.asked == ["what is it?"]
    assert scripted.resumed == []


async def test_going_back_shows_what_was_and_asks_nothing(
    page: Page, scripted: ScriptedServer
) -> None:
    hold = Hold()
    scripted.scripts = {"one": answered("First [1]."), "two": [*begun(), token("Sec"), hold]}
    await page.goto(f"{scripted.url}/?q=one")
    await expect(page.locator(".now")).to_contain_text("Answered")
    await page.fill("input", "two")
    await page.keyboard.press("Enter")
    await expect(page.locator(".answer")).to_have_text("Sec")
    await page.go_back()
    await expect(page.locator(".answer")).to_contain_text("First")
    await expect(page.locator("input")).to_have_value("one")
    await expect(page).to_have_title("one · Codexity")
    await page.go_forward()
    await expect(page.locator(".now")).to_have_text("Stopped")
    assert scripted.stopped == ["run2"]
    assert scripted.asked == ["one", "two"]


async def test_a_new_question_ends_the_stream_before(page: Page, scripted: ScriptedServer) -> None:
    scripted.scripts = {"one": [*begun(), Hold()], "two": answered("Second [1].")}
    await page.goto(f"{scripted.url}/?q=one")
    await expect(page.locator(".now")).to_have_text("Writing with small-model")
    await page.fill("input", "two")
    await page.keyboard.press("Enter")
    await expect(page.locator(".now")).to_have_text("Answered after 2.3 s")
    await expect(page.get_by_role("button", name="Ask")).to_be_visible()
    assert scripted.stopped == ["run1"]
    assert scripted.asked == ["one", "two"]
