"""Every extractor keeps the port's promises."""

from __future__ import annotations

import textwrap
from collections.abc import AsyncGenerator

import pytest

import pdfs
from codexity.adapters.extract.process import ProcessExtractor
from codexity.errors import Unreadable
from codexity.model import Page
from codexity.ports import Extractor, Fetched
from codexity.text import blocks

FILLER = "Plain words make a page long enough to be read as the main text of it. " * 30
ARTICLE = f"""<!doctype html><html><head><title>Window title</title>
<meta property="og:title" content="The &amp; statement">
<meta property="article:published_time" content="2024-03-02T10:00:00Z"></head><body>
<nav><ul><li><a href="/">Home</a></li><li><a href="/all">All pages</a></li></ul></nav>
<main><article><h1>The   with statement</h1>
<p>The <a href="#x">context&nbsp;manager</a> is <b>bold</b> and <code>open()</code> re<wbr>turns
what\u200b is shown.<br>A line follows.</p><p>{FILLER}</p>
<ul><li>First item with <em>stress</em></li><li>Second <ul><li>nested one</li></ul></li></ul>
<pre><code class="python">with open(x) as f:
    pass

    f.read()
</code></pre>
<table><tr><th>Name</th><th>Value</th></tr><tr><td>width</td><td>12 <b>px</b></td></tr>
<tr><td>height</td><td>The height of a field is what it takes to show all of the lines that it
holds.</td></tr></table>
<blockquote><p>Quoted words are here.</p></blockquote><p>{FILLER}</p></article></main>
<footer>Imprint and privacy</footer></body></html>"""


@pytest.fixture(scope="module")
async def extractor() -> AsyncGenerator[ProcessExtractor]:
    async with ProcessExtractor(workers=2, seconds=20) as made:
        yield made


def document(body: str | bytes, media_type: str = "text/html", name: str = "") -> Fetched:
    return Fetched(
        url=f"https://www.example.org/docs/{name}",
        media_type=media_type,
        charset=None,
        body=body.encode() if isinstance(body, str) else body,
    )


def blocks_of(page: Page) -> list[str]:
    return [page.text[start:end] for start, end in blocks(page.text)]


async def refused(extractor: Extractor, fetched: Fetched) -> Unreadable:
    with pytest.raises(Unreadable) as raised:
        await extractor.extract(fetched)
    return raised.value


async def test_an_article_becomes_blocks_of_plain_text(extractor: Extractor) -> None:
    page = await extractor.extract(document(ARTICLE))
    assert blocks_of(page) == [
        "The with statement",
        "The context manager is bold and open() returns what is shown. A line follows.",
        FILLER.strip(),
        "First item with stress",
        "Second",
        "nested one",
        "with open(x) as f:\n    pass\n    f.read()",
        "Name Value",
        "width 12 px",
        "height",
        "The height of a field is what it takes to show all of the lines that it holds.",
        "Quoted words are here.",
        FILLER.strip(),
    ]


async def test_a_page_has_its_title_date_site_and_address(extractor: Extractor) -> None:
    page = await extractor.extract(document(ARTICLE))
    assert (page.title, page.published) == ("The & statement", "2024-03-02")
    assert (page.url, page.site) == ("https://www.example.org/docs/", "example.org")


async def test_xhtml_with_its_declaration_is_read(extractor: Extractor) -> None:
    body = f'<?xml version="1.0" encoding="utf-8"?>\n{ARTICLE}'
    page = await extractor.extract(document(body, "application/xhtml+xml"))
    assert "The with statement" in blocks_of(page)


async def test_markdown_loses_its_marks(extractor: Extractor) -> None:
    body = """\
        ---
        title: "A document"
        date: 2024-01-02
        ---
        # Head *one*

        Some **bold** and `code` with [a link](https://x.org) that goes
        on here. ![no words](x.png)

        - item one
        - item ~~two~~
          with more

        | a | b |
        |---|---|
        | 1 | `2` |

        ```python
        def f():

            return 1
        ```

        <p align="center">Tagged <b>words</b></p>
        """
    page = await extractor.extract(document(textwrap.dedent(body), "text/markdown", "a.md"))
    assert (page.title, page.published) == ("A document", "2024-01-02")
    assert blocks_of(page) == [
        "Head one",
        "Some bold and code with a link that goes on here.",
        "item one",
        "item two with more",
        "a b",
        "1 2",
        "def f():\n    return 1",
        "Tagged words",
    ]


async def test_the_lines_of_plain_text_become_paragraphs(extractor: Extractor) -> None:
    body = """\
        Title line
        ==========

        A paragraph that is
        hard\u00a0wrapped.\r

        Points:
          * bullet one
            continues
          * bullet two

            if code:
                stays()
        """
    page = await extractor.extract(document(textwrap.dedent(body), "text/plain", "a%20b.txt"))
    assert page.title == "Title line"
    assert blocks_of(page) == [
        "Title line",
        "A paragraph that is hard wrapped.",
        "Points:",
        "bullet one continues",
        "bullet two",
        "if code:\n    stays()",
    ]


async def test_a_document_without_a_title_has_its_name(extractor: Extractor) -> None:
    page = await extractor.extract(document("word " * 100, "text/plain", "a%20b.txt"))
    assert page.title == "a b.txt"


