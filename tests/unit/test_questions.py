"""The set of questions: what it says stands in its documents, and answers are judged by it."""

from __future__ import annotations

import csv
import html
import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from codexity.adapters.library.reference import built_in, module, modules, topics
from codexity.model import Claim, Quotation, Source
from questions.scoring import (
    ANSWERED_BY_REFUSING,
    HERE,
    KINDS,
    READ,
    WORLDS,
    Asked,
    counts,
    flat,
    half,
    load,
    place,
    short,
    shown,
    verdict,
    wilson,
)

HOME = Path(__file__).resolve().parents[2]
ASKED = load()
ANSWERABLE = [one for one in ASKED if not one.refuse]
MODULES = {"collections", "functools", "heapq", "textwrap"}
"""The modules that the starter's questions are about."""

_INLINE = re.compile(r"</?(?:a|abbr|b|code|em|i|span|strong)\b[^>]*>")
_TAG = re.compile(r"<[^>]*>")


def plain_html(text: str) -> str:
    return html.unescape(_TAG.sub(" ", _INLINE.sub("", text)))


def plain_csv(text: str) -> str:
    """The cells with bars between them: a comma would join the numbers of two cells."""
    return "\n".join(" | ".join(row) for row in csv.reader(text.splitlines()))


PLAIN = {".html": plain_html, ".csv": plain_csv}


@cache
def documents(world: str) -> tuple[str, ...]:
    """The documents of a world, flat."""
    if world == "starter":
        return (*guides(), *reference())
    files = [one for one in sorted((HERE / world).rglob("*")) if one.is_file()]
    texts = ((one.suffix, one.read_text(encoding="utf-8")) for one in files)
    return tuple(flat(PLAIN.get(suffix, str)(text)) for suffix, text in texts)


def guides() -> list[str]:
    files = [HOME / "README.md", *sorted((HOME / "docs").glob("*.md"))]
    return [flat(one.read_text(encoding="utf-8")) for one in files]


def reference() -> list[str]:
    found = [module(name, path) for name, path in modules() if name in MODULES]
    entries = [*topics(), built_in(), *(one for one in found if one is not None)]
    return [flat(one.text) for one in entries]


def stands(wanted: str, world: str) -> bool:
    return any(place(wanted, text) >= 0 for text in documents(world))


def asked(**changes: object) -> Asked:
    fields: dict[str, object] = {
        "id": "a-001",
        "question": "how many days",
        "world": "office",
        "language": "en",
        "kind": "fact",
        "right": (("30 days", "a year"), ("thirty days",)),
        "forbidden": ("27 days",),
        "quote": "has 30 days of holiday",
        "refuse": False,
    }
    return Asked(**(fields | changes))  # pyright: ignore[reportArgumentType] # fields of many types


def source(index: int) -> Source:
    return Source(index=index, title="", url="", site="", published=None, quote="", link="")


def claim(quoted: str, *citations: int) -> Claim:
    quotes = (Quotation(index=1, text=quoted, link=""),)
    return Claim(start=0, end=1, citations=citations, support="quoted", quotes=quotes)


@pytest.mark.parametrize("one", ANSWERABLE, ids=lambda one: one.id)
def test_what_is_right_stands_in_a_document_of_its_world(one: Asked) -> None:
    assert one.right
    for string in (string for strings in one.right for string in strings):
        assert stands(string, one.world), string
    assert one.quote
    assert stands(one.quote, one.world), one.quote


@pytest.mark.parametrize("one", ANSWERABLE, ids=lambda one: one.id)
def test_one_document_has_the_quote_and_all_that_is_right(one: Asked) -> None:
    quoted = [text for text in documents(one.world) if place(one.quote, text) >= 0]
    together = any(
        all(place(string, text) >= 0 for string in strings)
        for strings in one.right
        for text in quoted
    )
    assert together or one.kind == "two-documents"


@pytest.mark.parametrize("one", ANSWERABLE, ids=lambda one: one.id)
def test_no_forbidden_string_is_part_of_a_right_one(one: Asked) -> None:
    for string in one.forbidden:
        assert all(string not in right for strings in one.right for right in strings), string
        assert place(string, flat(one.quote)) == -1, string


def test_what_is_to_be_refused_has_nothing_that_is_right() -> None:
    for one in ASKED:
        assert one.refuse == (one.kind in ANSWERED_BY_REFUSING), one.id
        if one.refuse:
            assert (one.right, one.forbidden, one.quote) == ((), (), ""), one.id


def test_ids_and_questions_are_unique_and_kinds_and_worlds_known() -> None:
    assert len({one.id for one in ASKED}) == len(ASKED)
    assert len({(one.world, one.question.casefold()) for one in ASKED}) == len(ASKED)
    assert {one.kind for one in ASKED} == set(KINDS)
    assert {one.world for one in ASKED} == set(WORLDS)
    assert all(one.id.startswith(f"{one.world}-") for one in ASKED)


