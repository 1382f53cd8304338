"""The page in a real browser when things are not as hoped: failures, foreign text, phones."""

from __future__ import annotations

import pytest
from playwright.async_api import Browser, Page, expect
from scripted_server import Hangup, Hold, ScriptedServer
from told import answered, begun, done, source, token


async def test_nothing_found_says_what_was_tried(page: Page, scripted: ScriptedServer) -> None:
    tried = [{"what": "duckduckgo", "said": "No results."}]
    problem = {
        "code": "no_results",
        "message": "No search results found",
        "retryable": False,
        "tried": tried,
    }
    scripted.scripts["q"] = [*begun()[:3], ("error", problem), done("no_evidence")]
    await page.goto(f"{scripted.url}/?q=q")
    await expect(page.locator(".now")).to_have_text("No answer found after 2.3 s")
    await expect(page.locator(".problem")).to_contain_text("No search results found")
    await expect(page.locator(".problem li")).to_have_text("duckduckgo: No results.")
    await expect(page.locator(".work li").first).to_be_hidden()
    await page.get_by_role("button", name="Try again").click()
    await expect(page.locator(".problem li")).to_have_text("duckduckgo: No results.")
    assert scripted.asked == ["q", "q"]


async def test_what_is_told_as_tried_is_not_told_as_left_out_too(
    page: Page, scripted: ScriptedServer
) -> None:
    told = [("library", "It found nothing."), ("duckduckgo", "It asked for a captcha.")]
    skipped = [
        ("skipped", {"stage": "search", "what": what, "why": why, "code": "x"})
        for what, why in (*told, ("https://slow.example/", "Too slow."))
    ]
    problem = {
        "code": "no_results",
        "message": "No search results found",
        "retryable": False,
        "tried": [{"what": what, "said": why} for what, why in told],
    }
    scripted.scripts = {
        "one": [*begun()[:3], *skipped[:2], ("error", problem), done("no_evidence")],
        "two": [*begun()[:3], *skipped, ("error", problem), done("no_evidence")],
    }
    await page.goto(f"{scripted.url}/?q=one")
    await expect(page.locator(".problem li")).to_have_count(2)
    await expect(page.locator(".skipped")).to_be_hidden()
    await page.goto(f"{scripted.url}/?q=two")
    await expect(page.locator(".problem li")).to_have_count(2)
    await expect(page.locator(".skipped summary")).to_have_text("Left out: 1")
    await expect(page.locator(".skipped li")).to_contain_text("Too slow.")


async def test_a_failed_run_is_told(page: Page, scripted: ScriptedServer) -> None:
    problem = {"code": "model_failed", "message": "The model gave up.", "retryable": True}
    scripted.scripts["q"] = [*begun(), ("error", problem), done("failed")]
    await page.goto(f"{scripted.url}/?q=q")
    await expect(page.locator(".now")).to_have_text("Failed after 2.3 s")
    await expect(page.get_by_role("alert")).to_contain_text("The model gave up.")


async def test_a_lost_connection_is_told(page: Page, scripted: ScriptedServer) -> None:
    scripted.scripts["q"] = [*begun(), token("Half"), Hangup()]
    await page.goto(f"{scripted.url}/?q=q")
    await expect(page.locator(".now")).to_have_text("Broken off")
    await expect(page.get_by_role("alert")).to_contain_text("no longer kept")
    await expect(page.locator(".answer")).to_have_text("Half")
    assert scripted.asked == ["q"]
    assert len(scripted.resumed) == 1


async def test_a_question_that_is_not_taken_is_told(page: Page, scripted: ScriptedServer) -> None:
    await page.goto(f"{scripted.url}/?q=unscripted")
    await expect(page.get_by_role("alert")).to_contain_text("could not be reached, or did not take")
    scripted.scripts["unscripted"] = answered("Now [1].")
    await page.get_by_role("button", name="Try again").click()
    await expect(page.locator(".now")).to_have_text("Answered after 2.3 s")


async def test_a_silent_server_is_told(page: Page, scripted: ScriptedServer) -> None:
    await page.clock.install()
    silence = Hold()
    scripted.scripts["q"] = [silence, *answered("It is so [1].")]
    await page.goto(f"{scripted.url}/?q=q")
    await silence.reached.wait()
    await page.clock.fast_forward(39_000)
    await expect(page.get_by_role("button", name="Stop")).to_be_visible()
    # All of them anew: the stream may have opened only now, and silence counts from there.
    await page.clock.fast_forward(41_000)
    await expect(page.get_by_role("alert")).to_contain_text("for 40 seconds")


