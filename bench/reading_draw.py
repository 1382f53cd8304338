"""Questions with the pages that a search would name for them, and how each page behaves.

A question and the paragraph that answers it are of SQuAD 2.0. Of 24 hits two answer: the
paragraph itself on a page with others of its article, and its telling sentences alone on another.
The other 22 are what an index of all of SQuAD's articles finds best for the question and does not
hold the answer.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any, Literal

from codexity.text import asked, relevance, sentences, stems

QUERIES = 3
HITS = 24
ANSWERING = 2
MEDIAN_SECONDS = 0.3
SIGMA = 1.0
NEVER = 0.05
FAILING = 0.05
REDIRECTING = 0.1
_PARAGRAPHS = 3

Kind = Literal["plain", "never", "failing", "redirecting"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A page at a host of its own, the seconds until it answers, and how."""

    host: str
    title: str
    text: str
    answers: bool
    seconds: float
    kind: Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A question, what each of its queries names, and the seconds that each search takes."""

    question: str
    named: tuple[tuple[Drawn, ...], ...]
    searching: tuple[float, ...]

    def pages(self) -> tuple[Drawn, ...]:
        """All that are named, in the order of their queries."""
        return tuple(page for named in self.named for page in named)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Text:
    title: str
    text: str
    stems: tuple[str, ...]


def cases(folder: Path, count: int, seed: int) -> list[Case]:
    """Questions of the folder's SQuAD, the same for the same seed."""
    articles = [
        article
        for name in ("dev-v2.0.json", "test-v2.0.json")
        for article in json.loads((folder / "squad2" / name).read_text())["data"]
    ]
    chance = random.Random(seed)
    web = [page for article in articles for page in _pages(article)]
    askable = [
        (article, paragraph, one)
        for article in articles
        for paragraph in article["paragraphs"]
        for one in paragraph["qas"]
        if one["answers"] and len(article["paragraphs"]) > 2 * _PARAGRAPHS
    ]
    picked = chance.sample(askable, count)
    return [_case(at, *one, web=web, chance=chance) for at, one in enumerate(picked)]


def _pages(article: dict[str, Any]) -> list[_Text]:
    texts = [paragraph["context"] for paragraph in article["paragraphs"]]
    joined = ("\n\n".join(texts[at : at + 3]) for at in range(0, len(texts), _PARAGRAPHS))
    title = article["title"].replace("_", " ")
    return [_Text(title=title, text=text, stems=stems(f"{title} {text}")) for text in joined]


def _case(  # noqa: PLR0913
    at: int,
    article: dict[str, Any],
    paragraph: dict[str, Any],
    qa: dict[str, Any],
    *,
    web: Sequence[_Text],
    chance: random.Random,
) -> Case:
    question = qa["question"].strip()
    answers = {normal(one["text"]) for one in qa["answers"]}
    told = _answering(article, paragraph, qa["answers"][0]["answer_start"], chance)
    others = [one for one in web if not any(f" {a} " in f" {normal(one.text)} " for a in answers)]
    fits = relevance(asked(question), [one.stems for one in others])
    best = sorted(range(len(others)), key=lambda place: -fits[place])[: HITS - ANSWERING]
    mixed = [(others[place].title, others[place].text, False) for place in best]
    mixed += [(article["title"].replace("_", " "), text, True) for text in told]
    # Which hits answer is settled here, before anything is drawn of how they behave.
    chance.shuffle(mixed)
    drawn = [
        Drawn(
            host=f"p{place}.q{at}.test",
            title=title,
            text=text,
            answers=right,
            seconds=_latency(chance),
            kind=_kind(chance),
        )
        for place, (title, text, right) in enumerate(mixed)
    ]
    return Case(
        question=question,
        named=tuple(tuple(drawn[query::QUERIES]) for query in range(QUERIES)),
        searching=tuple(_latency(chance) for _ in range(QUERIES)),
    )


def _answering(
    article: dict[str, Any], paragraph: dict[str, Any], start: int, chance: random.Random
) -> tuple[str, str]:
    text = paragraph["context"]
    others = [one["context"] for one in article["paragraphs"] if one is not paragraph]
    first, second, third = chance.sample(others, 3)
    spans = list(sentences(text))
    place = next(at for at, (_, end) in enumerate(spans) if start < end)
    around = spans[max(0, place - 1) : place + 2]
    told = text[around[0][0] : around[-1][1]]
    return f"{first}\n\n{text}\n\n{second}", f"{third}\n\n{told}"


def _latency(chance: random.Random) -> float:
    return MEDIAN_SECONDS * chance.lognormvariate(0, SIGMA)


def _kind(chance: random.Random) -> Kind:
    place = chance.random()
    if place < NEVER:
        return "never"
    if place < NEVER + FAILING:
        return "failing"
    return "redirecting" if place < NEVER + FAILING + REDIRECTING else "plain"


def normal(text: str) -> str:
    """Lower case, without punctuation, one space between words."""
    return " ".join(re.sub(r"[^\w\s]", " ", text.lower()).split())


def html(page: Drawn) -> str:
    """The page as a site sends it, with what stands around its text."""
    links = "".join(f'<li><a href="/{n}">Section {n}</a></li>' for n in range(12))
    body = "".join(f"<p>{escape(block)}</p>" for block in page.text.split("\n\n"))
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(page.title)}'
        f"</title></head><body><nav><ul>{links}</ul></nav><main><article><h1>{escape(page.title)}"
        f"</h1>{body}</article></main><footer>All rights reserved. Contact, imprint.</footer>"
        "</body></html>"
    )
