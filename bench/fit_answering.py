"""Fits what counts for a sentence's being the answer, on the tuned halves alone; prints constants.

    python bench/fit_answering.py [../shared/data] [--leave-out]

The questions are those of `tests/questions` and, where a folder is given, SQuAD's and HotpotQA's.
A question's candidates and its refusal share one softmax: the refusal has the score 0.
`--leave-out` fits without each world in turn, and says how that world's questions are judged then.
What is printed goes into `codexity.stages.quote.answering`.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import astuple, dataclass, replace
from functools import partial
from pathlib import Path

import anyio
import numpy as np

from answers import LIMITS, Case, found, hotpot, squad
from codexity import pipeline
from codexity.adapters.rank.bm25 import Bm25
from codexity.model import Evidence, Limits, Sentence
from codexity.stages import cover
from codexity.stages.choose import choose
from codexity.stages.chunk import chunk
from codexity.stages.quote import quote
from codexity.stages.quote.answering import NAMES, Answering
from codexity.stages.quote.lists import listing, ticked
from codexity.stages.quote.ranking import Ranking
from codexity.stages.quote.shortening import sayable
from worlds import HERE, WORLDS, Asked, answered, half, installation, load

# isort: split
from tests.questions.scoring import flat, place

_LOOKED_AT = 40
_RIDGE = 0.0003
_STEPS = 3_000
_RATE = 0.05
_PUBLIC = 0.1
"""How much a question of a public set counts beside one of ours."""
_UNFOUND = 0.5
"""How much a question counts whose answer none of its candidates has."""


@dataclass(frozen=True, kw_only=True)
class Trial:
    """A question's candidates: what speaks for each, and which of them answer."""

    world: str
    refuse: bool
    signs: np.ndarray
    good: np.ndarray

    @property
    def counts(self) -> float:
        """How much it counts beside the others."""
        own = _PUBLIC if self.world == "public" else 1.0
        return own if self.refuse or self.good.any() else own * _UNFOUND


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path, nargs="?", help="the public data sets")
    parser.add_argument("--every", type=int, default=16, help="take each nth SQuAD question")
    parser.add_argument("--leave-out", action="store_true")
    given = parser.parse_args()
    trials = [one for world in WORLDS for one in anyio.run(_of_world, world)]
    if given.folder:
        trials.extend(anyio.run(_of_public, given.folder, given.every))
    if given.leave_out:
        for world in WORLDS:
            weights = fitted([one for one in trials if one.world != world])
            _judge(world, [one for one in trials if one.world == world], weights)
    weights = fitted(trials)
    _judge("all that was fitted", trials, weights)
    for name, weight in zip((*NAMES, "BIAS"), weights, strict=True):
        print(f'    "{name}": {weight:.2f},')


def fitted(trials: Sequence[Trial]) -> np.ndarray:
    """The weights under which the good candidates, or the refusals, are the most likely."""
    weights = np.zeros(len(NAMES) + 1)
    mean, square = np.zeros_like(weights), np.zeros_like(weights)
    for step in range(1, _STEPS + 1):
        slope = _RIDGE * weights
        slope[-1] = 0.0
        for one in trials:
            slope += one.counts * _slope(one, weights) / len(trials)
        mean = 0.9 * mean + 0.1 * slope
        square = 0.999 * square + 0.001 * slope**2
        weights -= _RATE * (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.999**step)) + 1e-8)
    return weights


def _slope(one: Trial, weights: np.ndarray) -> np.ndarray:
    scores = np.append(one.signs @ weights, 0.0)
    odds = np.exp(scores - scores.max())
    likely = odds / odds.sum()
    wanted = np.append(one.good, not one.good.any())
    chosen = np.where(wanted, odds, 0.0)
    return one.signs.T @ (likely - chosen / chosen.sum())[:-1]


def _judge(name: str, trials: Sequence[Trial], weights: np.ndarray) -> None:
    right = false = 0
    for one in trials:
        sure = one.signs @ weights > 0
        first = int(sure.argmax()) if sure.any() else None
        right += one.refuse if first is None else bool(one.good[first])
        false += one.refuse and first is not None
    refused = sum(one.refuse for one in trials)
    print(f"{name}: first right or refused {right} of {len(trials)}, false {false} of {refused}")


async def _of_world(world: str) -> list[Trial]:
    """What speaks for each question's candidates, behind a first gate that lets more by."""
    trials: list[Trial] = []
    cover.NEEDED, cover.NEEDED_OF_FEW = 0.2, 0.35  # type: ignore[misc] - the last gate is looked at
    chosen = [one for one in load() if one.world == world and half(one.id) == "tuned"]
    with tempfile.TemporaryDirectory() as folder:
        async with installation(Path(folder), starter=True) as here:
            if world != "starter":
                await here.files.add([HERE / world])
            for asked in chosen:
                pipeline.quote = partial(_watched, asked, trials)
                await answered(here, asked.question)
    return trials


def _watched(  # noqa: PLR0913 - quote's own, and two that are bound
    asked: Asked,
    trials: list[Trial],
    question: str,
    evidence: Sequence[Evidence],
    *,
    limits: Limits,
    near: Mapping[str, float],
) -> tuple[Sentence, ...]:
    def answers(text: str) -> bool:
        said = flat(text)
        if any(place(one, said) >= 0 for one in asked.forbidden):
            return False
        shares = (sum(place(s, said) >= 0 for s in one) / len(one) for one in asked.right)
        return max(shares, default=0.0) >= 0.5

    if not ticked(question, evidence) and not listing(question, evidence):
        trials.append(_trial(asked.world, question, evidence, None if asked.refuse else answers))
    return quote(question, evidence, limits=limits, near=near)


async def _of_public(folder: Path, every: int) -> list[Trial]:
    """Those of the public sets' tuned halves, and of SQuAD put to another article's paragraphs."""
    trials: list[Trial] = []
    for cases in (squad(folder / "squad2", every) | hotpot(folder / "hotpot100")).values():
        trials.extend([await _of_case(case, refuse=False) for case in cases[::2]])
    wide = squad(folder / "squad2", every)["SQuAD, all paragraphs"][::2]
    for case, other in zip(wide, [*wide[7:], *wide[:7]], strict=True):
        if case.pages[0].title != other.pages[0].title:
            trials.append(await _of_case(replace(case, pages=other.pages), refuse=True))
    return trials


async def _of_case(case: Case, *, refuse: bool) -> Trial:
    passages = [own for one in case.pages for own in chunk(one, words=LIMITS.passage_words)]
    evidence = await choose(
        case.question, passages, ranker=Bm25(), limits=LIMITS, max_sources=LIMITS.max_sources
    )
    return _trial("public", case.question, evidence, None if refuse else partial(found, case))


def _trial(
    world: str, question: str, evidence: Sequence[Evidence], answers: Callable[[str], bool] | None
) -> Trial:
    ranking = Ranking(question, evidence)
    answering = Answering(ranking, evidence)
    some = sayable(ranking)[:_LOOKED_AT]
    signs = [(*astuple(answering.grounds(one)), 1.0) for one in some]
    good = [answers is not None and answers(f"{one.under} {one.label}: {one.text}") for one in some]
    return Trial(
        world=world,
        refuse=answers is None,
        signs=np.array(signs).reshape(len(some), len(NAMES) + 1),
        good=np.array(good, dtype=bool),
    )


if __name__ == "__main__":
    main()
