"""What answers by its shape: counts and amounts without a unit, lines, apposed names, denials."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from codexity.adapters.extract.text.plain_text import read_plain
from codexity.adapters.rank.bm25 import Bm25
from codexity.kind_counts import asked_count
from codexity.kind_nouns import named_kind, only_names
from codexity.kind_signs import BARE_AMOUNT
from codexity.leaning import leans
from codexity.model import Limits
from codexity.question_kind import asked_for
from codexity.ranges import asked_numbers, within_limits
from codexity.stages.choose import choose
from codexity.stages.chunk import chunk
from codexity.stages.cover import covering
from codexity.stages.quote import quote
from codexity.stages.quote.denial import asks_what_is_not, denies_anything
from codexity.stages.quote.favouring import apposes, asks_whether, forbids
from codexity.stages.quote.straying import does_something_else, strays

LIMITS = Limits()
DAIRY = """THE DAIRY ON THE HILL

1) Cellar
The racks are washed every Friday. There are 36, all of larch.
Wheels of the second class are not allowed in the front room. Iska brushes the rinds in the morning.

2) Vats
Hired from the school for 70 a month incl. service. The stirrer was mended by Ada Holm.
Fault F3 on the panel. The float of the vat is stuck.

3) Visitors
No dogs in the cellar. No gases are kept here. The lamps are cleaned with a dry cloth,
not with vinegar.

Lodgers get no lamp.

5) Butter
Runa churns the butter till May

Yard sweeping 14 June

4) Whey
The whey was given to a farm that stood below the dairy from 1911. After its fire the farm moved.

