"""What a document says of itself before it begins; a rule at its top says nothing."""

from __future__ import annotations

import pytest

from codexity.adapters.extract.text.markdown import read_markdown

OWN = "/library/notes/heron.md"


@pytest.mark.parametrize(
    "source",
    [
        "---\ntitle: Upper lock\ndate: 2023-04-05\n---\nText.",
        '---\n"title": "Upper lock"\npublished: 2023-04-05T10:00:00Z\n...\nText.',
        "---\ntitle: 'Upper lock'\ndate: 5 April 2023 # by hand\n---\n\nText.",
        "---\ntitle: Upper lock\ndate: Wed, 5 Apr 2023\n---\nText.",
        '+++\ntitle = "Upper lock"\ndate = 2023-04-05T10:00:00Z\n+++\nText.',
        '+++\ntitle = "Upper lock"\ndate = 2023-04-05\nodd = \n+++\nText.',
        '{"title": "Upper lock", "date": "2023-04-05"}\n\nText.',
    ],
)
def test_title_and_day_are_read_and_are_no_text(source: str) -> None:
    page = read_markdown(source, OWN)
    assert (page.title, page.text) == ("Upper lock", "Text.")
    assert (page.published, page.published_from) == ("2023-04-05", "meta")


@pytest.mark.parametrize(
    ("front", "expected"),
    [
        ("aliases: [sluice, Schleuse]", ["aliases: sluice, Schleuse"]),
        ("tags:\n  - water/gate\n  - 'iron'", ["tags: water/gate, iron"]),
        ("tags:\n- water\n- iron", ["tags: water, iron"]),
        ("summary: Shut it at night.\nowner: Ida", ["Shut it at night.", "owner: Ida"]),
        ("description: >\n  Shut it\n  at night.", ["Shut it at night."]),
        ("layout: post\ndraft: false\nowner: Ida", ["owner: Ida"]),
        ("title: Lock: the upper one\nowner: Ida # since May", ["owner: Ida"]),
    ],
)
def test_its_other_fields_come_first(front: str, expected: list[str]) -> None:
    page = read_markdown(f"---\n{front}\n---\nText.", OWN)
    assert page.text.split("\n\n") == [*expected, "Text."]


@pytest.mark.parametrize(
    "source",
    [
        "---\nThe gate code is 5512.\n---\n\nText.",
        "---\n\n## Friday\n\nPaid 5512 crowns.\n\n---\n\nText.",
        "---\nName: Ida\nThe gate code is 5512.\n---\n\nText.",
        "---\n- 5512 crowns\n---\n\nText.",
        "+++\n5512 crowns\n+++\n\nText.",
        "---\ncode: 5512",
        "{5512} is the code.\n\nText.",
    ],
)
def test_a_rule_at_the_top_begins_no_front_matter(source: str) -> None:
    assert "5512" in read_markdown(source, OWN).text


def test_when_it_was_changed_is_told_too() -> None:
    page = read_markdown("---\ncreated: 2022-01-02\nupdated: 2023-04-05\n---\nText.", OWN)
    assert (page.published, page.modified, page.modified_from) == (
        "2022-01-02",
        "2023-04-05",
        "meta",
    )