async def test_foreign_text_never_runs_and_never_links(
    page: Page, scripted: ScriptedServer
) -> None:
    evil = "<img src=x onerror=\"document.title='owned'\"><script>alert(1)</script>"
    bad = source(1, title=evil, quote=evil, site=evil, url="javascript:a", link="javascript:a")
    fine = source(2, title="Fine", link="https://fine.example/#:~:text=a")
    script = answered(f"{evil} [1] **{evil}** `{evil}` [9] [2]", bad, fine)
    skipped = {"stage": "read", "what": "data:text/html,x", "why": evil, "code": "empty"}
    scripted.scripts["q"] = [*script[:6], ("skipped", skipped), *script[6:]]
    await page.goto(f"{scripted.url}/?q=q")
    await expect(page.locator(".now")).to_have_text("Answered after 2.3 s")
    await expect(page.locator(".answer code")).to_have_text(evil)
    await expect(page.locator(".answer")).to_contain_text("[9]")
    assert await page.locator("article img, article script").count() == 0
    links = await page.locator("article a").evaluate_all("all => all.map((one) => one.href)")
    assert {link.split(":")[0] for link in links} == {"https"}
    assert await page.locator(".answer a.cite").all_inner_texts() == ["2"]
    assert await page.title() == "q · Codexity"


async def test_marks_that_are_cut_anywhere_become_what_they_are(
    page: Page, scripted: ScriptedServer
) -> None:
    code = "```python\nx = [1]  # **not bold**\n```\n"
    text = f"## Head\n\n1. first [1]\n2. second\n\n{code}after **kwargs"
    scripted.scripts["q"] = [*begun(), *(token(letter) for letter in text), done()]
    await page.goto(f"{scripted.url}/?q=q")
    await expect(page.locator(".now")).to_have_text("Answered after 2.3 s")
    await expect(page.locator(".answer strong")).to_have_text("Head")
    await expect(page.locator(".answer ol li")).to_have_text(
        ["first 1", "second"], use_inner_text=True
    )
    await expect(page.locator(".answer pre")).to_have_text("x = [1]  # **not bold**\n")
    await expect(page.locator(".answer p").last).to_have_text("after **kwargs")


async def test_the_focus_outlives_the_next_token(page: Page, scripted: ScriptedServer) -> None:
    hold = Hold()
    scripted.scripts["q"] = [*begun(), token("One [1] and"), hold, token(" two [2]."), done()]
    await page.goto(f"{scripted.url}/?q=q")
    await page.locator(".cite").first.focus()
    hold.released.set()
    await expect(page.locator(".now")).to_have_text("Answered after 2.3 s")
    await expect(page.locator(".cite")).to_have_count(2)
    await expect(page.locator(".cite").first).to_be_focused()


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_nothing_runs_out_of_a_phone(
    browser: Browser, scripted: ScriptedServer, scheme: str
) -> None:
    word = "w" * 300
    scripted.scripts["q"] = answered(
        f"{word} `{word}` [1]\n\n```\n{word}\n```", source(1, title=word, quote=word, site=word)
    )
    context = await browser.new_context(
        viewport={"width": 360, "height": 640},
        color_scheme="dark" if scheme == "dark" else "light",
    )
    page = await context.new_page()
    await page.goto(f"{scripted.url}/?q=q")
    await expect(page.locator(".now")).to_have_text("Answered after 2.3 s")
    await page.locator(".cite").focus()
    await expect(page.locator(".card")).to_be_visible()
    assert await page.evaluate("document.documentElement.scrollWidth") == 360
    await context.close()


async def test_without_javascript_the_form_answers(
    browser: Browser, scripted: ScriptedServer
) -> None:
    context = await browser.new_context(java_script_enabled=False)
    page = await context.new_page()
    await page.goto(scripted.url)
    await expect(page.locator("noscript")).to_be_visible()
    await page.fill("input", "how?")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("The whole answer")).to_be_visible()
    assert page.url == f"{scripted.url}/answer?q=how%3F"
    assert scripted.asked == ["how?"]
    await context.close()


async def test_the_complaints_of_the_policy_are_heard(
    page: Page, scripted: ScriptedServer, complaints: list[str]
) -> None:
    await page.goto(scripted.url)
    heard = await page.evaluate(
        """() => new Promise((hear) => {
            const told = (event) => hear(event.effectiveDirective);
            document.addEventListener("securitypolicyviolation", told);
            const script = document.createElement("script");
            script.src = "http://127.0.0.1:9/x.js";
            document.body.append(script);
        })"""
    )
    assert heard == "script-src-elem"
    assert "Content Security Policy" in complaints.pop()
