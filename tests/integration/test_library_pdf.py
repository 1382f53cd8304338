"""PDFs in the library: known by their bytes, quoted at their page."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import anyio
import anyio.to_thread
import pytest

import pdfs
from codexity.adapters.library.documents import Document, sliced
from codexity.adapters.library.file_reader import FileReader
from codexity.adapters.library.files import LibraryFiles
from codexity.adapters.library.index import LibraryIndex
from codexity.edges.http.plain import document_page
from serving import installed, run


@pytest.fixture(scope="module")
async def reader() -> AsyncIterator[FileReader]:
    async with FileReader(workers=1, seconds=20) as processes:
        yield processes


@pytest.fixture
def index(tmp_path: Path) -> LibraryIndex:
    return LibraryIndex(tmp_path / ".data" / "library.db")


async def test_pdfs_are_known_by_their_bytes_and_keep_their_pages(
    index: LibraryIndex, reader: FileReader, tmp_path: Path
) -> None:
    body = pdfs.pdf([["The contract begins."], ["The lighthouse is mentioned here."]])
    for name in ("a.pdf", "b.txt", "c"):
        await anyio.Path(tmp_path / name).write_bytes(body)
    await anyio.Path(tmp_path / "locked.pdf").write_bytes(pdfs.locked())
    await anyio.Path(tmp_path / "none.pdf").write_text("A lighthouse of text, under a wrong name.")
    report = await LibraryFiles(index, reader).add([tmp_path])
    assert (report.added, report.cut) == (3, ())
    assert {Path(one.path).name: one.reason for one in report.failed} == {
        "locked.pdf": "The PDF is locked with a password.",
        "none.pdf": "The PDF is damaged, or it is none.",
    }
    (hit, *others) = await index.search("lighthouse", limit=10)
    page = await index.page(hit.url)
    assert len(others) == 2
    assert page.text == "The contract begins.\n\nThe lighthouse is mentioned here."
    assert page.number_at(page.text.index("lighthouse")) == 2


async def test_a_pdf_that_is_too_long_is_told_to_be_cut(
    index: LibraryIndex, reader: FileReader, tmp_path: Path
) -> None:
    path = tmp_path / "long.pdf"
    await anyio.Path(path).write_bytes(pdfs.pdf([["The lighthouse."], *([[]] * 2_000)]))
    report = await LibraryFiles(index, reader).add([path])
    assert report.added == 1
    assert [one.reason for one in report.cut] == [
        "Only the first 2000 of its 2001 pages were read."
    ]
    assert len(await index.search("lighthouse", limit=5)) == 1


def test_an_answer_from_a_pdf_links_to_its_page(tmp_path: Path) -> None:
    home = installed(tmp_path)
    spoken = "The guarantee of the fridge in the kitchen ends in May."
    (home / "fridge.pdf").write_bytes(pdfs.pdf([["All about the house."], [], [spoken]]))
    added = run(home, "library", "add", "fridge.pdf", SEARCH__STARTER=False)
    assert added.returncode == 0, added.stderr
    question = "When does the guarantee of the fridge end?"
    asked = run(home, "ask", "--json", "--provider", "library", question, SEARCH__STARTER=False)
    (source,) = json.loads(asked.stdout)["sources"]
    assert source["quote"] == spoken
    assert source["link"] == f"{source['url']}#page=3:~:text={spoken.replace(' ', '%20')}"


async def test_the_page_of_a_document_shows_its_pages(index: LibraryIndex) -> None:
    text = "First <page>.\n\nMore of it.\n\nThird page."
    paged = Document(
        slug="paged", title="Paged", title_stems="", text=text, slices=sliced(text),
        page_starts=(0, 28, 28),
    )  # fmt: skip
    await index.put("home", paged)
    html = document_page(await index.page("/library/home/paged"), "home")
    assert (
        '<section id="page=1"><h2>Page 1</h2><p>First &lt;page&gt;.</p><p>More of it.</p></section>'
        '<section id="page=3"><h2>Page 3</h2><p>Third page.</p></section>'
    ) in html
    await index.put("home", replace(paged, page_starts=()))
    plain = document_page(await index.page("/library/home/paged"), "home")
    assert "<p>More of it.</p><p>Third page.</p>" in plain
    assert "<section" not in plain
    assert '<p class="now">home</p>' in plain


async def test_the_page_of_a_document_names_its_file(index: LibraryIndex) -> None:
    kept = Document(slug="x", title="Loaf", title_stems="", text="x", slices=(), path="/a/bread.md")
    await index.put("home", kept)
    shown = document_page(await index.page("/library/home/x"), "home")
    assert '<p class="now">home · bread.md</p>' in shown
    await index.put("home", replace(kept, title="bread.md"))
    assert document_page(await index.page("/library/home/x"), "home").count("· bread.md") == 0


async def test_a_library_that_knew_no_pages_is_taken_over(
    index: LibraryIndex, tmp_path: Path
) -> None:
    text = "The key hangs behind the door."
    old = Document(slug="key", title="Key", title_stems="", text=text, slices=sliced(text))
    await index.put("home", old)
    await anyio.to_thread.run_sync(_without_pages, index.path)
    taken = LibraryIndex(index.path)
    assert (await taken.page("/library/home/key")).text == text
    await taken.put("home", replace(old, page_starts=(0,)))
    assert (await taken.page("/library/home/key")).page_starts == (0,)


def _without_pages(path: Path) -> None:
    """The file as the version before pages wrote it."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DROP TABLE analysis")
        connection.execute("DROP INDEX documents_by_language")
        for table in ("vectors", "embedders"):
            connection.execute(f"DROP TABLE {table}")
        connection.execute("DROP INDEX documents_by_path")
        for column in ("page_starts", "blocks", "language", "published_from"):
            connection.execute(f"ALTER TABLE documents DROP COLUMN {column}")
        connection.execute("PRAGMA user_version = 1")