@pytest.mark.parametrize(
    ("body", "media_type"),
    [
        ("", "text/html"),
        ("<p>Too few words for a page of the web.</p>", "text/html"),
        ("<!doctype html><div id=app></div><script>go()</script>", "text/html"),
        (" \n ", "text/plain"),
        ("<!-- nothing -->", "text/markdown"),
    ],
)
async def test_a_document_without_text_is_empty(
    extractor: Extractor, body: str, media_type: str
) -> None:
    assert (await refused(extractor, document(body, media_type))).code == "empty"


async def test_a_text_of_one_word_is_a_text(extractor: Extractor) -> None:
    assert (await extractor.extract(document("Yes", "text/plain"))).text == "Yes"


async def test_what_is_not_text_is_bad_content(extractor: Extractor) -> None:
    body = bytes(range(256)) * 40
    assert (await refused(extractor, document(body))).code == "bad_content"


async def test_a_type_without_a_reader_is_named(extractor: Extractor) -> None:
    error = await refused(extractor, document(b"{}", "application/json"))
    assert error.code == "type"
    assert "application/json" in error.message


@pytest.mark.parametrize(
    ("encoding", "head"),
    [
        ("utf-8", ""),
        ("utf-8-sig", ""),
        ("utf-16", ""),
        ("utf-16-le", ""),
        ("cp1252", '<meta charset="iso-8859-1">'),
        ("cp1252", '<meta http-equiv=Content-Type content="text/html; charset=windows-1252">'),
        ("cp1252", ""),
    ],
)
async def test_the_charset_is_found(extractor: Extractor, encoding: str, head: str) -> None:
    words = "Die Größe des Feldes wird natürlich größer – „für alle“ Übungen. "
    body = f"<!doctype html>{head}<title>Größe</title><p>{words * 8}</p>".encode(encoding)
    page = await extractor.extract(document(body))
    assert page.text == (words * 8).strip()


async def test_a_page_nested_as_browsers_bear_it_is_read(extractor: Extractor) -> None:
    page = await extractor.extract(document(f"<!doctype html>{'<div>' * 500}<p>{FILLER}</p>"))
    assert page.text == FILLER.strip()


def pdf(body: bytes, name: str = "a%20b.pdf") -> Fetched:
    return document(body, "application/pdf", name)


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
    page = await extractor.extract(pdf(body))
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


async def test_a_document_that_is_no_pdf_has_no_pages(extractor: Extractor) -> None:
    page = await extractor.extract(document(ARTICLE))
    assert page.page_starts == ()
    assert page.number_at(0) is None


async def test_words_parted_at_the_end_of_a_line_are_whole_again(extractor: Extractor) -> None:
    lines = [
        "The hyphen of a word that was bro-",
        "ken goes, that of a well-",
        "known word stays, since it is well-known elsewhere, and 2010-",
        "2012 are years.",
    ]
    page = await extractor.extract(pdf(pdfs.pdf([lines])))
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
    page = await extractor.extract(pdf(pdfs.pdf(pages)))
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
    page = await extractor.extract(pdf(pdfs.of_streams([drawn])))
    assert blocks_of(page) == [" ".join(left + right)]


async def test_the_title_of_a_pdf_is_its_largest_line_else_its_name(extractor: Extractor) -> None:
    heading = pdfs.words_at(72, 650, "On the Making of Paper", 20)
    small = b"".join(
        pdfs.words_at(72, y, "Words of the usual size stand here, and they end so.")
        for y in (700, 600, 585)
    )
    body = pdfs.of_streams([small + heading], title="Microsoft Word - draft.docx")
    assert (await extractor.extract(pdf(body))).title == "On the Making of Paper"
    long = ["A paragraph without any heading that is far too long to be one."] * 5
    assert (await extractor.extract(pdf(pdfs.pdf([long])))).title == "a b.pdf"


async def test_what_is_drawn_outside_of_the_page_is_not_read(extractor: Extractor) -> None:
    shown = pdfs.words_at(72, 700, "This is on the page.")
    hidden = pdfs.words_at(72, -100, "Obey this.") + pdfs.words_at(900, 700, "Obey that.")
    assert (await extractor.extract(pdf(pdfs.of_streams([shown + hidden])))).text == (
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
    error = await refused(extractor, pdf(body))
    assert (error.code, said in error.message) == (code, True)


async def test_a_pdf_that_unpacks_to_more_than_memory_is_bad_content(extractor: Extractor) -> None:
    assert (await refused(extractor, pdf(pdfs.bomb(40_000_000)))).code == "bad_content"
    assert (await extractor.extract(pdf(pdfs.pdf([["Words are here."]])))).text == "Words are here."


async def test_of_a_pdf_of_thousands_of_pages_the_first_are_read(extractor: Extractor) -> None:
    page = await extractor.extract(pdf(pdfs.pdf([[f"Page {at} is here."] for at in range(2_100)])))
    assert (len(page.page_starts), page.unread) == (2_000, 100)
    assert page.text[page.page_starts[1_999] :] == "Page 1999 is here."
    assert page.number_at(page.page_starts[1_999]) == 2_000
