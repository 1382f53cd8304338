"""How often the answer is in the evidence, and in the answer without a model; prints a table.

Usage: python bench/answers.py [FOLDER], where FOLDER holds `squad2/dev-v2.0.json`,
`squad2/test-v2.0.json`, `hotpot100/hotpotqa_train.json` and `hotpot100/hotpotqa_train_corpus.json`.
Constants were tuned on the even questions; the odd ones were looked at only to choose between
what was equal there.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import anyio

from codexity.adapters.rank.bm25 import Bm25
from codexity.model import Evidence, Limits, Page, Passage
from codexity.stages.choose import choose
from codexity.stages.chunk import chunk
from codexity.stages.cover import cover
from codexity.stages.quote import best, quote
from codexity.text import relevance, sentences, stems

LIMITS = Limits()
DISTRACTORS = 40
FIRST_STAGE = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A question, the strings any of which answers it, and the pages that were found for it."""

    question: str
    answers: tuple[str, ...]
    pages: tuple[Page, ...]


def normal(text: str) -> str:
    """Lower case, without articles and punctuation, one space between words."""
    bare = re.sub(r"[^\w\s]", " ", text.lower())
    return " ".join(re.sub(r"\b(?:a|an|the)\b", " ", bare).split())


def found(case: Case, text: str) -> bool:
    """Whether one of the answers occurs in the text, both made normal."""
    return any(f" {normal(answer)} " in f" {normal(text)} " for answer in case.answers)


def page(title: str, text: str, number: int = 0) -> Page:
    return Page(url=f"https://bench.example/{number}/{title}", title=title, text=text)


def squad(folder: Path, every: int) -> dict[str, list[Case]]:
    """Answerable questions over their paragraph alone, and over all paragraphs and distractors."""
    articles: list[dict[str, Any]] = json.loads((folder / "dev-v2.0.json").read_text())["data"]
    others: list[dict[str, Any]] = json.loads((folder / "test-v2.0.json").read_text())["data"]
    far = [page(a["title"], p["context"], -1) for a in others for p in a["paragraphs"]]
    chance = random.Random(7)
    alone: list[Case] = []
    among: list[Case] = []
    for article in articles:
        title = article["title"].replace("_", " ")
        near = [page(title, p["context"], at) for at, p in enumerate(article["paragraphs"])]
        for own, paragraph in zip(near, article["paragraphs"], strict=True):
            for asked in paragraph["qas"]:
                answers = tuple({one["text"] for one in asked["answers"]})
                if answers:
                    wide = (*near, *chance.sample(far, min(DISTRACTORS, len(far))))
                    text = asked["question"].strip()
                    alone.append(Case(question=text, answers=answers, pages=(own,)))
                    among.append(Case(question=text, answers=answers, pages=wide))
    return {"SQuAD, its paragraph": alone[::every], "SQuAD, all paragraphs": among[::every]}


def hotpot(folder: Path) -> dict[str, list[Case]]:
    """Questions over their ten documents, and over the ten that a first BM25 finds among all."""
    asked: list[dict[str, Any]] = json.loads((folder / "hotpotqa_train.json").read_text())
    corpus: dict[str, list[str]] = json.loads((folder / "hotpotqa_train_corpus.json").read_text())
    every = [page(title, "".join(lines)) for title, lines in corpus.items()]
    bags = [stems(f"{one.title} {one.text}") for one in every]
    given: list[Case] = []
    ranked: list[Case] = []
    for one in asked:
        if one["answer"] in {"yes", "no"}:
            continue
        own = tuple(page(title, "".join(lines)) for title, lines in one["context"])
        scores = relevance(stems(one["question"]), bags)
        order = sorted(range(len(every)), key=lambda at, s=scores: -s[at])[:FIRST_STAGE]
        text, answers = one["question"], (one["answer"],)
        given.append(Case(question=text, answers=answers, pages=own))
        best = tuple(every[at] for at in order)
        ranked.append(Case(question=text, answers=answers, pages=best))
    return {"HotpotQA, its ten": given, "HotpotQA, first ten of all": ranked}


