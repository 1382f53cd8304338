"""How words and meaning are weighed together, and what each alone decides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from codexity.errors import ProviderUnavailable
from codexity.events import Event, Skipped
from codexity.model import Limits, Page, Passage
from codexity.nearness import Blended, near_passages, near_texts
from codexity.ports import Near
from codexity.stages.choose import choose
from codexity.stages.chunk import chunk
from codexity.stages.cover import cover
from codexity.stages.quote import quote, sayings

FRENCH = (
    "Le télétravail depuis l'étranger est possible dix jours par an, avec l'accord du service et"
    " dans les pays de l'Union. Les demandes se font au moins deux semaines avant le départ."
)
ENGLISH = (
    "Working in another country is possible on ten days a year. Requests are made two weeks ahead,"
    " and the service has to agree to each of them before somebody leaves."
)
ABROAD = "how many days may I work from abroad?"


def passages(*texts: str) -> list[Passage]:
    return [
        one
        for at, text in enumerate(texts)
        for one in chunk(
            Page(url=f"https://example.org/{at}", title="", text=text, language=None), words=150
        )
    ]


def near(every: Sequence[Passage], *values: float) -> Near:
    return {(one.page.url, one.start): value for one, value in zip(every, values, strict=True)}


class Scores:
    def __init__(self, *scores: float) -> None:
        self._scores = scores

    async def scores(self, question: str, passages: Sequence[Passage]) -> Sequence[float]:
        return self._scores


class Broken:
    async def passages(self, question: str, passages: Sequence[Passage]) -> Near:
        raise ProviderUnavailable("It is silent.", code="timeout", detail="for the log")

    async def texts(self, question: str, texts: Sequence[str]) -> Mapping[str, float]:
        raise ProviderUnavailable("It is silent.", code="timeout")


# --- ranking ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "meant", "wanted"),
    [
        ((4.0, 2.0), (0.0, 0.0), (4.0, 2.0)),  # nothing known of the meaning: the words' own scores
        ((4.0, 2.0), (-1.0, -0.5), (4.0, 2.0)),
        ((4.0, 0.0), (0.0, 0.8), (0.5, 0.5)),
        ((4.0, 2.0), (0.4, 0.8), (0.75, 0.75)),
        ((0.0, 0.0), (0.6, -0.3), (0.5, 0.0)),  # what neither fits stays at 0
    ],
)
async def test_words_and_meaning_count_for_a_half_each(
    said: tuple[float, ...], meant: tuple[float, ...], wanted: tuple[float, ...]
) -> None:
    every = passages("One.", "Two.")
    blended = Blended(Scores(*said), near(every, *meant))
    assert tuple(await blended.scores("?", every)) == pytest.approx(wanted)


async def test_what_shares_no_word_with_a_question_is_evidence_by_its_meaning() -> None:
    every = passages(FRENCH, "Le menu de la cantine change chaque semaine, sauf en été.")
    ranker = Scores(0.0, 0.0)
    for values, urls in (((1.1, -0.2), ["https://example.org/0"]), ((0.0, 0.0), [])):
        evidence = await choose(
            ABROAD,
            every,
            ranker=Blended(ranker, near(every, *values)),
            limits=Limits(),
            max_sources=5,
        )
        assert [one.source.url for one in evidence] == urls


# --- the gate --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "answers"),
    [
        (ABROAD, True),
        ("how many days may I work from abroad under rule 17?", False),  # a number is said or not
        ("how many days may I work from abroad with Veltrix?", False),  # and so is a name
        ("how many days may I work from abroad with get_days()?", False),  # and a word of code
    ],
)
def test_meaning_stands_for_words_of_another_language_but_not_for_names(
    question: str, answers: bool
) -> None:
    every = passages(FRENCH)
    assert cover(question, every, near(every, 1.2)).answers is answers
    assert not cover(question, every).answers


@pytest.mark.parametrize("value", [0.5, 0.2, -1.0])
def test_what_is_only_about_something_alike_answers_nothing(value: float) -> None:
    every = passages(FRENCH)
    assert not cover(ABROAD, every, near(every, value)).answers


def test_in_its_own_language_a_text_has_to_say_most_of_what_is_asked() -> None:
    every = passages(ENGLISH)
    asked = "which insurance covers a broken laptop overseas"
    assert not cover(asked, every, near(every, 1.2)).answers
    # It counts, all the same: for a fifth.
    assert cover(asked, every, near(every, 1.2)).share > cover(asked, every).share


# --- the answer ------------------------------------------------------------------


async def test_the_sentence_that_means_what_is_asked_is_said() -> None:
    every = passages(FRENCH)
    evidence = await choose(
        ABROAD, every, ranker=Blended(Scores(0.0), near(every, 1.1)), limits=Limits(), max_sources=5
    )
    told = sayings(ABROAD, evidence)
    wanted = next(one for one in told if "dix jours" in one)
    meant = {one: 1.2 if one == wanted else 0.1 for one in told}
    said = quote(ABROAD, evidence, limits=Limits(), near=meant)
    assert "dix jours" in said[0].text
    assert len(told) >= 2


# --- when it cannot be told ------------------------------------------------------


async def test_a_meaning_that_cannot_be_told_is_skipped_and_said() -> None:
    events: list[Event] = []

    async def emit(*said: Event) -> None:
        events.extend(said)

    assert await near_passages(Broken(), ABROAD, passages(FRENCH), emit) == {}
    assert events == [Skipped(stage="search", what="meaning", why="It is silent.", code="timeout")]
    assert await near_texts(Broken(), ABROAD, [FRENCH]) == {}


async def test_nothing_is_said_where_nothing_tells_meaning() -> None:
    events: list[Event] = []

    async def emit(*said: Event) -> None:
        events.extend(said)

    assert await near_passages(None, ABROAD, passages(FRENCH), emit) == {}
    assert events == []
