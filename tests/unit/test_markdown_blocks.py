"""Markdown, and what notes have beside it, as blocks that say what they are."""

from __future__ import annotations

import pytest

from codexity.adapters.extract.text.markdown import read_markdown
from codexity.model import Block, Page

TO_DO = "TO" + "DO"
OWN = "/library/notes/heron.md"


def read(source: str, url: str = OWN) -> Page:
    page = read_markdown(source, url)
    places = [(block.start, block.end) for block in page.blocks]
    assert "\n\n".join(page.text[start:end] for start, end in places) == page.text
    return page


def told(page: Page) -> list[tuple[str, str]]:
    return [(block.kind, page.text[block.start : block.end]) for block in page.blocks]


def texts(source: str) -> list[str]:
    return [text for _, text in told(read(source))]


def only(source: str, kind: str) -> list[tuple[Block, str]]:
    page = read(source)
    return [(one, page.text[one.start : one.end]) for one in page.blocks if one.kind == kind]


@pytest.mark.parametrize(
    ("source", "text"),
    [
        (
            "The sluice shuts at nine<br>and opens at ten.",
            "The sluice shuts at nine and opens at ten.",
        ),
        ("The sluice shuts at nine<br/>and opens.", "The sluice shuts at nine and opens."),
        ("The sluice shuts at nine  \nand opens.", "The sluice shuts at nine and opens."),
        ("The sluice shuts\\\nand opens.", "The sluice shuts and opens."),
        ("The sluice shuts\nand opens.", "The sluice shuts and opens."),
        ("Weir![map](m.png)Lock", "Weir Lock"),
        ("Weir<img src=m.png>Lock", "Weir Lock"),
        ("Weir <b>and</b> Lo<i>ck</i>", "Weir and Lock"),
        ("![The weir in flood](m.png)", "The weir in flood"),
    ],
)
def test_breaks_and_pictures_part_words_and_marks_do_not(source: str, text: str) -> None:
    assert texts(source) == [text]


def test_a_row_has_its_cells_and_its_head() -> None:
    source = "| Day | Keeper |\n|---|---|\n| Friday | Ida<br>Olaf<br/>Britt |\n| Sunday | |"
    page = read(source)
    head, first, second = page.blocks
    assert [page.text[one.start : one.end] for one in page.blocks] == [
        "Day Keeper",
        "Friday Ida Olaf Britt",
        "Sunday",
    ]
    assert (head.kind, head.header) == ("row", ())
    assert first.header == second.header == ("Day", "Keeper")
    assert [page.text[start:end] for start, end in first.cells] == ["Friday", "Ida Olaf Britt"]
    assert [page.text[start:end] for start, end in second.cells] == ["Sunday", ""]


@pytest.mark.parametrize(
    "source",
    [
        "<table><tr><th>Day</th><th>Keeper</th></tr><tr><td>Friday</td><td>Ida</td></tr></table>",
        "<table>\n<thead><tr><th>Day<th>Keeper</tr></thead>\n".replace(
            "<th>K", "</th><th>K"
        ).replace("Keeper</tr>", "Keeper</th></tr>")
        + "\n<tr><td>Friday</td><td>Ida</td></tr>\n</table>",
        "| Day | Keeper |\n|--|--|\n| Friday | Ida |",
    ],
)
def test_a_table_of_html_is_one_too(source: str) -> None:
    page = read(source)
    assert [text for kind, text in told(page) if kind == "row"] == ["Day Keeper", "Friday Ida"]
    assert page.blocks[-1].header == ("Day", "Keeper")


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("- oars\n- rope", [("", 1, "oars"), ("", 1, "rope")]),
        ("- oars\n  - two long\n- rope", [("", 1, "oars"), ("", 2, "two long"), ("", 1, "rope")]),
        ("3. oars\n4. rope", [("3.", 1, "oars"), ("4.", 1, "rope")]),
        ("1. oars\n1. rope", [("1.", 1, "oars"), ("2.", 1, "rope")]),
        ("1) oars\n2) rope", [("1)", 1, "oars"), ("2)", 1, "rope")]),
        ("3. Mai: Anfang\n7. Mai: Ende", [("", 1, "3. Mai: Anfang"), ("", 1, "7. Mai: Ende")]),
        ("1931. It was cold.", [("", 1, "1931. It was cold.")]),
        ("- [ ] caulk\n- [x] tar", [("[ ]", 1, "caulk"), ("[x]", 1, "tar")]),
        (f"- {TO_DO} caulk\n- see {TO_DO}", [(f"[{TO_DO}]", 1, "caulk"), ("", 1, f"see {TO_DO}")]),
    ],
)
def test_items_have_their_depth_and_their_number(
    source: str, expected: list[tuple[str, int, str]]
) -> None:
    assert [(one.marker, one.level, text) for one, text in only(source, "item")] == expected


