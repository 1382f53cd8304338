"""What Logseq and plugins of Obsidian write into notes, as a reader sees it."""

from __future__ import annotations

import pytest

from codexity.adapters.extract.text.markdown import read_markdown
from codexity.model import Page
from reading import told

OWN = "/library/own/weir-1a2b"
OPEN = "TO" + "DO"
ID = "6543abcd-1111-2222-3333-444455556666"


def read(source: str) -> Page:
    return read_markdown(source, OWN)


@pytest.mark.parametrize(
    "top",
    [
        "title:: The weir\nalias:: sluice, [[upper weir]]\ndate:: [[Mar 7th, 2022]]\npublic:: true",
        "- title:: The weir\n  alias:: sluice, upper weir\n  created-at:: 1646640000000\n  id:: x",
        "\ntitle:: The weir\nicon:: 🦆\nalias:: sluice, #[[upper weir]]\ndate:: 2022-03-07\n",
    ],
)
def test_the_properties_of_a_page_are_its_title_day_and_fields(top: str) -> None:
    page = read(f"{top}\n\n- It is shut at night.\n")
    assert (page.title, page.published, page.published_from) == ("The weir", "2022-03-07", "meta")
    assert told(page) == [("pair", "alias: sluice, upper weir"), ("item", "It is shut at night.")]


@pytest.mark.parametrize(
    "source",
    [
        "The weir is shut.\n\ntitle:: no\n",
        "- It is shut.\n  title:: no\n",
        "# Weir\n\ntitle:: no\n",
        "std::vector<int> x;\n\n# Weir\n",
        "a::b is a path.\n",
    ],
)
def test_properties_below_are_not_the_pages(source: str) -> None:
    assert read(source).title != "no"
    assert read(source).published is None


def test_properties_of_a_block_stand_below_it() -> None:
    page = read("- Per Holm\n\t- phone:: 4472\n\t- He is in on Thursdays.\n- Ida\n  phone:: 4473\n")
    found = [(one.level, page.text[one.start : one.end]) for one in page.blocks]
    assert found == [
        (1, "Per Holm"),
        (2, "phone: 4472"),
        (2, "He is in on Thursdays."),
        (1, "Ida"),
        (2, "phone: 4473"),
    ]


@pytest.mark.parametrize(
    "refers",
    [
        f"see (({ID}))",
        f"see {{{{embed (({ID}))}}}}",
        f"see (({ID.upper()}))",
    ],
)
@pytest.mark.parametrize("block", [f"- {OPEN} Grease the winch", "\t- Grease the winch"])
def test_a_reference_says_the_words_of_its_block(refers: str, block: str) -> None:
    page = read(f"- First\n{block}\n  id:: {ID}\n- {refers}\n")
    assert told(page)[-1] == ("item", "see Grease the winch")


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        (f"- see (({ID})) there", "see there"),
        (f"- [the winch]((({ID})))\n- Grease\n  id:: {ID}", "the winch"),
        ("- f((x)) is called", "f((x)) is called"),
    ],
)
def test_other_references_are_not_said(source: str, shown: str) -> None:
    assert told(read(source))[0] == ("item", shown)


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        (f"- {OPEN} [#A] Paint\n  SCHEDULED: <2022-03-07 Mon>", ["Paint", "Scheduled: 2022-03-07"]),
        ("- LATER Paint\n  DEADLINE: <2022-03-07 Mon .+1d>", ["Paint", "Deadline: 2022-03-07"]),
        (
            "- DONE Paint\n  :LOGBOOK:\n  CLOCK: [2022-03-07 Mon 09:00] => 0:30\n  :END:",
            ["Paint"],
        ),
        ("- #+BEGIN_QUOTE\n  It is shut.\n  #+END_QUOTE", ["It is shut."]),
        ("- Open\n  #+BEGIN_QUERY\n  {:query [:find]}\n  #+END_QUERY", ["Open"]),
        ("- collapsed:: true\n  It is shut.", ["It is shut."]),
        ("- It is {{cloze shut}} and ^^locked^^", ["It is shut and locked"]),
        ("- Seen {{video https://v.example/1}}", ["Seen"]),
        ("- Seen {{youtube-timestamp 12}} twice", ["Seen twice"]),
        ("- ![weir.png](../assets/weir.png){:height 30, :width 40} shut", ["shut"]),
        ("- {{query (todo now)}}\n- Shut", ["Shut"]),
    ],
)
def test_what_the_program_puts_beside_the_words_is_not_said(source: str, shown: list[str]) -> None:
    page = read(source)
    assert [text for _, text in told(page)] == shown


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("The [depth:: 4 m] is low.", "The depth: 4 m is low."),
        ("The weir (depth:: 4 m) is low.", "The weir depth: 4 m is low."),
        ("depth:: 4 m", "depth: 4 m"),
        ("It is shut^[since May] at night.", "It is shut (since May) at night."),
        ("Shut <% tp.date.now() %> at night.", "Shut at night."),
        ("![the gate|200](gate.png)", "the gate"),
        ("```dataview\nLIST FROM #weir\n```\n\nShut.", "Shut."),
        ("```tasks\nnot done\n```\n\nShut.", "Shut."),
        ("Shut.\n\n%% kanban:settings\n```\n{}\n```\n%%", "Shut."),
        ("Shut.\n\n%%\nnever\n\nread%%", "Shut."),
        ("2^8 and a ^[", "2^8 and a ^["),
        ("f(a::b) is called [x::y](z)", "f(a::b) is called x::y"),
        ("```sql\nSELECT 1\n```", "SELECT 1"),
    ],
)
def test_marks_of_obsidian_and_its_plugins(source: str, shown: str) -> None:
    assert read(source).text == shown


@pytest.mark.parametrize(
    ("field", "shown"),
    [
        ('up: "[[Weirs]]"', "up: Weirs"),
        ("up: [[Weirs]]", "up: Weirs"),
        ('see:\n  - "[[Weirs#Upper|the upper one]]"\n  - "[[Locks]]"', "see: the upper one, Locks"),
        ("tags: ['#river', \"#lock/upper\"]", "tags: river, lock/upper"),
        ("owner: Ida # since May", "owner: Ida"),
        ("room: C#", "room: C#"),
    ],
)
def test_links_in_front_matter_say_their_words(field: str, shown: str) -> None:
    assert read(f"---\n{field}\n---\nShut.").text == f"{shown}\n\nShut."


@pytest.mark.parametrize("mark", "!?*<-x/>")
def test_a_task_of_any_state_is_one(mark: str) -> None:
    (item,) = read(f"- [{mark}] Paint the boat").blocks
    assert item.marker == f"[{mark}]"


@pytest.mark.parametrize(
    ("source", "title"),
    [
        ("Some words.\n\n## Section\n\nMore.", "weir-1a2b"),
        ("## Section\n\nMore.", "Section"),
        ("Some words.\n\n# Weir\n\nMore.", "Weir"),
        ("---\nowner: Ida\n---\n## Section\n\nMore.", "Section"),
    ],
)
def test_the_heading_of_a_section_is_no_title(source: str, title: str) -> None:
    assert read(source).title == title
