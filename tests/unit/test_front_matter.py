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
    "value",
    [
        "2023-04-05 10:00:00 +0200",
        "20230405",
        "202304051000",
        "1680688800",
        "1680688800000",
        "Wed, 05 Apr 2023 10:00:00 GMT",
        "[[2023-04-05]]",
        "Wednesday, April 5th, 2023",
        "5.4.2023",
        "5 апреля 2023",
    ],
)
def test_a_day_is_read_as_programs_and_people_write_it(value: str) -> None:
    page = read_markdown(f"---\ndate: {value}\n---\nText.", OWN)
    assert (page.text, page.published, page.published_from) == ("Text.", "2023-04-05", "meta")


@pytest.mark.parametrize(
    "name", ["Date", "created", "created_at", "createdAt", "date created", "publish-date", "Datum"]
)
def test_a_day_is_found_by_its_names(name: str) -> None:
    page = read_markdown(f"---\n{name}: 2023-04-05\n---\nText.", OWN)
    assert (page.text, page.published) == ("Text.", "2023-04-05")


@pytest.mark.parametrize("name", ["updated", "last_updated", "date modified", "lastmod", "revised"])
def test_a_day_of_change_is_no_day_of_publishing(name: str) -> None:
    page = read_markdown(f"---\n{name}: 2023-04-05\n---\nText.", OWN)
    assert (page.published, page.modified) == (None, "2023-04-05")


@pytest.mark.parametrize("value", ["2023", "soon", "4/5/2023", "v2023.4", "2999-01-01"])
def test_what_is_no_day_is_said_as_it_stands(value: str) -> None:
    page = read_markdown(f"---\ndate: {value}\ncreated: 2023-04-05\n---\nText.", OWN)
    assert (page.published, page.text) == ("2023-04-05", f"date: {value}\n\nText.")


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
