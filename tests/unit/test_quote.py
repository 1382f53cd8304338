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
    assert said[0].text == "The Elm is 214 kilometres long."
    assert len(said) <= 2
    assert "Fishing needs a permit." not in [one.text for one in said]


async def test_what_kind_of_question_it_is_decides_between_equals() -> None:
    text = "The tower of Brill was built in 1712. The tower of Brill was built by Anna Holm."
    one = replace(LIMITS, answer_sentences=1)
    evidence = await evidence_of("tower Brill built", text)
    when = quote("When was the tower of Brill built?", evidence, limits=one)
    assert when[0].text == "The tower of Brill was built in 1712."


async def test_the_best_sentence_stands_first_whatever_its_place() -> None:
    said = await answered(
        "How long is the river Elm?",
        "Rivers of the north are short, says the almanac of the river office.",
        RIVER,
    )
    assert said[0].text == "The Elm is 214 kilometres long."


async def test_what_other_sources_say_as_well_is_preferred() -> None:
    question = "What is the beacon of Harl?"
    one = replace(LIMITS, answer_sentences=1)
    alone = "The beacon of Harl cost ninety crowns a year. The beacon of Harl guides whaling ships."
    (first, *_) = await answered(question, alone, limits=one)
    others = ("Whaling ships steer by Harl.", "At Harl whaling ships look for the beacon.")
    said = await answered(question, alone, *others, limits=one)
    assert "The beacon of Harl guides whaling ships." in [one.text for one in said]
    assert first.index == 1


async def test_nothing_is_said_twice_and_no_source_for_its_own_sake() -> None:
    shared = "A heron eats fish and small frogs by the river."
    said = await answered(
        "What does a heron eat?",
        f"{shared} Lighthouses are painted anew each spring.",
        f"Birds of the river. {shared} Ferries cross the strait, long and yellow, in winter.",
        "Of a heron there is a picture in the hall of the ministry.",
    )
    texts = [one.text for one in said]
    assert len(set(texts)) == len(texts)
    assert texts.count(shared) == 1
    assert not any("Lighthouses" in one or "Ferries" in one for one in texts)


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
        "return the string without it. Else return a copy."
    )


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
async def test_whatever_the_pages_the_answer_is_short_and_of_the_sources(
    pages: list[list[str]],
) -> None:
    question = "How long is the river Elm?"
    evidence = await evidence_of(question, *("\n\n".join(blocks) for blocks in pages))
    said = quote(question, evidence, limits=LIMITS)
    texts = {one.source.index: one.page.text for one in evidence}
    assert evidence or not said
    assert len(said) <= LIMITS.answer_sentences
    for one in said:
        words = texts[one.index][one.start : one.end].split()
        assert " ".join(words)[:20] in one.text.replace("[ ", "[").replace(" ]", "]")
        assert one.text.strip()
        assert "\n" not in one.text
        assert not re.search(r"\[\d", one.text)


async def test_a_page_that_asks_the_question_is_quoted_for_its_answer() -> None:
    filler = " ".join(["The pond lies behind the mill and holds many kinds of fish."] * 40)
    answer = "Herons stand still until one comes near, and then strike with the beak."
    text = f"{filler}\n\nHow do herons catch fish in a pond?¶\n\n{answer}\n\nMills\n\n{filler}"
    said = [one.text for one in await answered("How do herons catch fish?", text)]
    assert said[0].endswith(answer)
    assert not any(one.startswith("How do herons") for one in said)


async def test_what_goes_on_with_a_sentence_comes_with_it() -> None:
    filler = " ".join(["Boats are rare on the river today."] * 3)
    tied = "A function can be called with an arbitrary number of arguments. These become a tuple."
    loose = tied.replace("These become", "Mills become")
    question = "How does a function take an arbitrary number of arguments?"
    one = replace(LIMITS, answer_sentences=1)
    told = [said.text for said in await answered(question, f"{tied} {filler}", limits=one)]
    apart = [said.text for said in await answered(question, f"{loose} {filler}", limits=one)]
    assert told == [tied]
    assert not any("Mills become a tuple." in one for one in apart)


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
