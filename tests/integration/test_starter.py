"""The starter collection as it is really built, and what it answers and does not answer."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import anyio
import anyio.to_thread
import pytest

from codexity.adapters.library.index import LibraryIndex
from codexity.adapters.library.starter import StarterCollection
from codexity.adapters.search.library import StarterSearch
from codexity.errors import ProviderUnavailable
from codexity.model import STARTER, Hit, Query

QUESTIONS = Path(__file__).parent.parent / "questions"
GUIDES = Path(__file__).parent.parent.parent / "docs"
GUIDE = """# How to blorptang

Turn the *mumblefrotz*
with `care`.

| key | what |
|-----|------|
| a   | b    |
"""


@dataclass
class Told:
    """What a build said of its progress."""

    steps: list[tuple[int, int, str]] = field(default_factory=list[tuple[int, int, str]])

    def __call__(self, done: int, total: int, current: str) -> None:
        self.steps.append((done, total, current))

    @property
    def built(self) -> bool:
        return any(total for _, total, _ in self.steps)


@dataclass(frozen=True)
class Built:
    """A starter collection that was built once for all tests that only read it."""

    index: LibraryIndex
    starter: StarterCollection
    told: Told

    async def ask(self, question: str, limit: int = 10) -> Sequence[Hit]:
        search = StarterSearch(self.index, self.starter.ensure_built)
        return await search.search(Query(text=question), limit=limit)


def collection(folder: Path, *, version: str = "1", seconds: float = 100) -> StarterCollection:
    index = LibraryIndex(folder / "library.db")
    return StarterCollection(index, guides=None, version=version, build_seconds=seconds)


@pytest.fixture(scope="module")
async def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    folder = tmp_path_factory.mktemp("starter")
    guides = anyio.Path(folder / "guides")
    await guides.mkdir()
    await (guides / "Blorptang.md").write_text(GUIDE)
    async for guide in anyio.Path(GUIDES).glob("*.md"):
        await (guides / guide.name).write_bytes(await guide.read_bytes())
    index = LibraryIndex(folder / "library.db")
    starter = StarterCollection(index, guides=folder / "guides", version="1", build_seconds=100)
    told = Told()
    await starter.ensure_built(told)
    return Built(index=index, starter=starter, told=told)


def lines(name: str) -> list[str]:
    return (QUESTIONS / name).read_text(encoding="utf-8").splitlines()


async def test_it_holds_the_topics_the_modules_and_the_guides(built: Built) -> None:
    slugs = {one.url.rpartition("/")[2] for one in await built.index.documents(STARTER)}
    assert sum(slug.startswith("module-") for slug in slugs) >= 150
    assert sum(slug.startswith("topic-") for slug in slugs) >= 70
    assert {
        "topic-with",
        "module-functools",
        "module-xml.etree.ElementTree",
        "guide-blorptang",
    } <= (slugs)
    assert await built.index.collections() == (), "it is no collection of the user's"


async def test_progress_goes_up_to_the_end(built: Built) -> None:
    steps = [step for step in built.told.steps if step[1]]
    assert len(steps) > 150
    assert [done for done, _, _ in steps] == sorted(done for done, _, _ in steps)
    assert steps[-1][0] == steps[-1][1]
    assert any(current == "functools" for _, _, current in steps)


async def test_everyday_questions_find_nothing(built: Built) -> None:
    asked = lines("everyday.txt")
    found = [question for question in asked if await built.ask(question)]
    assert len(asked) == 30
    assert len(found) <= 1, found


async def test_questions_about_python_find_their_document(built: Built) -> None:
    asked = [line.split("\t") for line in lines("python.tsv")]
    missed: list[str] = []
    for question, expected in asked:
        slugs = {hit.url.rpartition("/")[2] for hit in await built.ask(question, limit=3)}
        if not slugs & set(expected.split()):
            missed.append(question)
    assert len(asked) == 30
    assert len(missed) <= 4, missed


async def test_nonsense_finds_nothing(built: Built) -> None:
    assert await built.ask("zxqv blorptang mumblefrotz") == ()
    assert [hit.title for hit in await built.ask("how to turn the mumblefrotz")] == [
        "How to blorptang"
    ]


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("how does the with statement work", "topic-with"),
        ("what does the for statement do", "topic-for"),
        ("How do I set the width of a field in a format string?", "topic-formatstrings"),
        ("what does functools.lru_cache do", "module-functools"),
    ],
)
async def test_the_page_on_the_matter_comes_first(built: Built, question: str, first: str) -> None:
    assert (await built.ask(question))[0].url == f"/library/starter/{first}"


async def test_a_word_of_code_is_answered_by_its_own_page(built: Built) -> None:
    hits = await built.ask("how does the with statement work")
    assert {hit.url for hit in hits} == {"/library/starter/topic-with"}
    assert len(await built.ask("how do I write a context manager")) > 1


@pytest.mark.parametrize(
    ("slug", "title", "holds"),
    [
        ("topic-with", 'The "with" statement', "5. If a target was included in the"),
        ("topic-formatstrings", "Format String Syntax", "width is a decimal integer defining the"),
        (
            "topic-formatstrings",
            "Format String Syntax",
            "Forces the field to be left-aligned within the available space",
        ),
        ("topic-with", 'The "with" statement', "\n\nwith EXPRESSION as TARGET:\n    SUITE\n\n"),
        (
            "module-functools",
            "functools: Tools for working with functions and callable objects",
            "\n\nlru_cache(maxsize=128, typed=False)\n\nLeast-recently-used cache decorator.\n\n",
        ),
        (
            "guide-blorptang",
            "How to blorptang",
            "Turn the mumblefrotz with care.\n\nkey what\n\na b",
        ),
    ],
)
async def test_a_page_is_clean_text(built: Built, slug: str, title: str, holds: str) -> None:
    page = await built.index.page(f"/library/starter/{slug}")
    assert page.title == title
    assert holds in page.text
    assert page.site == "starter collection"


async def test_no_page_holds_markup(built: Built) -> None:
    marks = re.compile(r"\*\*PEP|^====|:(?:class|func|meth|mod):`|\n\n\n|\0", re.MULTILINE)
    for one in await built.index.documents(STARTER):
        page = await built.index.page(one.url)
        assert page.text == page.text.strip(), one.url
        found = marks.search(page.text)
        assert found is None, (one.url, found)


async def test_it_is_built_once(built: Built) -> None:
    again = StarterCollection(
        LibraryIndex(built.index.path),
        guides=built.index.path.parent / "guides",
        version="1",
    )
    told = Told()
    assert await again.is_built()
    await again.ensure_built(told)
    assert told.steps == []
    other = StarterCollection(
        LibraryIndex(built.index.path), guides=built.index.path.parent / "guides", version="2"
    )
    assert not await other.is_built()


async def test_of_two_at_once_one_builds_and_a_crash_leaves_nothing(tmp_path: Path) -> None:
    crashed = collection(tmp_path)
    with anyio.CancelScope() as scope:

        def crash(done: int, _total: int, _current: str) -> None:
            if done > 100:
                scope.cancel()

        await crashed.ensure_built(crash)
    assert scope.cancelled_caught
    index = LibraryIndex(tmp_path / "library.db")
    assert not await crashed.is_built()
    assert await index.documents(STARTER) == ()

    told = (Told(), Told())
    async with anyio.create_task_group() as group:
        for one in told:
            group.start_soon(collection(tmp_path).ensure_built, one)
    assert sorted(one.built for one in told) == [False, True]
    assert await crashed.is_built()
    assert len(await index.documents(STARTER)) > 200


async def test_a_build_has_a_deadline_and_a_failure_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ProviderUnavailable) as slow:
        await collection(tmp_path, seconds=0.2).ensure_built()
    assert slow.value.code == "timeout"
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(ProviderUnavailable) as failed:
        await collection(tmp_path).ensure_built()
    assert failed.value.code == "bad_reply"


ODD = """#!/bin/sh
printf 'a warning\\n7\\nnull\\n{"a": 1}\\n[1]\\n[1, 2, 3, 4]\\n["1", 2, "x"]\\n[1, 2, "x"]\\n'
exit %d
"""
ENDLESS = """#!/bin/sh
head -c 200000 /dev/zero | tr '\\0' x
exec sleep 60
"""


def program(path: Path, text: str) -> str:
    path.write_text(text)
    path.chmod(0o700)
    return str(path)


async def test_what_is_no_progress_is_not_taken_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for status in (0, 1):
        told = Told()
        odd = await anyio.to_thread.run_sync(program, tmp_path / f"odd{status}", ODD % status)
        monkeypatch.setattr(sys, "executable", odd)
        if status:
            with pytest.raises(ProviderUnavailable) as failed:
                await collection(tmp_path).ensure_built(told)
            assert failed.value.code == "bad_reply"
            assert "a warning" in failed.value.detail
            assert "[1, 2, 3, 4]" in failed.value.detail
        else:
            await collection(tmp_path).ensure_built(told)
        assert told.steps == [(1, 2, "x")]


async def test_a_line_without_an_end_and_no_process_at_all_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    endless = await anyio.to_thread.run_sync(program, tmp_path / "endless", ENDLESS)
    for executable, said in ((endless, "too long"), (str(tmp_path / "missing"), "no process")):
        monkeypatch.setattr(sys, "executable", executable)
        with anyio.fail_after(20):
            with pytest.raises(ProviderUnavailable) as failed:
                await collection(tmp_path).ensure_built()
        assert failed.value.code == "bad_reply"
        assert said in failed.value.detail
        assert str(tmp_path) not in failed.value.message


async def test_no_module_is_imported_to_be_read() -> None:
    program = (
        "import sys\n"
        "from codexity.adapters.library.reference import module, modules\n"
        "before = set(sys.modules)\n"
        "found = modules()\n"
        "read = [one for one in found if one[0].startswith(('t', 'w')) and module(*one)]\n"
        "assert len(found) >= 150 and len(read) > 10, (len(found), len(read))\n"
        "new = sorted(set(sys.modules) - before)\n"
        "assert not {'turtle', 'tkinter', 'webbrowser', 'this'} & set(new), new\n"
    )
    with anyio.fail_after(60):
        await anyio.run_process([sys.executable, "-c", program])
