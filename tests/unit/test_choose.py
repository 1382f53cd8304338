"""Evidence: numbered from the best, within its bounds, quoted verbatim, or empty."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codexity.adapters.rank.bm25 import Bm25
from codexity.model import Evidence, Limits, Page
from codexity.stages.choose import choose
from codexity.stages.chunk import chunk
from codexity.text import tokens
from gathering import Ear

LIMITS = Limits()
QUESTION = "What does a heron eat?"
FISH = "A heron eats small fish, frogs and the young of other birds by the water."
NEST = "A heron builds its nest of sticks high in the trees above the river."
MICE = "In a hard winter, when the lakes are frozen over, a heron will eat mice as well."
TRAIN = "The night train leaves the station at eleven and arrives in the morning."


def page(text: str, name: str = "a", title: str = "") -> Page:
    return Page(url=f"https://{name}.example/p", title=title or name, text=text)


async def chosen(
    *pages: Page, question: str = QUESTION, limits: Limits = LIMITS, max_sources: int = 5
) -> tuple[Evidence, ...]:
    passages = [one for read in pages for one in chunk(read, words=limits.passage_words)]
    return await choose(question, passages, ranker=Bm25(), limits=limits, max_sources=max_sources)


async def test_sources_are_numbered_from_the_best() -> None:
    evidence = await chosen(page(NEST, "nest"), page(TRAIN, "train"), page(FISH, "fish"))
    assert [(one.source.index, one.source.title) for one in evidence] == [(1, "fish"), (2, "nest")]
    assert evidence[0].score > evidence[1].score > 0
    assert evidence[0].source.site == "fish.example"


async def test_nothing_in_common_is_no_evidence() -> None:
    assert await chosen(page(TRAIN)) == ()
    assert await chosen() == ()
    assert await chosen(page(FISH)) != ()


async def test_a_page_far_weaker_than_the_best_is_left_out() -> None:
    question = "heron nest sticks trees river"
    weak = page("By the river.", "weak")
    assert [
        one.page.title for one in await chosen(page(NEST, "nest"), weak, question=question)
    ] == ["nest"]
    assert [one.page.title for one in await chosen(weak, question=question)] == ["weak"]


async def test_at_most_so_many_sources_and_passages_of_each() -> None:
    limits = replace(LIMITS, max_passages_per_source=2, passage_words=60, evidence_tokens=100_000)
    pages = [
        page("\n\n".join(f"{FISH} {name}{n} {name}{n}x {name}{n}y." for n in range(40)), name * 3)
        for name in "abcdefgh"
    ]
    evidence = await chosen(*pages, limits=limits, max_sources=3)
    assert [one.source.index for one in evidence] == [1, 2, 3]
    assert [len(one.passages) for one in evidence] == [2, 2, 2]
    for one in evidence:
        assert one.passages[0].start < one.passages[1].start


async def test_evidence_keeps_to_its_tokens() -> None:
    pages = [
        page("\n\n".join(f"{FISH} {name}{n} {name}{n}x." for n in range(60)), name * 3)
        for name in "abcde"
    ]
    for budget in (1, 300, 700, 1500):
        evidence = await chosen(*pages, limits=replace(LIMITS, evidence_tokens=budget))
        cost = [tokens(passage.text) for one in evidence for passage in one.passages]
        assert len(cost) == 1 or sum(cost) <= budget
        assert evidence


async def test_a_mirror_is_not_listed_twice() -> None:
    evidence = await chosen(page(FISH, "first"), page(FISH, "second"), page(MICE, "mice"))
    assert [one.page.title for one in evidence] == ["first", "mice"]


@pytest.mark.parametrize(
    ("said", "other"),
    [
        ("A heron eats 200 grams of fish a day.", "A heron eats 500 grams of fish a day."),
        ("A heron eats fish in winter.", "A heron does not eat fish in winter."),
        ("A heron eats the fish of Lake Elm.", "A heron eats the fish of Lake Harl."),
    ],
)
async def test_what_differs_in_a_fact_is_no_mirror(said: str, other: str) -> None:
    around = f"{NEST} {TRAIN} {MICE}"
    pages = (page(f"{around} {said}", "one"), page(f"{around} {other}", "two"))
    evidence = await chosen(*pages)
    assert {one.page.title for one in evidence} == {"one", "two"}


async def test_a_mirror_that_is_left_out_is_told() -> None:
    ear = Ear()
    pages = (page(FISH, "first"), page(FISH, "second"), page(MICE, "mice"))
    passages = [one for read in pages for one in chunk(read, words=LIMITS.passage_words)]
    await choose(QUESTION, passages, ranker=Bm25(), limits=LIMITS, max_sources=5, emit=ear)
    assert ear.skipped() == [("read", "https://second.example/p", "duplicate")]


async def test_a_bare_index_is_no_source_where_another_page_says_more() -> None:
    index = page("Heron\n\nHeron food\n\nHeron nests\n\nHeron eggs", "index")
    assert [one.page.title for one in await chosen(page(FISH, "fish"), index)] == ["fish"]
    assert [one.page.title for one in await chosen(index)] == ["index"]


async def test_the_quote_is_the_sentence_that_fits() -> None:
    text = f"Herons\n\n{NEST} {FISH} It is seen in spring.\n\nheron = Heron(eats='fish')"
    (one,) = await chosen(page(text))
    assert one.source.quote == FISH
    assert one.source.link.startswith("https://a.example/p#:~:text=A%20heron%20eats")


async def test_the_link_opens_the_page_of_a_document_that_the_quote_is_on() -> None:
    text = f"{TRAIN}\n\n{NEST}\n\n{FISH}"
    starts = (0, text.index(NEST), text.index(FISH))
    (one,) = await chosen(replace(page(text), page_starts=starts))
    assert one.source.quote == FISH
    assert one.source.link.startswith("https://a.example/p#page=3:~:text=A%20heron")
    (one,) = await chosen(page(text))
    assert one.source.link.startswith("https://a.example/p#:~:text=A%20heron")


async def test_a_short_sentence_is_quoted_with_its_neighbours() -> None:
    (one,) = await chosen(page("Herons eat fish. They do so at dawn, in shallow water."))
    assert one.source.quote == "Herons eat fish. They do so at dawn, in shallow water."
    (one,) = await chosen(page("They do so at dawn, in the shallow water. Herons eat fish."))
    assert one.source.quote == "They do so at dawn, in the shallow water. Herons eat fish."


async def test_a_sentence_that_only_points_elsewhere_is_no_quote_where_another_says_it() -> None:
    question = "What is a heron nest?"
    pointer = "For more information on heron nests, see Heron Nest Types."
    says = "A heron nest is an object of sticks that is built in the high trees by the river."
    (one,) = await chosen(page(f"{says} {pointer}"), question=question)
    assert one.source.quote == says
    (one,) = await chosen(page(pointer), question=question)
    assert one.source.quote == pointer


async def test_a_page_of_short_blocks_is_quoted_by_its_longest() -> None:
    (one,) = await chosen(page("Heron\n\nHeron food: frogs\n\nFish"))
    assert one.source.quote == "Heron food: frogs"


async def test_a_long_sentence_is_quoted_by_its_beginning() -> None:
    text = "A heron eats " + "small fish and " * 60 + "frogs."
    (one,) = await chosen(page(text))
    assert 250 <= len(one.source.quote) <= 300
    assert text.startswith(one.source.quote)


@settings(deadline=None, max_examples=150)
@given(
    st.lists(
        st.lists(
            st.sampled_from(
                [
                    FISH,
                    NEST,
                    TRAIN,
                    "Heron",
                    "heron()\nfish()",
                    "Fish. ",
                    ">>> eat(heron)",
                    "鷺は魚を食べる。",
                ]
            ),
            min_size=1,
            max_size=8,
        ),
        min_size=1,
        max_size=6,
    ),
    st.integers(min_value=20, max_value=600),
)
async def test_every_quote_is_verbatim_and_every_bound_holds(
    pages: list[list[str]], budget: int
) -> None:
    limits = replace(LIMITS, passage_words=30, evidence_tokens=budget)
    read = [page("\n\n".join(blocks), f"n{at}") for at, blocks in enumerate(pages)]
    evidence = await chosen(*read, limits=limits, max_sources=3)
    assert [one.source.index for one in evidence] == list(range(1, len(evidence) + 1))
    assert len(evidence) <= 3
    for one in evidence:
        assert one.source.quote in one.page.text
        assert "\n" not in one.source.quote
        long = any(len(block) >= 40 and "\n" not in block for block in one.page.text.split("\n\n"))
        assert len(one.source.quote) >= (40 if long else 1)
        assert len(one.passages) <= limits.max_passages_per_source
