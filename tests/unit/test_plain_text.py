"""Plain text: lines stay lines, prose that was wrapped becomes paragraphs."""

from __future__ import annotations

import pytest

from codexity.adapters.extract.text.plain_text import read_plain
from codexity.model import Page


def read(source: str) -> Page:
    page = read_plain(source, "/library/notes/lock")
    assert "\n\n".join(page.text[one.start : one.end] for one in page.blocks) == page.text
    return page


def told(source: str) -> list[tuple[str, str]]:
    page = read(source)
    return [(one.kind, page.text[one.start : one.end]) for one in page.blocks]


LINES = {
    "contacts": "Name: Ida Lund\nMobile: 555 7741\nName: Olaf Rem\nMobile: 555 7742",
    "address": "Board of the canal\nMill Lane 4\n2210 Ulm\nSweden",
    "poem": "The heron stands where reeds are thin,\nAnd waits until the light comes in,\n"
    "The water keeps no trace of it,\nAnd neither does the stone we sit",
    "log": "2023-02-01 07:00:01 INFO gate opened by user ida from host north with key seven\n"
    "2023-02-01 07:00:09 WARN gate is slow to open for user ida from host north today\n"
    "2023-02-01 07:01:10 INFO gate closed by user olaf from host south with key nine",
    "syslog": "Feb  1 07:00:01 north gate[12]: opened by user ida with the key of the board\n"
    "Feb  1 07:00:09 north gate[12]: is slow to open today and was asked for twice\n"
    "Feb  1 07:01:10 north gate[12]: closed by user olaf with the key of the board",
    "chat": "[07:00] Ida: who has the key of the upper gate and the lamp of the office?\n"
    "[07:01] Olaf: not me, ask Britt, she was there until the evening of yesterday\n"
    "[07:04] Britt: it hangs behind the door, as it has always done since the flood",
    "speakers": "Ida: who has the key of the upper gate?\nOlaf: not me, ask Britt.",
    "settings": "speed = 1200\ntimeout = 20s\nname = upper gate",
    "sentences": "The gate opens at nine in the morning on all days.\n"
    "Keys are to be had in the office of the board.\nDogs are to be kept on a lead there.",
    "short": "oars\nrope\ntwo lamps",
}


@pytest.mark.parametrize("name", LINES)
def test_lines_stay_lines(name: str) -> None:
    expected = [" ".join(line.split()) for line in LINES[name].split("\n")]
    assert read(LINES[name]).text.split("\n\n") == expected


WRAPPED = {
    "prose": "The board has told all who keep boats here that the upper gate will be shut\n"
    "from November on.  A new lamp is put up, and the old one goes to the museum in\n"
    "Ulm, where it can be seen.",
    "narrow": "The board has told all who keep boats here\nthat the upper gate will be shut from"
    " the\nthird of November on and that the lamp\ngoes to the museum in Ulm.",
    "german": "Der Vorstand hat allen Eignern mitgeteilt, dass das obere Tor den Winter\n"
    "über geschlossen bleibt.  Die Lampe kommt ins Museum nach Ulm, wo sie jeder\n"
    "sehen kann, der will.",
    "indented first": "   The board has told all who keep boats here that the upper gate will be\n"
    "shut from November on, and that a new lamp is put up beside it.",
    "two short": "The gate is\nshut in winter.",
    "note": "Note: the board has told all who keep boats here that the upper gate will be\n"
    "shut from November on, and that a new lamp is put up beside it.",
}


@pytest.mark.parametrize("name", WRAPPED)
def test_wrapped_prose_is_a_paragraph(name: str) -> None:
    assert told(WRAPPED[name]) == [("paragraph", " ".join(WRAPPED[name].split()))]


def test_scripts_without_spaces_are_joined_without() -> None:
    line = "闸门在冬天关闭因此所有船主都必须在十一月之前把船开走否则将"
    assert read(f"{line}\n{line}\n会被拖走。").text == f"{line}{line}会被拖走。"


@pytest.mark.parametrize(
    "source",
    [
        "Gate      Summer   Winter\nUpper     310      150\nLower     340      170",
        "Gate\tSummer\tWinter\nUpper\t310\t150\nLower\t340\t170",
        "| Gate | Summer | Winter |\n|---|---|---|\n| Upper | 310 | 150 |\n| Lower | 340 | 170 |",
        "Gate  | Summer | Winter\n------+--------+-------\nUpper | 310 | 150\nLower | 340 | 170",
        "Gate   Summer  Winter\n=====  ======  ======\nUpper  310     150\nLower  340     170",
    ],
)
def test_columns_are_rows_below_their_head(source: str) -> None:
    page = read(source)
    assert told(source) == [
        ("row", "Gate Summer Winter"),
        ("row", "Upper 310 150"),
        ("row", "Lower 340 170"),
    ]
    assert [one.header for one in page.blocks] == [(), *[("Gate", "Summer", "Winter")] * 2]
    assert [page.text[start:end] for start, end in page.blocks[2].cells] == ["Lower", "340", "170"]


def test_two_spaces_behind_a_sentence_are_no_column() -> None:
    source = "It is shut.  Ask Ida.\nIt is open.  Ask Olaf."
    assert {kind for kind, _ in told(source)} == {"paragraph"}


