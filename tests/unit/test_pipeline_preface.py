"""What comes from the starter collection says so, before its first words."""

from __future__ import annotations

from codexity.events import Status, Token
from codexity.pipeline import _prefaced  # pyright: ignore[reportPrivateUsage]
from gathering import Ear


async def test_the_first_piece_is_prefaced_wherever_it_stands_among_what_is_said_at_once() -> None:
    ear = Ear()
    step, one, another = Status(step="generating"), Token(text="It "), Token(text="flies.")

    say = _prefaced(ear)
    await say()
    assert ear.heard == []
    await say(step, one, another)
    await say(one)

    assert [ear.heard[0], *ear.heard[2:]] == [step, another, one]
    assert ear.text().count("starter collection") == 1
    assert ear.text().endswith("It flies.It ")
