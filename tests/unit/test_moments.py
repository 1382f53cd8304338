"""Dates, times and large numbers: all spellings of one have the same stem."""

from __future__ import annotations

import time

import pytest

from codexity.analysis import stems
from codexity.analysis.moments import moments, without_moments
from codexity.model import Page
from codexity.stages.chunk import chunk
from codexity.stages.cover import cover

SAME = [
    (
        "@9-28",
        (
            "28 September|28th September|Sept. 28th|September 28, 2026|the 28th of September"
            "|2026-09-28|2026/09/28|28.9.|28.09.2026|28. 9. 26|28/09/2026|09/28/2026|28-09-2026"
            "|28. September|le 28 septembre|28 de septiembre|28 settembre"
            "|9月28日|2026年9月28日|9월 28일"
        ),
    ),
    ("@5-3", "3 May|May 3rd|3. Mai|3 de mayo|3.5.|2024-05-03|5月3日"),
    ("@17:00", "5pm|5 pm|5 p.m.|5:00 PM|17:00|17 Uhr|17h|17.00 Uhr"),
    ("@0:30", "12:30 am|0:30|00:30|0h30"),
    ("1000", "1,000|1 000|1.000|1\u00a0000|1'000"),
    ("12500000", "12,500,000|12 500 000|12.500.000"),
]


@pytest.mark.parametrize(
    ("stem", "text"), [(stem, text) for stem, texts in SAME for text in texts.split("|")]
)
def test_every_spelling_has_the_stem(stem: str, text: str) -> None:
    found = [one for one in moments(f"It is {text}") if stem in (one.stem, *one.others)]
    assert len(found) == 1
    assert stem in stems(f"It is {text}")
    assert not any(map(str.isdigit, without_moments(f"It is {text}").replace("2026", "")))


@pytest.mark.parametrize(
    "text",
    [
        "version 3.12.1",
        "may 5 people come",
        "set 12 traps",
        "40.13.",
        "2025-13-40",
        "192.168.0.12",
        "12:30:45",
        "28 separate",
        "0.125",
        "1,5",
        "5 h",
        "13pm",
        "July",
        "A1,000",
    ],
)
def test_what_is_none_has_none(text: str) -> None:
    assert list(moments(text)) == []


@pytest.mark.parametrize(
    ("question", "said", "other"),
    [
        ("who comes on 28 September", "28.9.: Ida comes.", "29.9.: Ida comes."),
        ("what happens on 2026-09-28", "On Sept. 28th it happens: tea.", "On Sept. 8th: tea."),
        ("who comes at 5pm", "Ida comes at 17:00.", "Ida comes at 15:00."),
        ("what costs 1,000 euros", "The boat costs 1 000 euros.", "The boat costs 1 500 euros."),
        ("fete du 14 juillet", "14.07.: la fete du village.", "15.07.: la fete du village."),
    ],
)
def test_the_gate_takes_one_spelling_for_the_other(question: str, said: str, other: str) -> None:
    def answers(text: str) -> bool:
        page = Page(url="/library/a/b", title="", text=text, via="library")
        return cover(question, chunk(page, words=150)).answers

    assert answers(said)
    assert not answers(other)


@pytest.mark.parametrize(
    "hostile", ["1 ", "1,000", "1.1.", "May 1 ", "9:", "1 000 ", "2026-01-01-", "1/2/26/"]
)
def test_a_text_of_nothing_else_takes_as_long_as_it_is(hostile: str) -> None:
    def seconds(times: int) -> float:
        text = hostile * times
        begin = time.process_time()
        for _ in moments(text):
            pass
        return time.process_time() - begin

    seconds(1_000)
    assert seconds(80_000) < 20 * seconds(8_000) + 0.1


@pytest.mark.parametrize("month", ["ſeptember", "AUGUſT", "aprıl", "Aprİl"])
def test_a_letter_that_only_looks_like_one_of_a_month_is_no_error(month: str) -> None:
    assert [one.stem for one in moments("It is 9 September")] == ["@9-9"]
    for text in (f"It is 9 {month} 2031", f"It is {month} 9, 2031"):
        assert all(one.stem.startswith("@") for one in moments(text))
