"""How many right answers stay right when people write as people do; prints a table.

    python bench/around.py [--each 10] [--world office ...]

Of the tuned questions that are answered rightly, so many of each world are asked again with a
greeting, a tale or a wish around them, or with a slip in their longest word. Nothing of what is
asked has changed, so that every answer should be as right as before.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Final

import anyio

from worlds import WORLDS, Asked, asked_all, half, load, print_share

_SEED: Final = 5
_LONG: Final = re.compile(r"(?<![\w-])[a-z]{5,}(?![\w-])")
_LIKE: Final = dict(zip("aeioucstdrlnm", "eaeuoscdttkmn", strict=True))

Said = Callable[[str], str]


def main(arguments: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("data", nargs="?", help="what `make bench` gives every benchmark; not read")
    parser.add_argument("--each", type=int, default=10, help="so many questions of each world")
    parser.add_argument(
        "--world", choices=WORLDS, action="append", help="default: the English ones"
    )
    given = parser.parse_args(arguments)
    right: dict[str, list[bool]] = {name: [] for name in WAYS}
    for world in given.world or [one for one in WORLDS if one not in {"languages", "starter"}]:
        tuned = [one for one in load() if one.world == world and half(one.id) == "tuned"]
        random.Random(_SEED).shuffle(tuned)
        plain = [one for one in tuned if not one.refuse and one.language == "en"]
        judged = anyio.run(partial(asked_all, world, plain[: 2 * given.each], alone=False))
        chosen = [one.asked for one in judged if one.verdict == "right"][: given.each]
        asked = [(name, _said(one, way)) for name, way in WAYS.items() for one in chosen]
        again = anyio.run(partial(asked_all, world, [one for _, one in asked], alone=False))
        for (name, _), one in zip(asked, again, strict=True):
            right[name].append(one.verdict == "right")
    for name, found in sorted(right.items(), key=lambda pair: sum(pair[1])):
        print_share(name, sum(found), len(found))


def _said(asked: Asked, way: Said) -> Asked:
    return replace(asked, question=way(asked.question))


def _small(question: str) -> str:
    return question if question.startswith("I ") else question[:1].lower() + question[1:]


def _before(words: str) -> Said:
    return lambda question: f"{words} {_small(question)}"


def _behind(words: str) -> Said:
    return lambda question: f"{question.rstrip('?')}{words}"


def _slip(change: Callable[[str, int], str]) -> Said:
    """The question with one slip behind the first letter of its longest word."""

    def slipped(question: str) -> str:
        found = list(_LONG.finditer(question))
        if not found:
            return question
        longest = max(found, key=lambda one: len(one[0]))
        at = random.Random(len(question)).randrange(1, len(longest[0]) - 1)
        return question[: longest.start()] + change(longest[0], at) + question[longest.end() :]

    return slipped


WAYS: Final[Mapping[str, Said]] = {
    "small, without a mark": lambda question: question.lower().rstrip("?"),
    "capitals": str.upper,
    "two marks": lambda question: f"{question}??",
    "Hi, could you please tell me ...": _before("Hi, could you please tell me"),
    "Sorry for the dumb question, but ...": _before("Sorry for the dumb question, but"),
    "My boss wants to know ...": _before("My boss wants to know"),
    "search for ...": _before("search for"),
    "a tale before it": lambda question: (
        f"My sister visited yesterday and we talked about it over dinner. {question}"
    ),
    "... in two sentences, please?": _behind(", in two sentences, please?"),
    "... according to the documents?": _behind(" according to the documents?"),
    "... exactly?": _behind(" exactly?"),
    "... Regards, Martha": _behind("?\n\nRegards,\nMartha"),
    "two letters swapped": _slip(
        lambda word, at: word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    ),
    "a letter missing": _slip(lambda word, at: word[:at] + word[at + 1 :]),
    "a letter doubled": _slip(lambda word, at: word[: at + 1] + word[at:]),
    "another letter": _slip(lambda word, at: word[:at] + _LIKE.get(word[at], "e") + word[at + 1 :]),
}


if __name__ == "__main__":
    main(sys.argv[1:])
