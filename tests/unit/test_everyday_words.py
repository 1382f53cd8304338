"""Everyday words: what documents say the words of a question with, by the tables made by hand."""

import time
from importlib import resources

import anyio
import pytest

from codexity import synonyms as package
from codexity.adapters.rank.bm25 import Bm25
from codexity.analysis import stem
from codexity.model import Limits, Page
from codexity.near_words import near_words
from codexity.question_words import telling_words
from codexity.stages.choose import choose
from codexity.stages.chunk import chunk
from codexity.stages.cover import cover
from codexity.stages.quote import quote
from codexity.synonyms import near

LIMITS = Limits()
NOTES = (
    "Rats: poison is laid behind the barn until April.",
    "Dogs wait at the gate, on a lead.",
    "Bicycles are locked to the railing beside the mill.",
    "Smoking is forbidden in the barn and in the van.",
    "Jewellery is taken off before anybody works with the lathe.",
    "Receipts are kept for seven years.",
    "Membership fees are paid by standing order in March.",
    "Whoever is ill calls Petra before eight.",
    "Fines are paid by the driver.",
    "Lost property lies in the chest beside the stove.",
    "Children under twelve come with a parent.",
)


def first_said(question: str) -> str:
    page = Page(url="https://notes.example/all", title="Notes", text="\n\n".join(NOTES))
    held = chunk(page, words=LIMITS.passage_words)

    async def chosen() -> str:
        evidence = await choose(question, held, ranker=Bm25(), limits=LIMITS, max_sources=3)
        said = quote(question, evidence, limits=LIMITS) if evidence else ()
        return said[0].text if said else ""

    return anyio.run(chosen) if cover(question, held).answers else ""


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("terrier", "dog"),
        ("sandals", "shoes"),
        ("necklace", "jewellery"),
        ("lager", "alcohol"),
        ("parka", "coat"),
        ("cigar", "smoking"),
        ("spanner", "tool"),
        ("ibuprofen", "medicine"),
    ],
)
def test_a_kind_of_a_thing_is_said_by_the_thing_and_less_the_other_way(
    asked: str, said: str
) -> None:
    kind, thing = stem(asked), stem(said)
    assert 0.7 <= near(kind)[thing] < 1
    assert near(thing)[kind] < near(kind)[thing]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("spectacles", "glasses"),
        ("elevator", "lift"),
        ("courgette", "zucchini"),
        ("tyre", "tire"),
        ("landlord", "owner"),
        ("wifi", "wlan"),
        ("jab", "vaccination"),
        ("dismissed", "sacked"),
    ],
)
def test_everyday_words_say_one_another_but_less_than_themselves(one: str, other: str) -> None:
    assert 0.7 <= near(stem(one))[stem(other)] < 1
    assert near(stem(one))[stem(other)] == near(stem(other))[stem(one)]


@pytest.mark.parametrize(
    ("one", "other"), [("terrier", "cat"), ("sandals", "coat"), ("lager", "juice"), ("cat", "dog")]
)
def test_two_kinds_of_a_thing_do_not_say_one_another(one: str, other: str) -> None:
    assert stem(other) not in near(stem(one))


@pytest.mark.parametrize(
    ("question", "line"),
    [
        ("may my terrier wait at the gate", 1),
        ("where is a tandem locked", 2),
        ("is a cigar forbidden in the barn", 3),
        ("must a necklace be taken off", 4),
        ("how long must I hang on to invoices", 5),
        ("who coughs up for a speeding ticket", 8),
        ("Where does mislaid stuff lie?", 9),
    ],
)
def test_a_question_in_everyday_words_is_answered(question: str, line: int) -> None:
    assert first_said(question) == NOTES[line]


@pytest.mark.parametrize(
    "question", ["may my canary sing", "who washes the umbrella", "what does the saxophone cost"]
)
def test_what_nothing_says_is_refused(question: str) -> None:
    assert first_said(question) == ""


@pytest.mark.parametrize(
    ("question", "means"),
    [
        ("who looks after the hens", "care"),
        ("where do I hand the form in", "return"),
        ("where do I hand it in", "return"),
        ("has she called off the party", "cancel"),
        ("how do we get rid of paint", "dispose"),
        ("he threw away the lid, why", "discard"),
    ],
)
def test_a_phrase_is_said_by_the_plain_word_and_by_itself(question: str, means: str) -> None:
    (phrase,) = (one for one in telling_words(question) if one.means)
    assert stem(means) in phrase.means < phrase.stems
    found = phrase.near({stem(means)})
    (own,) = phrase.stems - phrase.means
    assert 0.5 < found[stem(means)] < found[own] == 1
    assert own in near_words(question)[stem(means)]


@pytest.mark.parametrize(
    "question",
    ["who hangs the coats up", "may the hens look inside after rain", "is the lid away", "a cough"],
)
def test_words_that_only_stand_apart_are_no_phrase(question: str) -> None:
    assert not any(one.means for one in telling_words(question))


@pytest.mark.parametrize(
    "question", ["wo kann ich mich anmelden, sign up", "¿dónde puedo hand in la llave?"]
)
def test_other_languages_have_no_phrases(question: str) -> None:
    assert not any(one.means for one in telling_words(question))


def test_every_line_of_the_tables_says_something() -> None:
    folder = resources.files(package).joinpath("tables")
    size = 0
    for file in folder.iterdir():
        text = file.read_text(encoding="utf-8")
        size += len(text.encode())
        for line in text.splitlines():
            if not line.startswith("#"):
                left, mark, right = line.partition(" = " if file.name == "phrases.txt" else " < ")
                assert len(left.split()) > 1 or (mark and right.split()), f"{file.name}: {line!r}"
    assert 20_000 < size < 200_000


def test_they_cost_little() -> None:
    question = "how long must I hang on to invoices for the apartment that we get rid of"
    telling_words(question)
    begin = time.process_time()
    for _ in range(50):
        telling_words(question)
    assert (time.process_time() - begin) / 50 < 0.02
