"""How many questions of `tests/questions` are answered rightly, without a model; prints a table.

    python bench/worlds.py [--half tuned] [--world office ...] [--alone] [--semantic FOLDER]

Each world's documents are a library of their own, beside the starter collection as a new
installation has it (`--alone`: without). Whoever tunes looks at the tuned half alone (`--show`
prints no other); of the held-back half the figures are printed.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import anyio

from codexity.compose import Installation, opened
from codexity.edges.journal import LogJournal
from codexity.events import Done, Event, answer_of
from codexity.model import Answer, Filters, Question
from codexity.settings import load as settings

HOME = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(HOME))

from tests.questions.scoring import (  # noqa: E402 - the set stands with the tests
    GOOD,
    HERE,
    WORLDS,
    Asked,
    Verdict,
    counts,
    half,
    load,
    short,
    shown,
    verdict,
    wilson,
)

_QUESTION_SECONDS = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A question, what was answered in how many seconds, and how that is judged."""

    asked: Asked
    answer: Answer
    verdict: Verdict
    seconds: float


def main(arguments: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("data", nargs="?", help="what `make bench` gives every benchmark; not read")
    parser.add_argument("--half", choices=("tuned", "held back"), help="default: both")
    parser.add_argument("--world", choices=WORLDS, action="append", help="default: all")
    parser.add_argument("--kind", action="append", help="default: all")
    parser.add_argument("--only", action="append", help="the question with this id")
    parser.add_argument("--alone", action="store_true", help="without the starter collection")
    parser.add_argument("--semantic", type=Path, help="a folder with an embedding model in ONNX")
    parser.add_argument(
        "--show", choices=("all", "wrong"), help="prints answers, of the tuned half alone"
    )
    given = parser.parse_args(arguments)
    judged: list[Judged] = []
    for world in given.world or WORLDS:
        chosen = [
            one
            for one in load()
            if one.world == world
            and given.half in {None, half(one.id)}
            and (not given.kind or one.kind in given.kind)
            and (not given.only or one.id in given.only)
        ]
        judged.extend(
            anyio.run(partial(asked_all, world, chosen, alone=given.alone, model=given.semantic))
        )
    tell(judged, given.show)


async def asked_all(
    world: str, chosen: Sequence[Asked], *, alone: bool, model: Path | None = None
) -> list[Judged]:
    """The questions to one world, one after the other."""
    judged: list[Judged] = []
    with tempfile.TemporaryDirectory() as folder:
        starter = world == "starter" or not alone
        async with installation(Path(folder), starter=starter, model=model) as here:
            if world != "starter":
                await here.files.add([HERE / world])
            if here.meaning is not None:
                await here.meaning.vectors.fill()
            for one in chosen:
                begin = time.perf_counter()
                answer = await answered(here, one.question)
                seconds = time.perf_counter() - begin
                found = verdict(one, answer.text, answer.status, answer.sources, answer.claims)
                judged.append(Judged(asked=one, answer=answer, verdict=found, seconds=seconds))
    return judged


@asynccontextmanager
async def installation(
    folder: Path, *, starter: bool, model: Path | None = None
) -> AsyncGenerator[Installation]:
    """A new installation without model and network."""
    given = {
        "data_dir": folder / "data",
        "llm": {"discover": False},
        "embed": {"folder": str(model) if model else None, "discover": False},
        "search": {"providers": ["library"], "starter": starter},
    }
    nowhere = {"HOME": str(folder), "XDG_CONFIG_HOME": str(folder)}
    loaded = settings(overrides=given, cwd=folder, environ=nowhere)
    async with opened(loaded.settings, LogJournal()) as here:
        if here.starter is not None:
            await here.starter.ensure_built()
        yield here


async def answered(here: Installation, question: str) -> Answer:
    """The whole answer, as whoever asks gets it."""
    asked = Question(text=question, filters=Filters())
    run = here.engine.start(asked)
    heard: list[Event] = []
    with anyio.fail_after(_QUESTION_SECONDS):
        async with here.engine.follow(run, principal=asked.principal) as follower:
            while entries := await follower.read():
                heard.extend(entry.event for entry in entries)
    ended = heard[-1]
    return answer_of(question, ended.run if isinstance(ended, Done) else "", heard)


def tell(judged: Sequence[Judged], show: str | None) -> None:
    """Prints the answers that may be shown, and a table of each half."""
    for one in judged:
        told = half(one.asked.id) == "tuned" and (show == "all" or one.verdict not in GOOD)
        if show and told:
            print_answer(one)
    for which in ("tuned", "held back"):
        rows = [one for one in judged if half(one.asked.id) == which]
        if rows:
            print_table(which, rows)


def print_answer(one: Judged) -> None:
    wanted = " | ".join(" + ".join(strings) for strings in one.asked.right) or "(a refusal)"
    print(f"\n{one.asked.id} {one.asked.kind} {one.verdict.upper()}: {one.asked.question}")
    print(f"  wanted: {wanted}")
    print(f"  said:   {one.answer.text.strip() or one.answer.error}")
    for source in one.answer.sources:
        print(f"  [{source.index}] {source.title}: {source.quote[:160]!r}")


def print_table(which: str, rows: Sequence[Judged]) -> None:
    print(f"\n{which}: {len(rows)} questions")
    good = sum(one.verdict in GOOD for one in rows)
    print_share("right or rightly refused", good, len(rows))
    right = [one for one in rows if one.verdict == "right"]
    print_share("of the right ones short", sum(is_short(one) for one in right), len(right))
    quoted = sum(shown(one.asked, one.answer.claims) for one in right)
    print_share("of the right ones with the right quotation", quoted, len(right))
    refusing = [one for one in rows if one.asked.refuse]
    false = sum(one.verdict != "rightly refused" for one in refusing)
    print_share("of what is to be refused answered", false, len(refusing))
    pairs = [pair for one in rows for pair in names_of(one)]
    for name, found in sorted(counts(pairs).items()):
        if name != "all":
            told = ", ".join(f"{count} {verdict}" for verdict, count in found.most_common())
            print(f"  {name:18} {told}")
    print(f"  seconds in all: {sum(one.seconds for one in rows):.1f}")


def names_of(one: Judged) -> Sequence[tuple[str, Verdict]]:
    return ((one.asked.world, one.verdict), (f"  {one.asked.kind}", one.verdict))


def is_short(one: Judged) -> bool:
    return bool(one.answer.claims) and short(one.asked, one.answer.claims)


def print_share(what: str, good: int, of: int) -> None:
    low, high = wilson(good, of)
    print(f"  {what:45} {good:4} of {of:4}: {good / max(1, of):.3f} ({low:.3f} to {high:.3f})")


if __name__ == "__main__":
    main(sys.argv[1:])