async def measure(case: Case, chunks: dict[str, tuple[Passage, ...]]) -> tuple[int, ...]:
    """Whether the string is found in each text, in the order of the table; and any evidence.

    The texts: the evidence, the writer's best five sentences before it shortens, the first sentence
    of the answer, the answer, and, as the baseline, the first five sentences of the evidence. At
    last the number of sentences in the answer.
    """
    passages: list[Passage] = []
    for one in case.pages:
        if one.url not in chunks:
            chunks[one.url] = chunk(one, words=LIMITS.passage_words)
        passages.extend(chunks[one.url])
    evidence = await choose(
        case.question,
        passages,
        ranker=Bm25(),
        limits=LIMITS,
        max_sources=LIMITS.max_sources,
    )
    given = " \n ".join(one.text for source in evidence for one in source.passages)
    answer = quote(case.question, evidence, limits=LIMITS)
    ranked = best(case.question, evidence, most=LIMITS.answer_sentences)
    said = " \n ".join(one.text for one in answer)
    return (
        found(case, given),
        found(case, " \n ".join(ranked)),
        found(case, answer[0].text if answer else ""),
        found(case, said),
        found(case, first_five(evidence)),
        bool(evidence),
        len(answer),
    )


def first_five(evidence: Sequence[Evidence]) -> str:
    """The first five sentences of the first source, and of the next where it has fewer."""
    lines = [
        one.text[start:end]
        for source in evidence
        for one in source.passages
        for start, end in sentences(one.text)
    ]
    return " \n ".join(lines[: LIMITS.answer_sentences])


async def report(name: str, cases: list[Case]) -> None:
    chunks: dict[str, tuple[Passage, ...]] = {}
    for half, chosen in (("tuned", cases[::2]), ("held back", cases[1::2])):
        begin = time.perf_counter()
        rows = [await measure(case, chunks) for case in chosen]
        spent = (time.perf_counter() - begin) / max(1, len(rows)) * 1000
        shares = "  ".join(f"{sum(row[at] for row in rows) / len(rows):8.3f}" for at in range(7))
        print(f"{name:28} {half:10} {len(rows):5}  {shares}  {spent:6.1f}")


def gate(folder: Path, every: int) -> None:
    """Prints the shares of questions that the gate lets pass: right pages, and wrong ones."""
    articles: list[dict[str, Any]] = json.loads((folder / "squad2/dev-v2.0.json").read_text())[
        "data"
    ]
    near = [
        [
            chunk(page(a["title"].replace("_", " "), p["context"], at), words=LIMITS.passage_words)
            for at, p in enumerate(a["paragraphs"])
        ]
        for a in articles
    ]
    asked: dict[str, list[tuple[str, int]]] = {"answerable": [], "impossible": []}
    for number, article in enumerate(articles):
        for one in (q for p in article["paragraphs"] for q in p["qas"]):
            kind = "impossible" if one["is_impossible"] else "answerable"
            asked[kind].append((one["question"], number))
    wrong = [(text, (number + 1) % len(near)) for text, number in asked["answerable"]]
    for name, every_one in (*asked.items(), ("wrong article", wrong)):
        some = every_one[:: every * 4]
        passed = sum(_passes(text, near[number]) for text, number in some)
        print(f"gate, SQuAD, {name:15} {passed / len(some):.3f} of {len(some)} pass")
    cases = hotpot(folder / "hotpot100")["HotpotQA, its ten"]
    cut = [(one, [chunk(p, words=LIMITS.passage_words) for p in one.pages]) for one in cases]
    passed = sum(_passes(one.question, pages) for one, pages in cut)
    print(f"gate, HotpotQA              {passed / len(cut):.3f} of {len(cut)} pass")


def _passes(question: str, pages: Sequence[Sequence[Passage]]) -> bool:
    scores = relevance(stems(question), [[one for p in own for one in p.stems] for own in pages])
    best = sorted(range(len(pages)), key=lambda at: -scores[at])[:FIRST_STAGE]
    return cover(question, [one for at in best for one in pages[at]]).answers


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("folder", type=Path, nargs="?", help="the public data sets")
    arguments.add_argument("--every", type=int, default=4, help="take each nth SQuAD question")
    given = arguments.parse_args()
    if given.folder is None:
        print("left out: SQuAD and HotpotQA, since no folder of public data sets was given")
        return
    sets = squad(given.folder / "squad2", given.every) | hotpot(given.folder / "hotpot100")
    heads = ("evidence", "best", "first", "short", "baseline", "evident", "said")
    print(f"{'set':28} {'half':10} {'n':>5}  {'  '.join(f'{h:>8}' for h in heads)}  ms each")
    for name, cases in sets.items():
        anyio.run(report, name, cases)
    gate(given.folder, given.every)


if __name__ == "__main__":
    main()
