"""What every ranker promises: one score a passage, better for what fits, 0 for nothing shared."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from codexity.adapters.rank.bm25 import Bm25
from codexity.model import Page, Passage
from codexity.ports import Ranker
from codexity.text import stems

RANKERS: dict[str, Callable[[], Ranker]] = {"bm25": Bm25}


@pytest.fixture(params=sorted(RANKERS))
def ranker(request: pytest.FixtureRequest) -> Ranker:
    return RANKERS[request.param]()


def passage(text: str, title: str = "") -> Passage:
    page = Page(url=f"https://a.example/{title}", title=title, text=text)
    return Passage(page=page, start=0, text=text, stems=stems(text))


HERON = passage("The heron hunts small fish in shallow water.")
TRAIN = passage("The night train leaves the station at eleven.")
POND = passage("Water lilies cover the pond in June.")


async def test_one_score_a_passage_in_their_order(ranker: Ranker) -> None:
    question = "Which fish does a heron hunt?"
    forward = await ranker.scores(question, [HERON, TRAIN, POND])
    backward = await ranker.scores(question, [POND, TRAIN, HERON])
    assert list(forward) == list(reversed(backward))
    assert forward[0] > forward[1]


async def test_nothing_in_common_is_zero_and_something_is_more(ranker: Ranker) -> None:
    scores = await ranker.scores("heron in the water", [HERON, TRAIN, POND])
    assert scores[1] == 0
    assert scores[0] > scores[2] > 0


async def test_no_passages_and_no_words_are_no_error(ranker: Ranker) -> None:
    assert list(await ranker.scores("heron", [])) == []
    assert list(await ranker.scores("?!", [HERON, TRAIN])) == [0, 0]
    assert list(await ranker.scores("heron", [passage("")])) == [0]


async def test_a_word_of_most_passages_still_counts(ranker: Ranker) -> None:
    scores = await ranker.scores("heron", [HERON, HERON, HERON, TRAIN])
    assert scores[0] > 0
    assert scores[3] == 0


async def test_a_rare_word_counts_more_than_a_frequent_one(ranker: Ranker) -> None:
    often = [passage(f"Water runs over stone number {number}.") for number in range(9)]
    scores = await ranker.scores("water heron", [*often, passage("A heron sat over stone ten.")])
    assert scores[-1] > max(scores[:-1])


async def test_many_passages_are_scored_as_few_are(ranker: Ranker) -> None:
    few = [HERON, TRAIN, POND]
    many = few * 300
    scores = list(await ranker.scores("heron hunting in water", many))
    assert len(scores) == 900
    assert scores[:3] == scores[3:6] == scores[-3:]
    assert scores[0] > scores[2] > scores[1] == 0


async def test_words_stand_for_the_identifier_that_they_make() -> None:
    method = passage("str.removeprefix(prefix, /): return a copy without it.")
    section = passage("An option or a prefix of the section.")
    scores = await Bm25().scores("remove a prefix", [section, method])
    assert scores[1] > scores[0] > 0


async def test_words_that_stand_together_count_more() -> None:
    together = passage("The night train leaves the old station.")
    apart = passage("The train leaves; an old station by night.")
    scores = await Bm25().scores("night train", [apart, together])
    assert scores[1] > scores[0] > 0


async def test_a_title_tells_equal_passages_apart_even_by_a_stop_word() -> None:
    text = "The statement is executed as follows."
    wanted, other = passage(text, 'The "with" statement'), passage(text, 'The "del" statement')
    scores = await Bm25().scores("how does the with statement work", [other, wanted])
    assert scores[1] > scores[0] > 0


async def test_a_title_alone_is_nothing_in_common() -> None:
    scores = await Bm25().scores("heron", [passage("Night trains.", "Heron"), HERON])
    assert scores[0] == 0
    assert scores[1] > 0


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("filename", "Write the file name on the box."),
        ("nodejs", "Node JS runs the page."),
        ("wifi", "The wi fi is slow."),
        ("setup", "Set it up in the yard."),
        ("set up", "The setup takes an hour."),
        ("wi fi", "The wifi is slow."),
        ("e-mail", "Send an email."),
        ("Muller", "Müller has the key."),
        ("図書館", "町の図書館は休みです。"),
        ("C#", "Written in C#."),
    ],
)
async def test_what_is_written_in_another_way_counts(
    ranker: Ranker, question: str, text: str
) -> None:
    scores = await ranker.scores(question, [passage(text), HERON, TRAIN])
    assert scores[0] > 0
    assert list(scores[1:]) == [0, 0]


async def test_a_word_alone_is_stemmed_as_the_pages_are(ranker: Ranker) -> None:
    text = "Das Haus ist alt, und die Katze schläft auf der Mauer."
    page = Page(url="https://a.example/haus", title="", text=text, language="de")
    german = Passage(page=page, start=0, text=text, stems=stems(text))
    assert (await ranker.scores("Häuser", [german, HERON]))[0] > 0
    assert (await ranker.scores("Hunde", [german, HERON]))[0] == 0
