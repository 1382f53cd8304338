"""Pages that are no content are refused as what they are, and articles about them are read.

The pages lie in `tests/walls`, in a folder each for what becomes of them.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from codexity.adapters.extract.process import ProcessExtractor
from codexity.errors import Unreadable
from codexity.ports import Extractor, Fetched

PAGES = Path(__file__).parents[1] / "walls"
KINDS = ("captcha", "consent_wall", "login", "error_page", "needs_javascript")


@pytest.fixture(scope="module")
async def extractor() -> AsyncGenerator[ProcessExtractor]:
    async with ProcessExtractor(workers=1, seconds=20) as made:
        yield made


async def outcomes(extractor: Extractor, folder: str) -> dict[str, str]:
    told: dict[str, str] = {}
    for path in (PAGES / folder).glob("*.html"):
        address, _, body = path.read_text(encoding="utf-8").partition("\n")
        fetched = Fetched(
            url=address.removeprefix("<!-- ").removesuffix(" -->"),
            media_type="text/html",
            charset=None,
            body=body.encode(),
        )
        try:
            await extractor.extract(fetched)
        except Unreadable as error:
            told[path.stem] = error.code
        else:
            told[path.stem] = "read"
    assert told
    return told


@pytest.mark.parametrize("kind", KINDS)
async def test_a_page_that_is_no_content_is_told_as_what_it_is(
    extractor: Extractor, kind: str
) -> None:
    told = await outcomes(extractor, kind)
    assert told == dict.fromkeys(told, kind)


async def test_an_article_that_speaks_of_them_is_read(extractor: Extractor) -> None:
    told = await outcomes(extractor, "read")
    assert told == dict.fromkeys(told, "read")


async def test_a_refusal_says_plainly_what_was_found(extractor: Extractor) -> None:
    body = b"<!doctype html><title>404 Not Found</title><h1>Not Found</h1><p>No such file.</p>"
    fetched = Fetched(url="https://site.example/a", media_type="text/html", charset=None, body=body)
    with pytest.raises(Unreadable, match=r"^The site answered with an error page\.$"):
        await extractor.extract(fetched)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("<frameset cols='20%,80%'><frame src='a'><frame src='b'></frameset>", "empty"),
        ("<body><iframe src='https://other.example/' width='100%'></iframe></body>", "empty"),
        ("<script>location.href = '/b';</script>", "needs_javascript"),
        ("<script>window.location.replace('/b')</script><p>Moved", "needs_javascript"),
        ("<script>if (location.href == '/b') { go() }</script><p>Moved", "empty"),
    ],
)
async def test_a_page_whose_text_is_elsewhere_says_so(
    extractor: Extractor, body: str, code: str
) -> None:
    source = f"<!doctype html><title>Docs</title>{body}".encode()
    fetched = Fetched(
        url="https://site.example/a", media_type="text/html", charset=None, body=source
    )
    with pytest.raises(Unreadable) as refused:
        await extractor.extract(fetched)
    assert refused.value.code == code
    assert ("made of frames" in refused.value.message) == ("frame" in body)
