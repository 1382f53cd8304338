"""Every extractor keeps the port's promises for PDF."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncGenerator, Callable
from functools import partial
from random import Random

import pytest

import pdfs
from codexity.adapters.extract.pdf.reader import read_pdf
from codexity.adapters.extract.process import ProcessExtractor
from codexity.errors import Unreadable
from codexity.model import Page
from codexity.ports import Extractor, Fetched
from codexity.text import blocks


@pytest.fixture(scope="module")
async def extractor() -> AsyncGenerator[ProcessExtractor]:
    async with ProcessExtractor(workers=1, seconds=20) as made:
        yield made


def document(body: bytes, media_type: str = "application/pdf") -> Fetched:
    url = "https://www.example.org/docs/a%20b.pdf"
    return Fetched(url=url, media_type=media_type, charset=None, body=body)


def blocks_of(page: Page) -> list[str]:
    return [page.text[start:end] for start, end in blocks(page.text)]


async def refused(extractor: Extractor, fetched: Fetched) -> Unreadable:
    with pytest.raises(Unreadable) as raised:
        await extractor.extract(fetched)
    return raised.value


async def test_a_pdf_becomes_blocks_that_know_their_page(extractor: Extractor) -> None:
    body = pdfs.pdf(
        [
            "A paragraph of three lines|which go on until they|end.||One more.".split("|"),
            [],
            ["• An item of a list", "• Another item", "1. A step (it is one)"],
        ],
        title="On Paper",
        made="D:20240102030405+01'00'",
    )
    page = await extractor.extract(document(body))
    assert (page.title, page.published, page.site) == ("On Paper", "2024-01-02", "example.org")
    assert blocks_of(page) == [
        "A paragraph of three lines which go on until they end.",
        "One more.",
        "An item of a list",
        "Another item",
        "1. A step (it is one)",
    ]
    numbers = [page.number_at(start) for start, _ in blocks(page.text)]
    assert numbers == [1, 1, 3, 3, 3]
    assert (len(page.page_starts), page.unread) == (3, 0)


async def test_a_document_without_pages_has_none(extractor: Extractor) -> None:
    page = await extractor.extract(document(b"Plain words.", "text/plain"))
    assert page.page_starts == ()
    assert page.number_at(0) is None


async def test_words_parted_at_the_end_of_a_line_are_whole_again(extractor: Extractor) -> None:
    lines = [
        "The hyphen of a word that was bro-",
        "ken goes, that of a well-",
        "known word stays, since it is well-known elsewhere, and 2010-",
        "2012 are years.",
    ]
    page = await extractor.extract(document(pdfs.pdf([lines])))
    assert page.text == (
        "The hyphen of a word that was broken goes, that of a well-known word stays, since it is"
        " well-known elsewhere, and 2010-2012 are years."
    )


async def test_running_heads_and_page_numbers_are_told_once(extractor: Extractor) -> None:
    told = [f"Chapter {word} has something of its own to say" for word in "one two three".split()]
    pages = [
        ["The Book of Paper", "", text, "and goes on", "to its end.", "", f"- {number} -"]
        for number, text in enumerate(told, start=1)
    ]
    page = await extractor.extract(document(pdfs.pdf(pages)))
    assert blocks_of(page) == [
        "The Book of Paper",
        *(f"{text} and goes on to its end." for text in told),
    ]


async def test_columns_are_read_one_after_the_other(extractor: Extractor) -> None:
    left = ["The left column comes", "first, and goes on in", "the middle of a"]
    right = ["sentence at the top of", "the right one."]
    drawn = b"".join(
        pdfs.words_at(x, 700 - 13 * at, line)
        for x, lines in ((72, left), (320, right))
        for at, line in enumerate(lines)
    )
    page = await extractor.extract(document(pdfs.of_streams([drawn])))
    assert blocks_of(page) == [" ".join(left + right)]


async def test_the_title_of_a_pdf_is_its_largest_line_else_its_name(extractor: Extractor) -> None:
    heading = pdfs.words_at(72, 650, "On the Making of Paper", 20)
    small = b"".join(
        pdfs.words_at(72, y, "Words of the usual size stand here, and they end so.")
        for y in (700, 600, 585)
    )
    body = pdfs.of_streams([small + heading], title="Microsoft Word - draft.docx")
    assert (await extractor.extract(document(body))).title == "On the Making of Paper"
    long = ["A paragraph without any heading that is far too long to be one."] * 5
    assert (await extractor.extract(document(pdfs.pdf([long])))).title == "a b.pdf"


async def test_what_is_drawn_outside_of_the_page_is_not_read(extractor: Extractor) -> None:
    shown = pdfs.words_at(72, 700, "This is on the page.")
    hidden = pdfs.words_at(72, -100, "Obey this.") + pdfs.words_at(900, 700, "Obey that.")
    assert (await extractor.extract(document(pdfs.of_streams([shown + hidden])))).text == (
        "This is on the page."
    )


@pytest.mark.parametrize(
    ("body", "code", "said"),
    [
        (pdfs.locked(), "bad_content", "password"),
        (b"%PDF-1.7 and nothing of one", "bad_content", "damaged"),
        (pdfs.pdf([["Words"]])[:300], "bad_content", "damaged"),
        (b"<html>An error page under a wrong name", "bad_content", "damaged"),
        (pdfs.picture_only(), "empty", "scanned"),
        (pdfs.looped(), "bad_content", "damaged"),
        (pdfs.nested(), "empty", "scanned"),
    ],
)
async def test_a_pdf_without_text_says_why(
    extractor: Extractor, body: bytes, code: str, said: str
) -> None:
    error = await refused(extractor, document(body))
    assert (error.code, said in error.message) == (code, True)


async def test_a_pdf_that_unpacks_to_more_than_memory_is_bad_content(extractor: Extractor) -> None:
    assert (await refused(extractor, document(pdfs.bomb(40_000_000)))).code == "bad_content"
    assert (
        await extractor.extract(document(pdfs.pdf([["Words are here."]])))
    ).text == "Words are here."


async def test_of_a_pdf_of_thousands_of_pages_the_first_are_read(extractor: Extractor) -> None:
    page = await extractor.extract(
        document(pdfs.pdf([[f"Page {at} is here."] for at in range(2_100)]))
    )
    assert (len(page.page_starts), page.unread) == (2_000, 100)
    assert page.text[page.page_starts[1_999] :] == "Page 1999 is here."
    assert page.number_at(page.page_starts[1_999]) == 2_000


@pytest.mark.soak
@pytest.mark.parametrize(
    "made", [partial(pdfs.bomb, 900_000_000, 3), partial(pdfs.bomb, 40_000_000, 1), pdfs.laughing]
)
async def test_whatever_a_pdf_grows_into_it_is_bad_content(
    extractor: Extractor, made: Callable[[], bytes]
) -> None:
    assert (await refused(extractor, document(made()))).code == "bad_content"


async def test_a_form_within_a_form_is_read(extractor: Extractor) -> None:
    assert (await extractor.extract(document(pdfs.laughing(3, 1)))).text == "ha"


def test_a_title_that_is_no_text_does_not_keep_the_text_away() -> None:
    body = pdfs.pdf([["Words are here."]], title="AB").replace(b"feff0041", b"feffd900")
    assert b"feffd900" in body
    page = read_pdf(body, "https://example.org/a.pdf")
    assert (page.title, page.text) == ("Words are here.", "Words are here.")


def test_a_pdf_with_faults_is_a_page_or_unreadable() -> None:
    chance = Random(4)
    whole = [pdfs.pdf([["Words are bro-", "ken here."], ["More."]], title="A title"), pdfs.locked()]
    outcomes: Counter[str] = Counter()
    for _ in range(200):
        body = pdfs.mutated(chance.choice(whole), chance)
        try:
            page = read_pdf(body, "https://example.org/a.pdf")
        except Unreadable as error:
            outcomes[error.code] += 1
        else:
            outcomes["page"] += 1
            assert list(page.page_starts) == sorted(page.page_starts)
    assert outcomes["page"] > 10
    assert outcomes["bad_content"] > 10


def test_what_was_read_when_the_time_is_up_is_kept() -> None:
    body = pdfs.pdf([[f"Page {at} is here."] for at in range(10)])
    page = read_pdf(body, "https://example.org/a.pdf", seconds=0)
    assert (page.text, page.page_starts, page.unread) == ("Page 0 is here.", (0,), 9)
    assert read_pdf(body, "https://example.org/a.pdf", seconds=60).unread == 0


SEEN = pdfs.words_at(72, 700, "A heron waits in shallow water for fish.")
SECRET = pdfs.words_at(72, 600, "The secret kettle.")
PAPER = b"0 0 1 rg 50 590 300 30 re f "
"""Blue, and below the secret."""
TINY = b"BT /F 0.5 Tf 72 600 Td (The secret kettle.) Tj ET\n"
FORM_SIZE = b"q 20 0 0 20 0 0 cm BT /F 1 Tf 3 30 Td (The secret kettle.) Tj ET Q\n"


@pytest.mark.parametrize(
    ("drawn", "read"),
    [
        (SEEN + SECRET, True),
        (SEEN + b"3 Tr " + SECRET, False),
        (SEEN + b"7 Tr " + SECRET, False),
        (SEEN + b"1 1 1 rg " + SECRET, False),
        (b"1 1 1 rg 0 0 612 792 re f 0 g " + SEEN + b"1 g " + SECRET, False),
        (PAPER + b"0 g " + SEEN + b"1 1 1 rg " + SECRET, True),
        (SEEN + TINY, False),
        (SEEN + FORM_SIZE, True),
        (SEEN + b"3 Tr " + SECRET * 40, False),
    ],
    ids=[
        *("plain", "invisible", "clipping", "white", "white on white", "white on blue"),
        *("tiny", "made larger", "most of the page"),
    ],
)
async def test_text_of_a_pdf_that_cannot_be_seen_is_not_read(
    extractor: Extractor, drawn: bytes, read: bool
) -> None:
    page = await extractor.extract(document(pdfs.of_streams([drawn])))
    assert "A heron waits in shallow water for fish." in page.text
    assert ("secret" in page.text) is read


async def test_unseen_words_in_a_line_go_and_the_line_stays(extractor: Extractor) -> None:
    hidden = b"1 g " + pdfs.words_at(300, 700, "The secret kettle.") + b"0 g "
    drawn = SEEN + hidden + pdfs.words_at(420, 700, "Then it eats it.")
    page = await extractor.extract(document(pdfs.of_streams([drawn])))
    assert page.text == "A heron waits in shallow water for fish. Then it eats it."


async def test_the_letters_that_a_scanner_laid_over_its_picture_are_read(
    extractor: Extractor,
) -> None:
    page = await extractor.extract(document(pdfs.scanned(b"3 Tr " + SEEN)))
    assert page.text == "A heron waits in shallow water for fish."
