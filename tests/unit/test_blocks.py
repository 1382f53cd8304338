"""The blocks of a page: their places in its text, the headings above them, and their JSON."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from codexity.adapters.extract.blocks import Draft, laid_out
from codexity.block_json import from_json, to_json
from codexity.model import Block, Page

DRAFTS = (
    Draft(text="Berths", kind="heading", level=1),
    Draft(text="Ask for one in spring."),
    Draft(text=" "),
    Draft(text="Fees", kind="heading", level=2),
    Draft(
        text="North 520 520",
        kind="row",
        cells=("North", "520", "520"),
        header=("Pier", "Summer", "Winter"),
    ),
    Draft(text="Rules", kind="heading", level=2),
    Draft(text="Leave by noon.", kind="item", level=1, marker="1."),
)


def page() -> Page:
    text, blocks = laid_out(DRAFTS)
    return Page(url="https://a.example/", title="Berths", text=text, blocks=blocks)


def test_blocks_know_their_place_in_the_text() -> None:
    one = page()
    texts = [one.text[block.start : block.end] for block in one.blocks]
    assert texts == [draft.text for draft in DRAFTS if draft.text.strip()]
    assert one.text == "\n\n".join(texts)
    [row] = [block for block in one.blocks if block.kind == "row"]
    assert [one.text[start:end] for start, end in row.cells] == ["North", "520", "520"]
    assert row.cells[1] != row.cells[2]
    [item] = [block for block in one.blocks if block.kind == "item"]
    assert (item.level, item.marker) == (1, "1.")


def test_a_cell_that_is_not_in_its_text_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="not found"):
        laid_out([Draft(text="North 520", kind="row", cells=("520", "North"))])


def test_a_place_knows_the_headings_above_it() -> None:
    one = page()
    assert one.headings_at(one.text.index("Ask")) == ("Berths",)
    assert one.headings_at(one.text.index("North")) == ("Berths", "Fees")
    assert one.headings_at(one.text.index("Leave")) == ("Berths", "Rules")
    assert one.headings_at(0) == ()
    assert replace(one, blocks=()).headings_at(30) == ()


def test_blocks_come_back_from_json() -> None:
    one = page()
    said = json.loads(json.dumps(to_json(one.blocks)))
    assert from_json(said, length=len(one.text)) == one.blocks
    assert said[1] == ["paragraph", 8, 30]


NO_BLOCKS: list[object] = [
    None,
    {"a": 1},
    [["paragraph"]],
    [["poem", 0, 4]],
    [["paragraph", 0, 11]],
    [["paragraph", -1, 4]],
    [["paragraph", 4, 8], ["paragraph", 0, 2]],
    [["paragraph", "0", 4]],
    [["row", 0, 4, 0, "", [[2, 6]]]],
    [["row", 0, 4, 0, "", [[3, 4], [0, 1]]]],
    [["row", 0, 4, 0, "", [["a"]]]],
    [["row", 0, 4, 0, "", 7]],
    [["row", 0, 4, 0, "", [], [], 1]],
]


@pytest.mark.parametrize("said", NO_BLOCKS)
def test_what_is_no_json_of_blocks_is_refused(said: object) -> None:
    with pytest.raises(ValueError):
        from_json(said, length=10)
    assert from_json([["paragraph", 0, 4]], length=10) == (Block(kind="paragraph", start=0, end=4),)