def test_blocks_say_what_they_are() -> None:
    source = "# Lock\n\nText.\n\n> Said.\n\n```\na\n  b\n```\n\n## Deep\n\nName: Ida\nPhone: 12"
    assert told(read(source)) == [
        ("heading", "Lock"),
        ("paragraph", "Text."),
        ("quotation", "Said."),
        ("code", "a\n  b"),
        ("heading", "Deep"),
        ("pair", "Name: Ida"),
        ("pair", "Phone: 12"),
    ]
    page = read(source)
    assert page.headings_at(len(page.text)) == ("Lock", "Deep")


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("The weir holds 10<sup>9</sup> litres.", "The weir holds 10⁹ litres."),
        ("The weir holds 10^9^ litres.", "The weir holds 10⁹ litres."),
        ("5·10<sup>-3</sup> m", "5·10⁻³ m"),
        ("40 m<sup>2</sup> of deck", "40 m² of deck"),
        ("H<sub>2</sub>O and CO~2~", "H2O and CO2"),
        ("x<sup>n-k</sup>", "x^(n-k)"),
        ("In 1987<sup>4</sup> it was sold.", "In 1987[4] it was sold."),
        ("In 1987[^4] it was sold.", "In 1987 it was sold."),
        ("the 3<sup>rd</sup> gate", "the 3rd gate"),
        ("2 ^ 3 and a ~ b", "2 ^ 3 and a ~ b"),
    ],
)
def test_raised_figures_join_no_number(source: str, text: str) -> None:
    assert texts(source) == [text]


def test_a_footnote_is_read_where_it_stands() -> None:
    assert texts("It was sold.[^a]\n\n[^a]: To a firm in Ulm.\n\n[b]: http://x.example/") == [
        "It was sold.",
        "To a firm in Ulm.",
    ]


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("A berth costs ~~310~~ 340 crowns.", "A berth costs 340 crowns."),
        ("A berth costs <del>310</del> 340 crowns.", "A berth costs 340 crowns."),
        ("A berth costs <s>3<b>1</b>0</s> 340 crowns.", "A berth costs 340 crowns."),
        ("<p>A berth costs <strike>310</strike> 340 crowns.</p>", "A berth costs 340 crowns."),
        ("A berth ~ 340 crowns ~ a month.", "A berth ~ 340 crowns ~ a month."),
    ],
)
def test_what_is_struck_out_is_not_read(source: str, text: str) -> None:
    assert texts(source) == [text]


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("See [[Locks#Upper|the upper lock]] and [[Weirs]].", "See the upper lock and Weirs."),
        ("See [[Locks#Upper]].", "See Locks > Upper."),
        ("See [[Locks#^b2]].", "See Locks."),
        ("Before ![[map.png]] behind", "Before behind"),
        ("Before ![[map.png|The weir]] behind", "Before The weir behind"),
        ("Before ![[map.png|300]] behind", "Before behind"),
        ("Before ![[Locks]] behind", "Before Locks behind"),
        ("It ==must not== freeze.", "It must not freeze."),
        ("It ==**must** not== freeze.", "It must not freeze."),
        ("a == b and c==d", "a == b and c==d"),
        ("Shut it. %%ask Britt%% Twice.", "Shut it. Twice."),
        ("100%% of 50%% stays", "100%% of 50%% stays"),
        ("Shut it. ^a1", "Shut it."),
        ("2 ^2", "2 ^2"),
        ("Shut it ((64f0e3a1-1111-4222-8333-444455556666)).", "Shut it ."),
        ('Before {{< figure src="a.png" >}} behind', "Before behind"),
        ("`[[a]] ==b== %%c%%`", "[[a]] ==b== %%c%%"),
        ("if [[ -f x ]]; then", "if [[ -f x ]]; then"),
        ("[[1]](http://x.example/) says", "[1] says"),
    ],
)
def test_the_marks_of_notes_are_no_text(source: str, text: str) -> None:
    assert read(source, "https://x.example/a.md").text == text


