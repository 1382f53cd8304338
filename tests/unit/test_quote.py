"""The answer without a model: sentences of the sources, each source cited, none twice."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codexity.adapters.rank.bm25 import Bm25
from codexity.model import Evidence, Limits, Page, Sentence
from codexity.stages.choose import choose
from codexity.stages.chunk import chunk
from codexity.stages.quote import quote

LIMITS = Limits()


async def evidence_of(question: str, *texts: str) -> tuple[Evidence, ...]:
    pages = [
        Page(url=f"https://n{at}.example/", title=f"Page {at}", text=text)
        for at, text in enumerate(texts)
    ]
    passages = [one for page in pages for one in chunk(page, words=LIMITS.passage_words)]
    return await choose(question, passages, ranker=Bm25(), limits=LIMITS, max_sources=5)


async def answered(question: str, *texts: str, limits: Limits = LIMITS) -> tuple[Sentence, ...]:
    return quote(question, await evidence_of(question, *texts), limits=limits)


RIVER = (
    "The Elm is a river in the north. Many mills stood on it. The Elm is 214 kilometres long. "
    "Its water is brown. Boats are rare on the river today. Otters have come back to the Elm. "
    "A railway follows the river for some way. Fishing needs a permit."
)


async def test_the_sentence_that_answers_is_there() -> None:
    said = await answered(
        "How long is the river Elm?", RIVER, limits=replace(LIMITS, answer_sentences=2)
    )
    assert "The Elm is 214 kilometres long." in [one.text for one in said]
    assert len(said) == 2
    assert "Fishing needs a permit." not in [one.text for one in said]


async def test_what_kind_of_question_it_is_decides_between_equals() -> None:
    text = "The tower of Brill was built in 1712. The tower of Brill was built by Anna Holm."
    one = replace(LIMITS, answer_sentences=1)
    evidence = await evidence_of("tower Brill built", text)
    when = quote("When was the tower of Brill built?", evidence, limits=one)
    assert when[0].text == "The tower of Brill was built in 1712."


async def test_sentences_stand_in_the_order_of_source_and_page() -> None:
    said = await answered(
        "How long is the river Elm?",
        "Rivers of the north are short, says the almanac of the river office.",
        RIVER,
    )
    assert [one.index for one in said] == sorted(one.index for one in said)
    first = [RIVER.index(one.text) for one in said if one.index == 1]
    assert first == sorted(first)


async def test_what_other_sources_say_as_well_is_preferred() -> None:
    question = "What is the beacon of Harl?"
    one = replace(LIMITS, answer_sentences=1)
    alone = "The beacon of Harl cost ninety crowns a year. The beacon of Harl guides whaling ships."
    (first, *_) = await answered(question, alone, limits=one)
    others = ("Whaling ships steer by Harl.", "At Harl whaling ships look for the beacon.")
    said = await answered(question, alone, *others, limits=one)
    assert "The beacon of Harl guides whaling ships." in [one.text for one in said]
    assert first.index == 1


async def test_every_source_is_cited_and_nothing_is_said_twice() -> None:
    shared = "A heron eats fish and small frogs by the river."
    said = await answered(
        "What does a heron eat?",
        f"{shared} It hunts alone in the morning.",
        f"Birds of the river. {shared} Its bill is a dagger, long and yellow.",
        "In winter a heron eats mice as well, when lakes are frozen.",
    )
    assert {one.index for one in said} == {1, 2, 3}
    assert len({one.text for one in said}) == len(said)
    assert [one.text for one in said].count(shared) == 1


async def test_prose_is_preferred_to_headings_and_code() -> None:
    text = (
        "Reading a file\n\n"
        ">>> read_file('heron.txt')\n'a heron'\n\n"
        "with open('file') as file:\n    read(file)\n\n"
        "Files are opened first, then it is possible to read them line by line."
    )
    said = await answered("How do I read a file?", text)
    assert [one.text for one in said] == [
        "Files are opened first, then it is possible to read them line by line."
    ]


async def test_where_there_is_no_prose_a_fragment_is_better_than_nothing() -> None:
    said = await answered("heron food", "Heron\n\nHeron food: frogs\n\nTrains")
    assert said
    assert said[0].index == 1
    assert "frogs" in said[0].text


async def test_a_sentence_is_led_by_the_definition_that_it_explains() -> None:
    text = (
        "String methods\n\n"
        "str.removeprefix(prefix, /)\n\n"
        "If the string starts with the prefix, return the string without it. "
        "Else return a copy.\n\n"
        "str.title()\n\n"
        "Return a version of the string in which words start with a capital letter."
    )
    said = await answered("How do I remove a prefix from a string?", text)
    assert said[0].text == (
        "str.removeprefix(prefix, /): If the string starts with the prefix, "
        "return the string without it."
    )
    assert said[1].text == "Else return a copy."


async def test_a_sentence_that_announces_one_line_of_code_shows_it() -> None:
    question = "How do I create a virtual environment?"
    before = "A virtual environment is created by running this command:"
    shown = await answered(question, f"{before}\n\n$ python -m venv folder\n\nThat is all of it.")
    assert shown[0].text == f"{before} `python -m venv folder`"
    for other in ("Next section", "def one():\n    two()", "That is all there is to it."):
        said = await answered(question, f"{before}\n\n{other}\n\nThat is all of it.")
        assert said[0].text == before


async def test_numbers_in_brackets_never_look_like_citations() -> None:
    said = await answered(
        "Where do herons nest?",
        "Herons nest in high trees.[12] Herons nest in rows a[0], b[ 1 ] and c[2, 3] as well.",
    )
    told = " ".join(one.text for one in said)
    assert not re.search(r"\[\d", told)
    assert "a[ 0 ], b[ 1 ] and c[ 2, 3 ]" in told


async def test_what_is_shown_as_a_quote_is_said() -> None:
    question = "How do I set the width of a field in a format string?"
    text = (
        "It is not possible to use a literal brace as the fill character in a format string. "
        "A format string field may hold another format string field. "
        "The width is a decimal integer defining the minimum total width of a field, with prefixes."
    )
    (one,) = await evidence_of(question, text)
    few = replace(LIMITS, answer_sentences=1)
    for shown in re.findall(r"[^.]+\.", text):
        quoting = replace(one, source=replace(one.source, quote=shown.strip()))
        (said,) = quote(question, (quoting,), limits=few)
        assert said.text == shown.strip()


async def test_no_evidence_is_no_sentence() -> None:
    assert quote("What does a heron eat?", (), limits=LIMITS) == ()


@settings(deadline=None, max_examples=100)
@given(
    st.lists(
        st.lists(
            st.sampled_from(
                [
                    *re.findall(r"[^.]+\.", RIVER),
                    "Elm",
                    "elm(river)\nriver()",
                    "See [1] for the river Elm, and [2].",
                    "river.flow(speed)",
                    "榆河は川である。",
                ]
            ),
            min_size=1,
            max_size=9,
        ),
        min_size=1,
        max_size=6,
    )
)
async def test_whatever_the_pages_each_source_is_cited(pages: list[list[str]]) -> None:
    question = "How long is the river Elm?"
    evidence = await evidence_of(question, *("\n\n".join(blocks) for blocks in pages))
    said = quote(question, evidence, limits=LIMITS)
    assert {one.index for one in said} == {one.source.index for one in evidence}
    assert len(said) <= LIMITS.answer_sentences + 4 + len(evidence)
    for one in said:
        assert one.text.strip()
        assert "\n" not in one.text
        assert not re.search(r"\[\d", one.text)


async def test_a_page_that_asks_the_question_is_quoted_for_its_answer() -> None:
    filler = " ".join(["The pond lies behind the mill and holds many kinds of fish."] * 40)
    answer = "Herons stand still until one comes near, and then strike with the beak."
    text = f"{filler}\n\nHow do herons catch fish in a pond?¶\n\n{answer}\n\nMills\n\n{filler}"
    said = [one.text for one in await answered("How do herons catch fish?", text)]
    assert answer in said
    assert not any("How do herons" in one for one in said)


async def test_what_goes_on_with_a_sentence_comes_with_it() -> None:
    filler = " ".join(["Boats are rare on the river today."] * 3)
    tied = "A function can be called with an arbitrary number of arguments. These become a tuple."
    loose = tied.replace("These become", "Mills become")
    question = "How does a function take an arbitrary number of arguments?"
    one = replace(LIMITS, answer_sentences=1)
    told = [said.text for said in await answered(question, f"{tied} {filler}", limits=one)]
    apart = [said.text for said in await answered(question, f"{loose} {filler}", limits=one)]
    assert "These become a tuple." in told
    assert "Mills become a tuple." not in apart


async def test_a_heading_with_a_permanent_link_is_never_the_answer() -> None:
    heading = "How do I delete a file? (And other questions about files…)"
    below = "Use os.remove(filename) or os.unlink(filename), which are one and the same."
    text = f"{heading}¶\n\n{below}"
    said = [one.text for one in await answered("How do I delete a file?", text)]
    assert any(below in one for one in said)
    assert not any("other questions" in one for one in said)


TAIL = "and whoever comes with a horse asks the keeper of the lock before the bridge is turned."


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            f"Carts are allowed on the towpath of the canal, {TAIL}",
            f"Carts are not allowed on the towpath of the canal, {TAIL}",
        ),
        (
            f"The toll of the canal is 12 crowns for a cart, {TAIL}",
            f"The toll of the canal is 15 crowns for a cart, {TAIL}",
        ),
        (
            f"The canal opens for carts in the month of May, {TAIL}",
            f"The canal opens for carts in the month of June, {TAIL}",
        ),
    ],
)
async def test_of_two_sentences_that_differ_in_a_fact_both_are_said(one: str, other: str) -> None:
    said = [two.text for two in await answered("What of carts on the canal?", one, other)]
    assert sorted(said) == sorted((one, other))
    within = [two.text for two in await answered("What of carts on the canal?", f"{one} {other}")]
    assert within == [one, other]
    again = [two.text for two in await answered("What of carts on the canal?", one, f"{one} Yes.")]
    assert again.count(one) == 1
