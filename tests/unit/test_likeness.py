"""Copies of a text are told from texts about the same."""

from __future__ import annotations

import random

from codexity.likeness import alike, likeness_of

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


def test_a_long_text_with_one_word_in_a_hundred_changed_is_alike() -> None:
    spoken = text(3, 5_000).split()
    changed = ["otter" if place % 100 == 50 else word for place, word in enumerate(spoken)]
    assert alike(likeness_of(" ".join(spoken)), likeness_of(" ".join(changed)))


def test_short_texts_are_never_taken_for_copies() -> None:
    assert not alike(likeness_of("The same few words."), likeness_of("The same few words."))
    assert not alike(likeness_of(""), likeness_of(""))
