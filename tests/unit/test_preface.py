"""What an answer of the starter collection says before its first piece."""

from __future__ import annotations

from codexity.events import Event, Status, Token
from codexity.pipeline import _prefaced  # pyright: ignore[reportPrivateUsage]


async def test_the_first_piece_is_prefaced_wherever_it_stands_among_what_is_said_at_once() -> None:
    heard: list[Event] = []

    async def ear(*events: Event) -> None:
        heard.extend(events)

    step, one, another = Status(step="generating"), Token(text="It "), Token(text="flies.")
    say = _prefaced(ear, "From afar: ")
    await say()
    assert heard == []
    await say(step, one, another)
    await say(one)

    assert [heard[0], *heard[2:]] == [step, another, one]
    assert isinstance(heard[1], Token)
    assert heard[1].text == "From afar: It "
