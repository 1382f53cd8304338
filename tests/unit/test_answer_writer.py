"""How an answer is said: its preface once, its claims at their places, whoever writes it."""

from __future__ import annotations

import pytest

import gathering
from codexity.answer_writer import AnswerWriter
from codexity.events import ClaimChecked, Token
from codexity.model import Quotation, Sentence

PREFACE = "From afar: "
WORDS = (
    "The mill grinds rye.",
    "水车每天磨麦。",
    "Ein Müller 🌾 e\u0301 mahlt.",
    "الطاحونة تطحن القمح.",
)


class Ear(gathering.Ear):
    def claims(self) -> list[ClaimChecked]:
        return [event for event in self.heard if isinstance(event, ClaimChecked)]


def quoted(
    *texts: str, befores: tuple[str, ...] = ("", " ", "\n\n")
) -> list[tuple[Sentence, tuple[Quotation, ...]]]:
    return [
        (
            Sentence(text=text, index=at, start=0, end=len(text), before=befores[min(at - 1, 2)]),
            (Quotation(index=at, text=f"“{text}”", link=f"https://{at}.example/"),),
        )
        for at, text in enumerate(texts, start=1)
    ]


@pytest.mark.parametrize("preface", ["", PREFACE, "來自：\n\n"])
@pytest.mark.parametrize("befores", [("", " ", " "), ("", "\n\n", "\n- "), ("- ", "\n- ", "\n1. ")])
async def test_a_claim_follows_its_sentence_and_stands_where_that_does(
    preface: str, befores: tuple[str, ...]
) -> None:
    ear = Ear()
    answer = AnswerWriter(ear, preface=preface, max_chars=10)
    await answer.quote(quoted(*WORDS, befores=befores))

    assert [type(event) for event in ear.heard] == [Token, ClaimChecked] * len(WORDS)
    text = ear.text()
    assert text.startswith(preface + befores[0] + WORDS[0])
    said = [text[one.start : one.end] for one in ear.claims()]
    assert said == [f"{words} [{at}]" for at, words in enumerate(WORDS, start=1)]
    assert answer.chars == len(text) - len(preface)


async def test_a_claim_has_its_citation_and_what_the_sentence_rests_on() -> None:
    ear = Ear()
    every = quoted(*WORDS)
    await AnswerWriter(ear, max_chars=10).quote(every)

    assert [one.citations for one in ear.claims()] == [(1,), (2,), (3,), (4,)]
    assert [one.quotes for one in ear.claims()] == [quotations for _, quotations in every]
    assert {(one.support, one.checked, one.judged) for one in ear.claims()} == {
        ("quoted", (), None)
    }


async def test_a_model_is_prefaced_once_and_makes_no_claim() -> None:
    ear = Ear()
    answer = AnswerWriter(ear, preface=PREFACE, max_chars=100)
    answer.begin(1)
    for piece in ("", "  ", "It ", "flies [", "1] [7]", "."):
        await answer.feed(piece)
    await answer.close()
    assert ear.text() == f"{PREFACE}It flies [1]."
    assert ear.claims() == []


async def test_a_model_says_no_more_than_it_may_and_the_preface_is_not_counted() -> None:
    ear = Ear()
    answer = AnswerWriter(ear, preface=PREFACE, max_chars=8)
    answer.begin(1)
    await answer.feed("It flies")
    assert answer.full
    await answer.feed(" on.")
    await answer.close()
    assert ear.text() == f"{PREFACE}It flies"


async def test_what_a_model_held_back_is_gone_when_another_writes() -> None:
    ear = Ear()
    answer = AnswerWriter(ear, preface=PREFACE, max_chars=100)
    answer.begin(2)
    await answer.feed("[")
    answer.begin(1)
    await answer.feed("It flies [2].")
    await answer.close()
    assert ear.text() == f"{PREFACE}It flies."


async def test_the_quotes_behind_a_model_that_said_nothing_are_prefaced() -> None:
    ear = Ear()
    answer = AnswerWriter(ear, preface=PREFACE, max_chars=100)
    answer.begin(1)
    await answer.feed(" ")
    await answer.close()
    await answer.quote(quoted(WORDS[0]))
    assert ear.text() == f"{PREFACE}{WORDS[0]} [1]"
    (claim,) = ear.claims()
    assert (claim.start, claim.end) == (len(PREFACE), len(ear.text()))