Dr. Ennis Quaid, Inspector
"""


async def said(question: str, text: str = DAIRY) -> str:
    page = replace(read_plain(text, "/library/own/dairy"), via="library")
    passages = covering(question, chunk(page, words=LIMITS.passage_words))
    evidence = await choose(question, passages, ranker=Bm25(), limits=LIMITS, max_sources=5)
    return " ".join(one.text for one in quote(question, evidence, limits=LIMITS))


@pytest.mark.parametrize(
    ("question", "right"),
    [
        ("how many racks are there", "There are 36"),
        ("what is the rent for the vats", "70 a month"),
        ("price for the vats hired from the school", "70 a month"),
        ("What does fault F3 on the panel mean?", "The float of the vat is stuck"),
        ("who brushes the rinds", "Iska"),
        ("name of the inspector", "Ennis Quaid"),
        ("who churns the butter", "Runa churns"),
        ("do lodgers get a lamp", "no lamp"),
        ("when is the yard sweeping", "14 June"),
        ("are dogs allowed in the cellar", "No dogs in the cellar"),
        ("Is there any gas in the cellar?", "No gases are kept here"),
        ("Can I clean the lamps with vinegar?", "not with vinegar"),
        ("which wheels are forbidden in the front room", "second class"),
    ],
)
async def test_the_dairy_answers(question: str, right: str) -> None:
    assert right in await said(question)


@pytest.mark.parametrize(
    "question",
    [
        "how many brushes are there",
        "what did the stirrer cost",
        "What does fault F9 on the panel mean?",
        "name of the bishop",
        "who paints the rinds",
    ],
)
async def test_the_dairy_does_not_say(question: str) -> None:
    assert not await said(question)


@pytest.mark.parametrize(
    ("question", "counted"),
    [
        ("how many spare wheels does the cart have", "wheels"),
        ("how many old oak barrels are in the barn", "barrels"),
        ("how many people came to the feast", "people"),
        ("how many barrels of cider", "barrels"),
        ("how many days off does a cooper get", "days"),
        ("how many can sleep in the loft", ""),
        ("how many of the cows are dry", ""),
    ],
)
def test_the_head_of_the_noun_is_counted(question: str, counted: str) -> None:
    assert asked_count(question) == counted


@pytest.mark.parametrize(
    ("text", "under", "held"),
    [
        ("There are 14.", "Churns", 1.0),
        ("There are 14 of them, two leak.", "Churns", 1.0),
        ("We have nine, in all sizes.", "Churns are scalded weekly.", 1.0),
        ("Churns are scalded weekly. There were 14.", "", 1.0),
        ("There are 14.", "Stools", 0.6),
        ("There are 14 stools.", "Churns", 0.6),
        ("Churns: small £3.50", "Churns", 0.6),
    ],
)
def test_a_number_is_of_what_was_named_before(text: str, under: str, held: float) -> None:
    question = "how many churns are there"
    kind = asked_for(question)
    assert kind is not None
    assert kind.held_by(text, question, under=under) == held


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("lent for 90 a month", True),
        ("hire 120.", True),
        ("68 with postage", True),
        ("12 each", True),
        ("paid 40 for it", True),
        ("for 90 minutes", False),
        ("for 12 guests", False),
        ("at 10 o'clock", False),
        ("rent of the hall", False),
    ],
)
def test_an_amount_may_be_bare(text: str, amount: bool) -> None:
    assert bool(re.search(BARE_AMOUNT, text)) is amount


def test_pence_are_money_and_no_page_is() -> None:
    kind = asked_for("how much does a mile cost")
    assert kind is not None
    assert kind.held_by("45p a mile", "how much does a mile cost") == 1.0
    assert kind.held_by("see p. 45", "how much does a mile cost") == 0.0


@pytest.mark.parametrize(
    ("question", "kind", "names"),
    [
        ("volume of the copper vat", "number", {"volume"}),
        ("top speed of the cart", "speed", {"top", "speed"}),
        ("nickname of the grey mare", "called", {"nickname"}),
        ("daily rate", "money", {"rate"}),
        ("deadline for the letters that we send to the board each year", "date", {"deadline"}),
    ],
)
def test_nouns_that_ask(question: str, kind: str, names: set[str]) -> None:
    found = named_kind(question)
    assert found is not None
    assert (found.kind, set(only_names(question))) == (kind, names)


@pytest.mark.parametrize(
    "question",
    [
        "cost centre of the dairy",
        "What is not included in the price of the tour?",
        "Is the milk included in the rent of the barn?",
    ],
)
def test_no_price_is_asked_for(question: str) -> None:
    kind = asked_for(question)
    assert kind is None or kind.kind != "money"


@pytest.mark.parametrize(
    ("text", "leaning"),
    [
        ("There are 14, all of larch.", True),
        ("There were two of them.", True),
        ("At its best it fed a town.", True),
        ("After their return all slept.", True),
        ("There are 14 stools in the hall.", False),
        ("At noon the bell rings.", False),
    ],
)
def test_what_wants_the_sentence_before_it(text: str, leaning: bool) -> None:
    assert leans(text) is leaning


@pytest.mark.parametrize(
    ("question", "text", "apposed"),
    [
        ("name of the abbot", "Rev. Piers Ohlin, Abbot", True),
        ("who is the treasurer", "Treasurer: Mona Tveit", True),
        ("current caretaker", "Mona Tveit (caretaker) has the keys.", True),
        ("name of the abbot", "Mona Tveit, Treasurer", False),
        ("name of the cellar", "Mona Tveit, Cellar 4", False),
    ],
)
def test_a_name_beside_its_role(question: str, text: str, apposed: bool) -> None:
    assert apposes(question, text) is apposed


@pytest.mark.parametrize(
    ("question", "whether"),
    [
        ("May I bring a sledge?", True),
        ("is there a ferry on mondays", True),
        ("Is the red one better than the blue one?", False),
        ("where is the ferry", False),
    ],
)
def test_whether_it_is_so(question: str, whether: bool) -> None:
    assert asks_whether(question) is whether


@pytest.mark.parametrize(
    ("text", "forbidden"),
    [
        ("Bicycles are not permitted.", True),
        ("You must not feed the goats.", True),
        ("No dogs allowed.", True),
        ("Feed the goats at noon.", False),
    ],
)
def test_what_forbids(text: str, forbidden: bool) -> None:
    assert forbids(text) is forbidden


@pytest.mark.parametrize(
    ("question", "negative"),
    [
        ("which cheese may I not post", True),
        ("What is never washed?", True),
        ("when is the shop not open", True),
        ("why does the press not turn", False),
        ("order no. 5", False),
        ("which cheese may I post", False),
    ],
)
def test_what_is_not_so_is_asked(question: str, negative: bool) -> None:
    assert asks_what_is_not(question) is negative


def test_a_denial_has_many_words() -> None:
    assert all(map(denies_anything, ("Hard cheese only.", "Closed on Mondays.", "It isn't so.")))
    assert not denies_anything("Soft cheese is posted on Mondays.")


def test_what_was_planned_is_not_so() -> None:
    assert strays("when is the feast", "It was to be the 5th.", {}, {})
    assert not strays("when was the feast planned first", "It was to be the 5th.", {}, {})
    assert not strays("when is the feast", "It is on the 6th.", {}, {})


def test_only_a_question_for_who_asks_for_a_deed() -> None:
    assert does_something_else("who churns the milk", {"churns": 0.0})
    assert not does_something_else("which farm do we tell people who churn milk", {"churn": 0.0})
    assert not does_something_else("who takes over from Ada", {"takes": 0.0})


@pytest.mark.parametrize(
    ("question", "text", "within"),
    [
        ("a churn for 800 euros", "Everything above 500 euros is signed by Ada.", True),
        ("my son is 12", "Children under 16 stay outside.", True),
        ("a load of 40 kg", "The cart takes up to 60 kg.", True),
        ("a churn for 300 euros", "Everything above 500 euros is signed by Ada.", False),
        ("a load of 40 kg", "Carters have to be over 18 years.", False),
        ("a group of 70", "Not more than 60 may enter.", False),
        ("a group of 70", "The hall is older than the yard.", False),
    ],
)
def test_a_limit_is_about_the_numbers_within_it(question: str, text: str, within: bool) -> None:
    assert bool(within_limits(asked_numbers(question), text)) is within


@pytest.mark.parametrize(
    "question",
    ["Does a purchase of 800 euros need a signature?", "Who signs for a press for 800 euros?"],
)
async def test_the_sentence_with_the_limit_answers(question: str) -> None:
    text = (
        f"{DAIRY}\n6) Buying\nWhatever costs more than 500 euros needs the signature of Ada Holm.\n"
    )
    assert "the signature of Ada Holm" in await said(question, text)
    assert not await said(question.replace("800", "300"), text)
