"""Pages in other scripts are read, whatever their headers say of the charset."""

from __future__ import annotations

from collections.abc import AsyncGenerator

import pytest

from codexity.adapters.extract.process import ProcessExtractor
from codexity.adapters.fetch.media import judged
from codexity.errors import Unreadable
from codexity.ports import Extractor, Fetched

JAPANESE = "春の池に鷺が一羽立っていて、小さな魚が近づくのをじっと待っている。"
CHINESE = "春天的池塘里站着一只苍鹭，它静静地等待着小鱼慢慢游近身边。"
KOREAN = "봄날의 연못에 왜가리 한 마리가 서서 작은 물고기가 다가오기를 가만히 기다리고 있다. "
RUSSIAN = "Цапля стоит в мелкой воде и ждёт, пока маленькая рыба подплывёт поближе. "


@pytest.fixture(scope="module")
async def extractor() -> AsyncGenerator[ProcessExtractor]:
    async with ProcessExtractor(workers=1, seconds=20) as made:
        yield made


@pytest.mark.parametrize("declared", [None, "meta", "header", "wrongly utf-8", "wrongly ascii"])
@pytest.mark.parametrize(
    ("encoding", "words"),
    [
        ("shift_jis", JAPANESE),
        ("gbk", CHINESE),
        ("euc-kr", KOREAN),
        ("windows-1251", RUSSIAN),
        ("utf-16-be", RUSSIAN),
    ],
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


GERMAN = "Der Schlüssel für die Tür hängt höher, als Gäste greifen können. "
GREEK = "Ο ερωδιός στέκεται στα ρηχά νερά και περιμένει το μικρό ψάρι. "


def page_in(body: bytes, charset: str | None = None, media_type: str = "text/html") -> Fetched:
    return Fetched(url="https://example.org/", media_type=media_type, charset=charset, body=body)


def html(words: str, encoding: str, *, named: str = "") -> bytes:
    head = f'<meta charset="{named}">' if named else ""
    return f"<!doctype html>{head}<title>x</title><p>{words}</p>".encode(encoding)


@pytest.mark.parametrize("media_type", ["text/html", "text/plain", "text/markdown"])
@pytest.mark.parametrize("charset", [None, "utf-8", "iso-8859-1", "windows-1251"])
@pytest.mark.parametrize("words", [GERMAN, RUSSIAN, JAPANESE, GREEK])
@pytest.mark.parametrize("stray", [b"\xfc", b"\xe9", b"\x92", b"\xff", b"\xe2\x80"])
async def test_one_stray_byte_costs_itself_alone(
    extractor: Extractor, stray: bytes, words: str, charset: str | None, media_type: str
) -> None:
    body = (words * 3).encode() + b" G" + stray + b"nther. " + (words * 3).encode()
    if media_type == "text/html":
        body = b"<!doctype html><title>x</title><p>" + body + b"</p>"
    page = await extractor.extract(page_in(body, charset, media_type))
    assert page.text.count(words.strip()) == 6
    assert "G\ufffdnther" in page.text


@pytest.mark.parametrize("ending", ["ü", "ж", "語", "🚢"])
async def test_a_document_cut_inside_a_character_loses_that_alone(
    extractor: Extractor, ending: str
) -> None:
    whole = (GERMAN * 6 + ending).encode()
    page = await extractor.extract(page_in(whole[:-1], media_type="text/plain"))
    assert page.text == (GERMAN * 6).strip()


@pytest.mark.parametrize("charset", [None, "utf-8", "iso-8859-1", "windows-1252", "x-unknown"])
@pytest.mark.parametrize(
    "words", [GERMAN, "«LIBERTÉ», dit-on à l'été. L'accès est gêné, côté sud. "]
)
async def test_what_is_windows_1252_is_read_as_that(
    extractor: Extractor, words: str, charset: str | None
) -> None:
    for body in (html(words * 6, "cp1252", named=charset or ""), html(words * 6, "cp1252")):
        page = await extractor.extract(page_in(body, charset))
        assert words.strip() in page.text


@pytest.mark.parametrize("words", [GERMAN, RUSSIAN, GREEK, CHINESE + " "])
@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("media_type", ["text/html", "text/plain"])
async def test_utf_16_without_its_mark_is_told_by_its_bytes(
    extractor: Extractor, media_type: str, encoding: str, words: str
) -> None:
    body = html(words * 8, encoding) if media_type == "text/html" else (words * 8).encode(encoding)
    assert judged(media_type, "/", body) == media_type
    page = await extractor.extract(page_in(body, media_type=media_type))
    assert words.strip() in page.text


@pytest.mark.parametrize("charset", ["utf-16le", "UTF-16BE"])
async def test_utf_16_of_a_header_needs_no_nul(extractor: Extractor, charset: str) -> None:
    body = (CHINESE * 8).encode(charset)
    page = await extractor.extract(page_in(body, charset.lower(), "text/plain"))
    assert CHINESE in page.text


@pytest.mark.parametrize("named", ["utf-16", "utf-16le", "utf-32"])
async def test_what_was_read_in_bytes_is_no_utf_16(extractor: Extractor, named: str) -> None:
    page = await extractor.extract(page_in(html(GERMAN * 6, "cp1252", named=named), named))
    assert GERMAN.strip() in page.text


@pytest.mark.parametrize(
    "body", [bytes(range(256)) * 8, b"\x00\x01\x02\x03" * 400, b"a\0\x01\0" * 99]
)
async def test_bytes_with_nuls_are_not_all_text(extractor: Extractor, body: bytes) -> None:
    with pytest.raises(Unreadable) as refused:
        await extractor.extract(page_in(body, media_type="text/plain"))
    assert refused.value.code == "bad_content"


@pytest.mark.parametrize(
    ("charset", "named"),
    [
        (None, "ISO-2022-JP"),
        ("iso-2022-jp", ""),
        ("csiso2022jp", ""),
        (None, ""),
        ("utf-8", "utf-8"),
        ("utf-7", ""),
    ],
)
async def test_seven_bit_japanese_is_read(
    extractor: Extractor, charset: str | None, named: str
) -> None:
    page = await extractor.extract(page_in(html(JAPANESE * 6, "iso2022_jp", named=named), charset))
    assert JAPANESE * 6 in page.text
    assert "$B" not in page.text


async def test_one_odd_character_of_seven_bit_japanese_costs_itself(extractor: Extractor) -> None:
    odd = b"\x1b$B-!-\x1b(B \x1b(I1\x1b(B \x1b$B\x22\x7e\x7e\x7e\x1b(B"
    body = html(JAPANESE * 6, "iso2022_jp").replace(b"<p>", b"<p>" + odd)
    page = await extractor.extract(page_in(body))
    assert "①" in page.text
    assert "ｱ" in page.text
    assert JAPANESE * 6 in page.text


@pytest.mark.parametrize(
    ("encoding", "words", "charset"),
    [
        ("hz", CHINESE, "hz-gb-2312"),
        ("hz", CHINESE, None),
        ("hz", CHINESE, "utf-8"),
        ("iso2022_kr", "이 새는 바람을 향해 날면서 한곳에 머무른다. ", "iso-2022-kr"),
        ("iso2022_kr", "이 새는 바람을 향해 날면서 한곳에 머무른다. ", None),
        ("utf-7", RUSSIAN, "utf-7"),
    ],
)
async def test_seven_bits_that_no_browser_reads_are_refused(
    extractor: Extractor, encoding: str, words: str, charset: str | None
) -> None:
    body = ("<!doctype html><title>x</title>" + f"<p>{words}\n</p>" * 9).encode(encoding)
    with pytest.raises(Unreadable) as refused:
        await extractor.extract(page_in(body, charset))
    assert refused.value.code == "bad_content"
    assert "browsers do not read" in refused.value.message


@pytest.mark.parametrize("charset", ["utf-7", "unicode_escape", "raw_unicode_escape", "cp037"])
@pytest.mark.parametrize("place", ["header", "meta"])
async def test_a_name_that_browsers_do_not_know_is_no_charset(
    extractor: Extractor, charset: str, place: str
) -> None:
    words = r"The heron \u0069gnores what stands in +shallow water, and waits for a fish. "
    words = words if charset != "utf-7" else words.replace("+", "")
    body = html(words * 3, "ascii", named=charset if place == "meta" else "")
    page = await extractor.extract(page_in(body, charset if place == "header" else None))
    assert words.strip() in page.text


@pytest.mark.parametrize(
    "text",
    [
        "The log has \x1b[31mred\x1b[0m and \x1b(Bplain lines, and goes on for a while. ",
        "In bash ~{a,b} and ${c~} are written, and ~} ends nothing at all, as people know. ",
        '<meta charset="hz-gb-2312"> was an old way to write ~{VPND~}, which is rare today. It is ',
    ],
)
async def test_text_with_signs_of_such_charsets_is_text(extractor: Extractor, text: str) -> None:
    page = await extractor.extract(page_in(text.encode() * 3, media_type="text/plain"))
    assert "~{" in page.text or "plain lines" in page.text


async def test_a_commented_name_is_none(extractor: Extractor) -> None:
    body = b'<!-- <meta charset="windows-1251"> -->' + html(GREEK * 6, "cp1253", named="cp1253")
    page = await extractor.extract(page_in(body))
    assert GREEK.strip() in page.text
