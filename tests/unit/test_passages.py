"""One splitter cuts pages of the web and documents of the library."""

from __future__ import annotations

import pytest

from codexity.adapters.library.documents import PASSAGE_WORDS, sliced
from codexity.model import Block, Page
from codexity.passages import slices
from codexity.stages.chunk import chunk

LONG = " ".join(["Herons wait in the shallow water until small fish come near."] * 40)
TEXTS = {
    "prose": "\n\n".join([LONG] * 3),
    "headed": f"Sluices\n\n{LONG}\n\nKeys\n\n{LONG}",
    "code": "\n".join(f"total_{at} = first_{at} + second_{at}" for at in range(200)),
    "unspaced": "青い鳥が池の上を静かに飛んでいる。" * 200,
    "ordinals": " ".join(["Der Kahn kommt am 19. Mai um elf Uhr wieder an."] * 80),
}


def headed(text: str, *names: str) -> tuple[Block, ...]:
    starts = [(text.index(name), name) for name in names]
    return tuple(
        Block(kind="heading", start=at, end=at + len(name), level=level)
        for level, (at, name) in enumerate(starts, start=1)
    )


@pytest.mark.parametrize("name", TEXTS)
def test_what_the_library_finds_is_what_an_answer_can_cite(name: str) -> None:
    page = Page(url="/library/notes/pond", title="Pond", text=TEXTS[name], language="de")
    cited = [(one.start, len(one.text)) for one in chunk(page, words=PASSAGE_WORDS)]
    assert len(cited) > 1
    assert [(one.start, one.length) for one in sliced(page.text, "de")] == cited


def test_passages_of_a_document_are_found_by_the_headings_above_them() -> None:
    text = f"Ferry\n\nTimetable\n\n{LONG}\n\n{LONG}"
    plain = f"Nothing here\n\n{LONG}\n\n{LONG}"
    for one in sliced(text, blocks=headed(text, "Ferry", "Timetable")):
        assert {"ferri", "timet"} <= set(one.stems.split())
    for one in sliced(plain):
        assert not {"ferri", "timet"} & set(one.stems.split())


def test_a_slice_says_what_it_stands_under() -> None:
    text = f"Ferry\n\nTimetable\n\n{LONG}\n\n{LONG}"
    page = Page(url="", title="", text=text, blocks=headed(text, "Ferry", "Timetable"))
    first, *others = slices(page, words=60)
    assert first.headings == ("Ferry",)
    assert first.label == ""
    assert {one.headings for one in others} == {("Ferry", "Timetable")}
    assert {one.label for one in others} == {"Timetable"}
