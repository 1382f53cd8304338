"""Pages in other scripts are read, whatever their headers say of the charset."""

from __future__ import annotations

from collections.abc import AsyncGenerator

import pytest

from codexity.adapters.extract.process import ProcessExtractor
from codexity.ports import Extractor, Fetched

JAPANESE = "春の池に鷺が一羽立っていて、小さな魚が近づくのをじっと待っている。"
CHINESE = "春天的池塘里站着一只苍鹭，它静静地等待着小鱼慢慢游近身边。"
RUSSIAN = "Цапля стоит в мелкой воде и ждёт, пока маленькая рыба подплывёт поближе. "


@pytest.fixture(scope="module")
async def extractor() -> AsyncGenerator[ProcessExtractor]:
    async with ProcessExtractor(workers=1, seconds=20) as made:
        yield made


@pytest.mark.parametrize("declared", [None, "meta", "header", "wrongly utf-8", "wrongly ascii"])
@pytest.mark.parametrize(
    ("encoding", "words"),
    [("shift_jis", JAPANESE), ("gbk", CHINESE), ("windows-1251", RUSSIAN), ("utf-16-be", RUSSIAN)],
)
async def test_the_charset_of_other_scripts_is_found(
    extractor: Extractor, encoding: str, words: str, declared: str | None
) -> None:
    named = {"meta": encoding, "wrongly utf-8": "utf-8"}.get(declared or "")
    head = f'<meta charset="{named}">' if named else ""
    body = f"<!doctype html>{head}<title>x</title><p>{words * 30}</p>".encode(encoding)
    if encoding == "utf-16-be":
        body = b"\xfe\xff" + body
    charset = {"header": encoding, "wrongly ascii": "us-ascii"}.get(declared or "")
    fetched = Fetched(
        url="https://example.org/", media_type="text/html", charset=charset, body=body
    )
    page = await extractor.extract(fetched)
    assert words.strip() in page.text
