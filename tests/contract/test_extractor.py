"""Every extractor keeps the port's promises."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import AsyncGenerator
from pathlib import Path

import anyio
import pytest

from codexity.adapters.extract.frames import outcome
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


@pytest.fixture
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


DEEP = document(b"<div><table><tr><td>" * 60_000 + FILLER.encode())
"""The parsers' time grows with the square of the depth: this one takes minutes."""


async def test_a_page_nested_as_browsers_bear_it_is_read(extractor: Extractor) -> None:
    page = await extractor.extract(document(f"<!doctype html>{'<div>' * 500}<p>{FILLER}</p>"))
    assert page.text == FILLER.strip()


def workers() -> set[int]:
    """The worker processes that this one has started and that still run."""
    found = set[int]()
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            pid, _, rest = status.read_text().partition(" ")
            state, parent = rest.rpartition(")")[2].split()[:2]
            program = status.with_name("cmdline").read_bytes()
        except OSError:
            continue
        if int(parent) == os.getpid() and state != "Z" and b"extract.worker" in program:
            found.add(int(pid))
    return found


async def gone(pids: set[int]) -> bool:
    with anyio.move_on_after(5):
        while pids & workers():
            await anyio.sleep(0.01)
        return True
    return False


async def test_a_cancellation_ends_the_process(extractor: ProcessExtractor) -> None:
    await extractor.warm()
    busy = workers()
    assert len(busy) == 1
    async with anyio.create_task_group() as group:
        group.start_soon(extractor.extract, DEEP)
        await anyio.wait_all_tasks_blocked()
        assert workers() == busy
        group.cancel_scope.cancel()
    assert await gone(busy)
    assert (await extractor.extract(document(ARTICLE))).title == "The & statement"


async def test_cancelled_at_any_moment_no_process_is_left_behind() -> None:
    async with ProcessExtractor(workers=2) as extractor:
        for step in range(12):
            with anyio.move_on_after(step * 0.05):
                await extractor.extract(DEEP)
        assert (await extractor.extract(document(ARTICLE))).title == "The & statement"
        left = workers()
        assert len(left) <= 2
    assert await gone(left)
    assert not workers()


async def test_the_deadline_ends_the_process_too() -> None:
    async with ProcessExtractor(seconds=0.3) as hurried:
        await hurried.warm()
        busy = workers()
        start = time.monotonic()
        error = await refused(hurried, DEEP)
        assert error.code == "timeout"
        assert "0.3 seconds" in error.message
        assert time.monotonic() - start < 3
        assert await gone(busy)


async def test_a_worker_that_dies_over_a_document_is_bad_content(
    extractor: ProcessExtractor,
) -> None:
    await extractor.warm()
    (worker,) = workers()
    errors: list[Unreadable] = []

    async def read() -> None:
        errors.append(await refused(extractor, DEEP))

    async with anyio.create_task_group() as group:
        group.start_soon(read)
        await anyio.wait_all_tasks_blocked()
        os.kill(worker, signal.SIGKILL)
    assert [error.code for error in errors] == ["bad_content"]
    assert (await extractor.extract(document(ARTICLE))).title == "The & statement"


async def test_a_worker_that_died_idle_is_replaced(extractor: ProcessExtractor) -> None:
    await extractor.extract(document(ARTICLE))
    (worker,) = workers()
    os.kill(worker, signal.SIGKILL)
    assert await gone({worker})
    assert (await extractor.extract(document(ARTICLE))).title == "The & statement"


async def test_one_worker_is_kept_and_never_more_than_allowed_live(
    extractor: ProcessExtractor,
) -> None:
    await extractor.warm()
    await extractor.extract(document(ARTICLE))
    assert len(workers()) == 1
    async with anyio.create_task_group() as group:
        for _ in range(8):
            group.start_soon(extractor.extract, document(ARTICLE))
    assert len(workers()) == 2


SCRIPT = """
import asyncio
from codexity.adapters.extract.process import ProcessExtractor
from codexity.ports import Fetched

print("main module runs")

async def main():
    async with ProcessExtractor() as extractor:
        page = await extractor.extract(
            Fetched(url="https://x.org/", media_type="text/plain", charset=None, body=b"Words")
        )
        print(page.text)

asyncio.run(main())
"""


def test_a_script_without_a_main_guard_runs_once(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(SCRIPT)
    done = subprocess.run(
        [sys.executable, "-X", "dev", script],
        capture_output=True, text=True, timeout=60, check=True, cwd=tmp_path,
    )  # fmt: skip
    assert done.stdout == "main module runs\nWords\n"
    assert done.stderr == ""


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"null",
        b"{}",
        b'{"page": {}}',
        b'{"unreadable": {"message": "", "code": "x", "detail": ""}}',
    ],
)
def test_a_reply_that_makes_no_sense_is_none(payload: bytes) -> None:
    with pytest.raises(ValueError):
        outcome(payload)
