"""Words of code are found whole and in parts, and mended by what is written alike."""

from __future__ import annotations

from pathlib import Path

import pytest

from codexity.adapters.library.index import LibraryIndex
from codexity.model import Page
from codexity.spelling import mends
from codexity.stages.chunk import chunk
from codexity.stages.cover import cover
from finding.sets import Short, indexed

NOTES = (
    Short(key="operators", title="", text="Values are compared with ==, and names bound by :=."),
    Short(key="init", title="", text="The method __init__ makes the object ready."),
    Short(key="mqtt", title="", text="Set clean_session to false to keep what was subscribed."),
    Short(key="node", title="", text="The page is served by node.js behind nginx."),
    Short(key="cpp", title="", text="The driver is written in C++ for speed."),
    Short(key="mail", title="", text="Send an e-mail to the board."),
    Short(key="dom", title="", text="Call getElementById to reach the box."),
    Short(key="dict", title="", text="get(key, default) returns the default where the key is not."),
    Short(key="builtin", title="", text="any(iterable) is true where one of the values is."),
    Short(key="path", title="", text="Use os.path.join for names of files."),
    Short(key="club", title="", text="Membership is free. Kestrel keeps the books."),
    Short(key="haus", title="", text="Die Mülltonne steht im Hof, der Kellerschlüssel hängt dort."),
    Short(key="prose", title="", text="Any of the members may get a key at the office."),
)


@pytest.mark.parametrize(
    ("asked", "key"),
    [
        ("==", "operators"),
        (":=", "operators"),
        ("__init__", "init"),
        ("init method", "init"),
        ("clean_session", "mqtt"),
        ("clean session", "mqtt"),
        ("cleanSession", "mqtt"),
        ("node.js", "node"),
        ("nodejs", "node"),
        ("C++", "cpp"),
        ("email", "mail"),
        ("e-mail", "mail"),
        ("element by id", "dom"),
        ("getElementById", "dom"),
        ("dict.get", "dict"),
        ("d.get(key)", "dict"),
        ("any()", "builtin"),
        ("what does any() return", "builtin"),
        ("os.path", "path"),
        ("join", "path"),
    ],
)
async def test_a_name_is_found_whole_and_in_parts(tmp_path: Path, asked: str, key: str) -> None:
    index = LibraryIndex(tmp_path / "library.db")
    await indexed(index, NOTES)
    hits = await index.search(asked, limit=2)
    assert hits
    assert hits[0].url.endswith(f"/{key}")


@pytest.mark.parametrize("asked", ["any of", "!=", "C#", "all()", "__del__"])
async def test_another_name_is_not(tmp_path: Path, asked: str) -> None:
    index = LibraryIndex(tmp_path / "library.db")
    await indexed(index, NOTES)
    assert await index.search(asked, limit=2) == ()


@pytest.mark.parametrize(
    ("question", "said", "other"),
    [
        ("does dict.get raise an error", NOTES[7].text + " It raises no error.", NOTES[-1].text),
        ("what does any() return", NOTES[8].text + " It returns a bool.", NOTES[-1].text),
        ("what is clean_session for", NOTES[2].text, "The session was clean."),
        ("what is clean_session for", "A clean session forgets.", "The session was clean."),
    ],
)
def test_the_gate_wants_the_name_itself(question: str, said: str, other: str) -> None:
    def answers(text: str) -> bool:
        page = Page(url="/library/a/b", title="", text=text, via="library")
        return cover(question, chunk(page, words=150)).answers

    assert answers(said)
    assert not answers(other)


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ("clean_sesion", "clean_session"),
        ("subscrbied", "subscribed"),
        ("drivr", "driver"),
        ("__inti__", "__init__"),
        ("getElementByld", "getElementById"),
        ("membrship", "membership"),
        ("mülltone", "mülltonne"),
        ("kelerschlüssel", "kellerschlüssel"),
        ("kestrl", "kestrel"),
    ],
)
async def test_a_word_that_no_document_has_is_mended(tmp_path: Path, typed: str, word: str) -> None:
    index = LibraryIndex(tmp_path / "library.db")
    await indexed(index, NOTES)
    assert mends(await index.meant(f"what is {typed}")) == {typed: word}


@pytest.mark.parametrize("typed", ["Nodd", "house", "speck", "obejctive", "Kestrl"])
async def test_names_and_other_words_are_not(tmp_path: Path, typed: str) -> None:
    index = LibraryIndex(tmp_path / "library.db")
    await indexed(index, NOTES)
    assert typed not in mends(await index.meant(f"what is {typed}"))
