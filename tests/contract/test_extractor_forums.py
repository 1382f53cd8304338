"""Of a page that people write together, what they came for is read."""

from __future__ import annotations

from collections.abc import AsyncGenerator

import pytest

from codexity.adapters.extract.process import ProcessExtractor
from codexity.ports import Extractor, Fetched

QUESTION = "Why does my heron stand on one leg the whole day, and is it well? " * 3
ANSWER = "It keeps the other one warm, and changes legs when nobody looks at it. " * 6
ASIDE = "Mine does the same, thank you for asking about it before I had to. " * 3
THREAD = '<script type="application/ld+json">{"@type": "DiscussionForumPosting"}</script>'
QUESTIONS = '<script type="application/ld+json">{"@type": "QAPage"}</script>'


@pytest.fixture(scope="module")
async def extractor() -> AsyncGenerator[ProcessExtractor]:
    async with ProcessExtractor(workers=1, seconds=20) as made:
        yield made


async def read(extractor: Extractor, mark: str, body: str) -> str:
    page = (
        f"<!doctype html><html><head><title>Herons</title>{mark}</head><body>{body}</body></html>"
    )
    fetched = Fetched(
        url="https://pond.example/t/1", media_type="text/html", charset=None, body=page.encode()
    )
    return (await extractor.extract(fetched)).text


@pytest.mark.parametrize(("mark", "said"), [(THREAD, True), ("", False)], ids=["thread", "article"])
async def test_the_replies_of_a_thread_are_its_text(
    extractor: Extractor, mark: str, said: bool
) -> None:
    replies = "".join(f"<li><div><p>{number}. {ANSWER}</p></div></li>" for number in range(3))
    body = f"""<main><article><h1>One leg</h1><p>{QUESTION * 10}</p></article>
<div class="comments-content"><ul>{replies}</ul></div></main>"""
    text = await read(extractor, mark, body)
    assert QUESTION.strip() in text
    assert (ANSWER.strip() in text) is said


@pytest.mark.parametrize(("mark", "said"), [(QUESTIONS, False), ("", True)], ids=["page", "other"])
async def test_what_is_said_about_answers_is_not_the_text_of_a_page_of_them(
    extractor: Extractor, mark: str, said: bool
) -> None:
    asides = f'<div class="comments"><span>{ASIDE}</span></div>'
    posts = "".join(f"<div><div>{number}. {ANSWER}</div>{asides}</div>" for number in range(8))
    body = f"<main><article><h1>One leg</h1><p>{QUESTION * 2}</p></article>{asides}{posts}</main>"
    text = await read(extractor, mark, body)
    assert ANSWER.strip() in text
    assert (ASIDE.strip() in text) is said