def test_there_are_as_many_of_each_world_and_kind_as_promised() -> None:
    worlds = Counter(one.world for one in ASKED)
    kinds = Counter(one.kind for one in ASKED)
    assert len(ASKED) >= 500
    assert worlds["starter"] == 40
    assert worlds["practice"] >= 110
    for name in ("workshop", "club", "school"):
        assert worlds[name] >= 110, name
        assert sum(one.refuse for one in ASKED if one.world == name) >= 35, name
    assert worlds["lab"] >= 130
    assert sum(one.refuse for one in ASKED if one.world == "lab") >= 30
    assert worlds["village"] >= 130
    assert sum(one.refuse for one in ASKED if one.world == "village") == 30
    assert worlds["shop"] >= 150
    assert sum(one.refuse for one in ASKED if one.world == "shop") >= 30
    assert min(worlds[name] for name in WORLDS) >= 40
    assert sum(one.refuse for one in ASKED if one.world == "starter") == 10
    assert 0.22 <= sum(one.refuse for one in ASKED) / len(ASKED) <= 0.28
    assert kinds["typo"] >= 10
    assert min(kinds[name] for name in KINDS) >= 7
    languages = Counter(one.language for one in ASKED if one.world == "languages")
    assert set(languages) == {"de", "fr", "es", "ja", "zh", "ar"}
    assert min(languages.values()) >= 7


def test_the_halves_of_each_unread_world_are_about_equal() -> None:
    unread = [world for world in WORLDS if world not in READ]
    assert len(unread) >= 3
    for world in unread:
        ids = [one.id for one in ASKED if one.world == world]
        assert 0.3 <= sum(half(name) == "held back" for name in ids) / len(ids) <= 0.7, world


def test_nothing_of_a_world_that_was_read_is_held_back() -> None:
    assert {half(one.id) for one in ASKED if one.world in READ} == {"tuned"}


def test_a_half_is_told_by_the_first_byte_of_the_hash() -> None:
    assert half("a") == "tuned"  # ca978112...
    assert half("d") == "tuned"  # 18ac3e73...
    assert half("c") == "tuned"  # 2e7d2c03...
    assert half("e") == "held back"  # 3f79bb7b...


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Everybody has 30 days a year. [1]", "right"),
        ("It is **thirty days**. [1]", "right"),
        ("Everybody has 30 days. [1]", "partly"),
        ("Everybody has 30 days a year.", "partly"),
        ("Everybody has 30 days a year. [7]", "partly"),
        ("Everybody has 130 days a day. [1]", "wrong"),
        ("Everybody has 30 days a year [1], or 27 days. [1]", "wrong"),
        ("The canteen is open. [1]", "wrong"),
        ("The documents do not say.", "refused"),
        ("", "refused"),
    ],
)
def test_an_answer_is_judged_by_its_words(text: str, expected: str) -> None:
    assert verdict(asked(), text, "completed", [source(1)]) == expected


def test_a_citation_may_stand_in_the_claims_alone() -> None:
    text = "Everybody has 30 days a year."
    assert verdict(asked(), text, "completed", [source(1)], [claim("", 1)]) == "right"
    assert verdict(asked(), text, "completed", [source(1)], [claim("", 2)]) == "partly"


def test_a_superseded_fact_may_stand_behind_the_newer_one_only() -> None:
    one = asked(kind="superseded", right=(("30 days",),))
    newer, older = "30 days since 2025. [1]", "27 days in 2024. [2]"
    sources = [source(1), source(2)]
    assert verdict(one, f"{newer} {older}", "completed", sources) == "right"
    assert verdict(one, f"{older} {newer}", "completed", sources) == "wrong"
    assert verdict(one, older, "completed", sources) == "wrong"


def test_to_refuse_is_right_where_the_documents_do_not_say() -> None:
    one = asked(kind="unanswerable", right=(), forbidden=(), quote="", refuse=True)
    assert verdict(one, "", "no_evidence") == "rightly refused"
    assert verdict(one, "Nothing was found.", "completed") == "rightly refused"
    assert verdict(one, "It is 30 days. [1]", "completed", [source(1)]) == "wrong"
    assert verdict(asked(), "30 days a year [1]", "no_evidence", [source(1)]) == "refused"


def test_the_quotation_under_a_sentence_is_looked_at() -> None:
    assert shown(asked(), [claim("Who works\nhere has **30 days** of  holiday.", 1)])
    assert not shown(asked(), [claim("The canteen is open.", 1)])
    assert not shown(asked(), [])


def test_the_items_of_a_list_count_as_one_sentence() -> None:
    claims = [claim("", 1)] * 4
    assert not short(asked(), claims)
    assert short(asked(), claims[:3])
    assert short(asked(kind="list"), claims)


def test_words_and_numbers_are_found_whole() -> None:
    assert place("5", "on 15 or 5.5 or 2,5 days") == -1
    assert place("5", "on 15 or 5. days") == 9
    assert place("月曜日", "ごみは月曜日と") == 3
    assert place("pass", "bypass") == -1


def test_verdicts_are_counted_by_name_and_in_all() -> None:
    table = counts([("fact", "right"), ("fact", "wrong"), ("list", "right")])
    assert table["all"] == {"right": 2, "wrong": 1}
    assert table["fact"] == {"right": 1, "wrong": 1}


def test_the_interval_of_a_share_is_wilsons() -> None:
    assert wilson(0, 0) == (0.0, 1.0)
    low, high = wilson(85, 100)
    assert (round(low, 3), round(high, 3)) == (0.767, 0.907)
    assert wilson(0, 10)[0] == 0.0
    assert wilson(10, 10)[1] == 1.0
