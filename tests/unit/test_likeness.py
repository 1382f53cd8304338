"""Copies of a text are told from texts about the same."""

from __future__ import annotations

import random
import time
from collections.abc import Iterable

import pytest

from codexity.likeness import alike, differ, likeness_of, says_otherwise

NAMES = "heron pond reed winter fish stone water north bird cold wing night lake river moss".split()


def text(seed: int, words: int = 600) -> str:
    draw = random.Random(seed)
    return " ".join(draw.choice(NAMES) for _ in range(words))


def test_a_copy_with_a_frame_of_its_own_is_alike() -> None:
    one = text(1)
    copy = f"Printed from another site on Monday.\n\n{one.upper()}\n\nAll rights reserved by them."
    assert alike(likeness_of(one), likeness_of(copy))


def test_two_texts_about_the_same_are_not_alike() -> None:
    assert not alike(likeness_of(text(1)), likeness_of(text(2)))


def test_a_text_that_quotes_half_of_another_is_not_its_copy() -> None:
    assert not alike(likeness_of(text(1)), likeness_of(text(1, 300) + " " + text(2, 300)))


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        (range(80, 480), True),
        (range(81, 481), False),
        ([*range(320), *range(1_000, 1_080)], True),
        ([*range(319), *range(1_000, 1_081)], False),
        ([*range(80, 400)], True),
        ([*range(81, 400)], False),
        (range(1_000, 1_400), False),
    ],
)
def test_four_fifths_of_what_is_known_of_both_is_alike(
    other: Iterable[int], expected: bool
) -> None:
    assert alike(frozenset(range(400)), frozenset(other)) is expected


def test_a_long_text_with_one_word_in_a_hundred_changed_is_alike() -> None:
    spoken = text(3, 5_000).split()
    changed = ["otter" if place % 100 == 50 else word for place, word in enumerate(spoken)]
    assert alike(likeness_of(" ".join(spoken)), likeness_of(" ".join(changed)))


def test_short_texts_are_never_taken_for_copies() -> None:
    assert not alike(likeness_of("The same few words."), likeness_of("The same few words."))
    assert not alike(likeness_of(""), likeness_of(""))


OTHERWISE = [
    ("The toll is 12 crowns a day.", "The toll is 15 crowns a day."),
    ("The toll is 1,200 crowns.", "The toll is 12,000 crowns."),
    ("The tank holds 2.5 litres.", "The tank holds 25 litres."),
    ("The sluice opens from 9-17.", "The sluice opens from 9-20."),
    ("It froze at -5 degrees.", "It froze at 5 degrees."),
    ("The beam is 5 m long.", "The beam is 5 km long."),
    ("The fine is $40 for each net.", "The fine is €40 for each net."),
    ("Nets may be dried on the quay.", "Nets may not be dried on the quay."),
    ("Nets can be dried on the quay.", "Nets can't be dried on the quay."),
    ("Nets must be dried on the quay.", "Nets may be dried on the quay."),
    ("Fires are allowed on the beach.", "Fires are forbidden on the beach."),
    ("Fires are legal on the beach.", "Fires are illegal on the beach."),
    ("The gate is open in winter.", "The gate is closed in winter."),
    ("Pay before the trip.", "Pay after the trip."),
    ("The keeper is Ina Falk of Tarn.", "The keeper is Ina Brandt of Tarn."),
    ("Anna keeps the key of the shed.", "Berta keeps the key of the shed."),
    ("The board meets on Monday.", "The board meets on Friday."),
    ("The board meets in June.", "The board meets in July."),
    ("The buoy is painted red.", "The buoy is painted green."),
    ("Three boats were lost.", "Four boats were lost."),
    ("Dogs are welcome and cats are kept out.", "Cats are welcome and dogs are kept out."),
    ("The rent falls by half.", "The rent rises by half."),
    ("Das Tor ist im Winter offen.", "Das Tor ist im Winter nicht offen."),
    ("El muelle abre en verano.", "El muelle no abre en verano."),
    ("小猫吃鱼。", "小猫不吃鱼。"),
    ("会议在三点开始。", "会议在五点开始。"),
]
SAME = [
    ("The harbour is grey in winter.", "THE HARBOUR IS GREY IN WINTER!"),
    ("The colour of the harbour is grey.", "The color of the harbor is grey."),
    ("They organise a fair for travellers.", "They organize a fair for travelers."),
    ("The fine is 1,200 crowns.", "The fine is 1200 crowns."),
    ("The winch lifts a boat out of the water.", "The winch lifts boats out of the water."),
]
FRAME = (
    "The board of the quay met in the hall. The roof of the shed is to be tiled in spring. "
    "The winch was looked at by a man from Tarn. He said that the rope is worn. "
    "Whoever uses the winch signs the book beside it."
)


@pytest.mark.parametrize(("one", "other"), OTHERWISE)
def test_what_differs_in_a_fact_says_otherwise(one: str, other: str) -> None:
    assert says_otherwise(one, other)
    assert says_otherwise(other, one)
    assert differ(f"{FRAME} {one} {FRAME}", f"{FRAME} {other} {FRAME}")
    assert differ(one, other)


@pytest.mark.parametrize(("one", "other"), SAME)
def test_other_spellings_say_the_same(one: str, other: str) -> None:
    assert not says_otherwise(one, other)
    assert not says_otherwise(other, one)
    assert not differ(f"{FRAME} {one}", f"{FRAME} {other}")


@pytest.mark.parametrize(
    "framed",
    [
        f"Printed on 3 May 2024 from another site.\n\n{FRAME}",
        f"{FRAME}\n\nAll rights reserved, 2024. No part may be sold.",
        FRAME.replace(". He said", ".\n\nAdvertisement\n\nHe said"),
        FRAME.replace(". ", ".\n\n"),
        FRAME.upper(),
        FRAME,
    ],
)
def test_a_frame_is_no_other_fact(framed: str) -> None:
    assert not differ(FRAME, framed)
    assert not differ(framed, FRAME)


@pytest.mark.parametrize("added", ["It is not to be used alone.", "It lifts 4 tonnes."])
def test_a_fact_that_one_has_between_what_both_have_is_no_frame(added: str) -> None:
    assert differ(FRAME, FRAME.replace(". He said", f". {added} He said"))


def test_a_row_in_another_version_is_another_fact() -> None:
    rows = "\n\n".join(f"Berth {number} {500 + number}" for number in range(9))
    assert differ(rows, rows.replace("504", "640"))
    assert not differ(rows, rows)


@pytest.mark.parametrize("unit", ["a b c. ", "a\n\n", "A ", "12 ", "。", "x"])
def test_comparing_takes_time_in_proportion(unit: str) -> None:
    def spent(count: int) -> float:
        begin = time.process_time()
        differ(unit * count, unit * count + "b")
        return time.process_time() - begin

    assert spent(60_000) < 12 * spent(12_000) + 0.5