@pytest.mark.parametrize(
    "code",
    [
        "def shut(gate):\n    gate.lower()\n    if gate.down:\n        gate.lock(5512)",
        "gate:\n  speed: 1200\n  doors:\n    - upper\n    - lower",
        '{\n  "gate": {\n    "speed": 1200\n  }\n}',
        "for gate in upper lower; do\n  shut $gate\ndone",
        "<gate>\n  <speed>1200</speed>\n</gate>",
        "int main() {\n\treturn shut(5512);\n}",
        ">>> shut(5512)\n>>> x = 1",
    ],
)
def test_code_keeps_its_lines_and_indentation(code: str) -> None:
    assert told(f"Run this:\n\n{code}\n\nThen wait.")[1:2] == [("code", code)]


def test_settings_stand_below_their_section() -> None:
    page = read("[gate]\nspeed = 1200\n# never above 1500\n[lamp]\nwatts = 40")
    assert [one.kind for one in page.blocks] == ["heading", "pair", "paragraph", "heading", "pair"]
    assert page.headings_at(page.text.index("1200")) == ("[gate]",)
    assert page.headings_at(page.text.index("40")) == ("[lamp]",)
    assert page.title == "lock"


def test_a_pair_has_its_key_and_its_value() -> None:
    page = read("Name: Ida Lund\nspeed = 1200\nMobile: 555 7741")
    cells = [tuple(page.text[start:end] for start, end in one.cells) for one in page.blocks]
    assert cells == [("Name", "Ida Lund"), ("speed", "1200"), ("Mobile", "555 7741")]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("1. oars\n2. rope\n   of hemp", [("1.", "oars"), ("2.", "rope of hemp")]),
        ("- oars\n* rope\n• lamp", [("", "oars"), ("", "rope"), ("", "lamp")]),
        ("1) oars\n\n2) rope", [("1)", "oars"), ("2)", "rope")]),
        ("1. Fees\n   a) upper\n   b) lower", [("1.", "Fees"), ("a)", "upper"), ("b)", "lower")]),
        ("12. March was cold.", []),
        ("1931. It was cold.", []),
    ],
)
def test_items_have_their_number(source: str, expected: list[tuple[str, str]]) -> None:
    page = read(source)
    items = [one for one in page.blocks if one.kind == "item"]
    assert [(one.marker, page.text[one.start : one.end]) for one in items] == expected
    assert expected or page.text == source


def test_what_stands_below_an_item_is_no_part_of_its_sentence() -> None:
    assert told(
        "1. The gate\n   It is shut in winter,\n   and the keys are with Ida.\n2. Fees"
    ) == [
        ("item", "The gate"),
        ("paragraph", "It is shut in winter, and the keys are with Ida."),
        ("item", "Fees"),
    ]


def test_quoted_lines_of_a_mail_are_quotations() -> None:
    source = (
        "On Monday Ida wrote:\n> Who has the key of the upper gate? I looked for it in the office"
        " of\n> the board and in the shed.\n>\n> Ida\nIt hangs behind the door."
    )
    assert told(source) == [
        ("paragraph", "On Monday Ida wrote:"),
        (
            "quotation",
            (
                "Who has the key of the upper gate? I looked for it in the office of the board"
                " and in the shed."
            ),
        ),
        ("quotation", "Ida"),
        ("paragraph", "It hangs behind the door."),
    ]


@pytest.mark.parametrize(
    "source",
    [
        (
            "1\n00:00:01,500 --> 00:00:04,000\nThe gate is shut\nin winter.\n\n2\n00:01:05,000 -->"
            " 00:01:06,000\n<i>Why?</i>"
        ),
        (
            "WEBVTT\n\n00:00:01.500 --> 00:00:04.000\nThe gate is shut\nin winter.\n\n"
            "00:01:05.000 --> 00:01:06.000\nWhy?"
        ),
    ],
)
def test_subtitles_are_words_with_their_time(source: str) -> None:
    rows = [text for kind, text in told(source) if kind == "row"]
    assert rows == ["00:00:01 The gate is shut in winter.", "00:01:05 Why?"]


def test_headings_have_their_level() -> None:
    page = read(
        "Canal\n=====\n\nText of it.\n\nGates\n-----\n\nMore text.\n\n# Lamps\n\nEnd.\n\nKEYS\n\nx"
    )
    found = [
        (one.level, page.text[one.start : one.end]) for one in page.blocks if one.kind == "heading"
    ]
    assert found == [(1, "Canal"), (2, "Gates"), (1, "Lamps"), (2, "KEYS")]
    assert page.title == "Canal"


def test_a_text_of_very_many_lines_has_no_blocks() -> None:
    page = read_plain("2023-02-01 07:00:01 gate opened\n" * 60_000, "/library/notes/lock")
    assert page.text.count("\n\n") == 59_999
    assert page.blocks == ()


@pytest.mark.parametrize(
    "source",
    [
        "1) Parking\nThe yard stays shut. Sign by Edda.",
        "1. Leak in the cellar\nwas the hose of the pump, says the plumber.",
        "1) Misc.\n* the lamp is mended\n* the tap drips",
    ],
)
def test_a_numbered_line_right_above_what_was_said_on_it_is_a_heading(source: str) -> None:
    kind, text = told(source)[0]
    assert (kind, text) == ("heading", source.partition("\n")[0])


@pytest.mark.parametrize(
    "source",
    [
        "1) Shut the yard\n2) Call Edda",
        "1) Shut the yard.\nThen call Edda.",
        "1) When did the pump leak?\nIn May.",
        "Parking\nThe yard stays shut.",
    ],
)
def test_steps_sentences_and_lines_without_a_number_are_none(source: str) -> None:
    assert told(f"Minutes\n\n{source}")[1][0] != "heading"