def test_a_comment_of_many_lines_is_not_read() -> None:
    code = "```\n%%\ncell\n%%\n```"
    source = f"Shown.\n\n%%\n\nFor Britt.\n\n%%\n\nShown too.\n\n{code}\n\n%%\n\nLeft open."
    assert texts(source) == ["Shown.", "Shown too.", "%%\ncell\n%%", "%%", "Left open."]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("> [!warning] Mind the step\n> It is wet.", ["Mind the step", "It is wet."]),
        ("> [!NOTE]\n> It is wet.", ["Note", "It is wet."]),
        ("> [!tip]- Folded\n> It is wet.", ["Folded", "It is wet."]),
        ("> It is [!wet].", ["It is [!wet]."]),
    ],
)
def test_a_callout_is_its_title_and_its_text(source: str, expected: list[str]) -> None:
    assert texts(source) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("- [Pump panel](http://10.4.4.9:81/p)", ["Pump panel (http://10.4.4.9:81/p)"]),
        ("[Pump panel](http://10.4.4.9/p)", ["Pump panel (http://10.4.4.9/p)"]),
        ("- [Pump panel][p]\n\n[p]: http://10.4.4.9/p", ["Pump panel (http://10.4.4.9/p)"]),
        ("| Panel |\n|--|\n| [Pump](http://10.4.4.9/) |", ["Panel", "Pump (http://10.4.4.9/)"]),
        (
            "The pump is set in [its panel](http://10.4.4.9/p), which is in the shed by the gate.",
            [
                "The pump is set in its panel, which is in the shed by the gate.",
                "its panel: http://10.4.4.9/p",
            ],
        ),
        ("Whoever has questions [writes](mailto:ida@lock.example).", [
            "Whoever has questions writes (ida@lock.example)."
        ]),
        ("- <http://10.4.4.9/p>", ["http://10.4.4.9/p"]),
        ("- [10.4.4.9](http://10.4.4.9/)", ["10.4.4.9"]),
        ("- [Upper lock](#upper)\n- [Map](map.md)", ["Upper lock", "Map"]),
    ],
)  # fmt: skip
def test_addresses_behind_links_are_told(source: str, expected: list[str]) -> None:
    assert texts(source) == expected


def test_hidden_links_and_pictures_have_no_words_to_tell() -> None:
    source = "<div hidden>\n\n- [a](http://secret.example/)\n\n![secret](a.png)\n\n</div>\n\nSeen."
    assert texts(source) == ["Seen."]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("# Sluice {#sluice .deep}\n\nIt is shut.", ["Sluice", "It is shut."]),
        ("Sluice {.deep}\n------\n\nIt is shut.", ["Sluice", "It is shut."]),
        ("::: warning\nThin ice.\n:::", ["Thin ice."]),
        ("::: {.note}\n\nThin ice.\n\n:::", ["Thin ice."]),
        ("Sluice\n: What holds the pond.", ["Sluice: What holds the pond."]),
        ("Sluice\n: What holds.\n: A gate.", ["Sluice: What holds.", "Sluice: A gate."]),
        # What only looks like it.
        ("# A set {1, 2}", ["A set {1, 2}"]),
        ("He said\nthis: it is shut.", ["He said this: it is shut."]),
        ("Write `:::` around it.", ["Write ::: around it."]),
    ],
)
def test_what_pandoc_adds_is_no_text(source: str, expected: list[str]) -> None:
    assert texts(source) == expected
