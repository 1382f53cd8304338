"""Passages are verbatim slices of about the asked size, cut where the page pauses."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codexity.model import Page
from codexity.stages.chunk import chunk
from codexity.text import stems

PROSE = "The heron waits in the shallow water until a small fish comes near enough to be caught."


def page(text: str) -> Page:
    return Page(url="https://pond.example/", title="Pond", text=text)


@settings(deadline=None, max_examples=200)
@given(
    st.text(alphabet=st.sampled_from("ab. \n>(日。\t—"), max_size=400),
    st.integers(min_value=1, max_value=12),
)
def test_passages_are_slices_in_order_and_lose_only_white_space(text: str, words: int) -> None:
    passages = chunk(page(text), words=words)
    at = 0
    for one in passages:
        assert one.text
        assert text[one.start : one.start + len(one.text)] == one.text
        assert not text[at : one.start].strip()
        assert one.stems[: len(stems(one.text))] == stems(one.text)
        at = one.start + len(one.text)
    assert not text[at:].strip()


def test_a_short_page_is_one_passage_and_an_empty_one_is_none() -> None:
    assert [one.text for one in chunk(page(f"{PROSE}\n\n{PROSE}"), words=150)] == [
        f"{PROSE}\n\n{PROSE}"
    ]
    assert chunk(page(" \n\n \n"), words=150) == ()


def test_the_checkpoint_is_passed_before_each_passage_and_may_end_the_work() -> None:
    class Ended(Exception):
        pass

    passed: list[int] = []

    def third() -> None:
        passed.append(len(passed))
        if len(passed) == 3:
            raise Ended

    long = page("\n\n".join([PROSE] * 60))
    with pytest.raises(Ended):
        chunk(long, words=30, checkpoint=third)
    assert len(passed) == 3
    every = chunk(long, words=30, checkpoint=lambda: passed.append(0))
    assert len(passed) - 3 == len(every) > 3


def test_passages_end_at_blocks_and_have_about_the_size() -> None:
    blocks = [f"{PROSE} Number {number} of them did so." for number in range(60)]
    passages = chunk(page("\n\n".join(blocks)), words=100)
    assert {block for one in passages for block in one.text.split("\n\n")} == set(blocks)
    sizes = [len(one.text.split()) for one in passages[:-1]]
    assert min(sizes) >= 60
    assert max(sizes) <= 140


def test_a_long_block_is_cut_between_its_sentences() -> None:
    passages = chunk(page(" ".join([PROSE] * 40)), words=60)
    assert len(passages) > 5
    assert all(one.text.startswith("The heron") for one in passages)
    assert all(one.text.endswith("caught.") for one in passages)


def test_a_heading_goes_with_what_follows_it() -> None:
    sections = [f"Section {number}\n\n{PROSE} {PROSE} {PROSE}" for number in range(9)]
    passages = chunk(page("\n\n".join(sections)), words=60)
    assert len(passages) > 3
    assert all(re.match(r"Section \d\n", one.text) for one in passages)
    assert not any(re.search(r"Section \d$", one.text) for one in passages)


def test_a_list_of_short_lines_is_cut_although_each_looks_like_a_heading() -> None:
    passages = chunk(page("\n\n".join(f"entry number {number}" for number in range(300))), words=50)
    assert max(len(one.text.split()) for one in passages) <= 100


def test_code_is_cut_between_its_lines() -> None:
    lines = [f"    total_{number} = add(first_{number}, second_{number})" for number in range(80)]
    code = "\n".join(["def all():", *lines])
    passages = chunk(page(code), words=50)
    assert len(passages) > 3
    assert all(line in code.split("\n") for one in passages for line in one.text.split("\n")[1:])


def test_text_without_spaces_is_cut_by_its_own_measure() -> None:
    passages = chunk(page("青い鳥が池の上を静かに飛んでいるのを見た" * 100), words=100)
    assert max(len(one.text) for one in passages) <= 160
    endless = chunk(page("x" * 10_000), words=100)
    assert max(len(one.text) for one in endless) <= 700


def test_what_goes_on_under_a_heading_has_its_stems_as_well() -> None:
    long = " ".join(["Kestrels hover over meadows and look for voles."] * 30)
    text = f"Falconry at night\n\n{long}\n\nOwls\n\n{long}"
    passages = chunk(page(text), words=60)
    owls = text.index("Owls")
    of_first = [one for one in passages if one.start + len(one.text) <= owls]
    of_second = [one for one in passages if one.start >= owls]
    assert len(of_first) > 2
    assert len(of_second) > 2
    assert all("falconri" in one.stems and "owl" not in one.stems for one in of_first)
    assert all("owl" in one.stems and "falconri" not in one.stems for one in of_second)
