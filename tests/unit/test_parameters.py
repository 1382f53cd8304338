"""What a request asks is read from its raw bytes, and refused where it is not what it should be."""

from __future__ import annotations

import pytest

from codexity.edges.http.parameters import BadParameter, question_of
from codexity.model import Filters


@pytest.mark.parametrize("value", ["0", "21", "-1", "1.5", "", "9" * 5_000, "%D9%A3"])
def test_max_sources_is_a_small_whole_number(value: str) -> None:
    with pytest.raises(BadParameter) as told:
        question_of(f"q=x&max_sources={value}".encode(), principal="local")
    assert told.value.name == "max_sources"
    asked = question_of(b"q=x&max_sources=20", principal="local")
    assert asked.filters.max_sources == 20


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("", "q"),
        ("site=a.example", "q"),
        ("q=a&q=b", "q"),
        ("q=a&max_sources=1&max_sources=2", "max_sources"),
        ("q=a&resume=0&resume=0", "resume"),
        ("q=a&after=2024&after=2025", "after"),
        ("q=a&before=2024&before=2025", "before"),
        ("q=a&language=de&language=fr", "language"),
        ("q=a&lang=de", "lang"),
        ("q=a&resume=yes", "resume"),
        ("q=a&resume=", "resume"),
        ("q=a&last_event_id=x&last_event_id=y", "last_event_id"),
        ("q=a&Q=b", "Q"),
        ("q=a&thread=t", "thread"),
        ("q=%ff", "q"),
        ("q=a&site=%ff", "site"),
        ("q=a&%ff=b", "parameter names"),
    ],
    ids=lambda one: one or "empty",
)
def test_a_parameter_that_is_missing_unknown_doubled_or_broken_is_named(
    query: str, name: str
) -> None:
    with pytest.raises(BadParameter) as told:
        question_of(query.encode(), principal="local")
    assert told.value.name == name
    assert name in told.value.message


def test_a_question_is_read_with_all_its_filters() -> None:
    query = (
        "q=a+%26%20b&site=a.example&site=b.example&provider=p&collection=c&resume=0&&max_sources=3"
        "&exclude_site=c.example&exclude_site=d.example&after=2024&before=2025-02&language=de"
    )
    asked = question_of(query.encode(), principal="alice")
    assert (asked.text, asked.principal) == ("a & b", "alice")
    assert asked.filters == Filters(
        site=("a.example", "b.example"),
        exclude_site=("c.example", "d.example"),
        after="2024",
        before="2025-02",
        language="de",
        provider=("p",),
        collection=("c",),
        max_sources=3,
    )
    assert question_of(b"q=a&resume=1&last_event_id=x", principal="local").text == "a"
