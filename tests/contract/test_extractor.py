"""Every extractor keeps the port's promises; those for PDF are in test_extractor_pdf."""

from __future__ import annotations

import textwrap
from collections.abc import AsyncGenerator

import pytest
from resiliparse.parse.lang import supported_langs

from codexity.adapters.extract.process import ProcessExtractor
from codexity.errors import Unreadable
from codexity.filters import LANGUAGES, TOLD_APART
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


SPOKEN = {
    "en": "The bird hovers in one place by flying into the wind, and it looks for voles below. ",
    "de": "Der Vogel steht in der Luft, indem er gegen den Wind fliegt, und sucht Mäuse. ",
    "fr": "L'oiseau reste sur place en volant contre le vent, et il cherche des souris. ",
    "ru": "Эта птица может долго оставаться на одном месте, потому что летит против ветра. Она "
    "ищет мышей в траве, и когда видит добычу, быстро падает вниз. ",
    "ja": "鳥は風に向かって飛ぶことで一か所にとどまり、下の草地でネズミを探します。",
    "zh": "这种鸟逆风飞行，因此能够停留在空中的同一个位置，并在下面的草地上寻找田鼠。",
    "ko": "이 새는 바람을 향해 날면서 한곳에 머무르고 아래 풀밭에서 들쥐를 찾습니다. ",
}


DATED = {
    '<meta property="article:published_time" content="2023-05-06T07:00:00Z">'
    '<meta property="article:modified_time" content="2024-01-02">': (
        ("2023-05-06", "meta"),
        ("2024-01-02", "meta"),
    ),
    '<script type="application/ld+json">{"@type": "Article", "datePublished": "2023-05-06",'
    ' "dateModified":"2024-01-02T00:00:00+01:00"}</script>': (
        ("2023-05-06", "json-ld"),
        ("2024-01-02", "json-ld"),
    ),
    '</head><body><time datetime="2023-05-06">6 May</time>': (("2023-05-06", "time"), (None, None)),
    '<script>window.made = {"at": "2023-05-06T07:00:00", "date": "2023-05-06"}</script>': (
        (None, None),
        (None, None),
    ),
    '<meta property="article:published_time" content="2999-05-06">'
    '<meta property="article:modified_time" content="2024-13-45">': ((None, None), (None, None)),
}


@pytest.mark.parametrize("head", DATED)
async def test_a_page_has_its_dates_and_where_they_were_read(
    extractor: Extractor, head: str
) -> None:
    body = f"<html><head><title>Dated</title>{head}<article><p>{FILLER}</p></article></html>"
    page = await extractor.extract(document(body))
    published, modified = DATED[head]
    assert (page.published, page.published_from) == published
    assert (page.modified, page.modified_from) == modified


def test_what_is_told_apart_is_known() -> None:
    assert set(supported_langs()) & LANGUAGES >= TOLD_APART >= SPOKEN.keys()


@pytest.mark.parametrize("language", SPOKEN)
async def test_a_page_has_the_language_of_its_prose(extractor: Extractor, language: str) -> None:
    prose = SPOKEN[language] * 8
    code = "def look(bird):\n    return bird.hovers and the_wind_is_strong_enough(for_it)\n" * 9
    html = f"<main><p>{prose}</p><pre>{code}</pre><p>{prose}</p></main>"
    for body, media_type in ((html, "text/html"), (prose, "text/plain"), (prose, "text/markdown")):
        assert (await extractor.extract(document(body, media_type))).language == language


@pytest.mark.parametrize(
    "body",
    [
        SPOKEN["de"] * 2,
        "a = 1\nb = 2\n" * 100,
        "12 34 56, 78 90! " * 60,
        SPOKEN["en"] * 3 + SPOKEN["de"] * 3,
    ],
    ids=["short", "code", "numbers", "mixed"],
)
async def test_a_language_that_is_not_sure_is_not_told(extractor: Extractor, body: str) -> None:
    assert (await extractor.extract(document(body, "text/plain"))).language is None


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
        "item with more",
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
        ("<!doctype html><div id=app></div>", "text/html"),
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
    error = await refused(extractor, document(b"{}", "application/x-tar"))
    assert error.code == "type"
    assert "application/x-tar" in error.message


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


@pytest.mark.parametrize("opened", ["<ul><li>a", "<ol><li><p>a", "<ul><li><b>a</b>"])
async def test_an_article_is_read_before_hundreds_of_lists(
    extractor: Extractor, opened: str
) -> None:
    page = await extractor.extract(document(f"<article><p>{FILLER}</p>{opened * 700}"))
    assert FILLER.strip() in page.text
