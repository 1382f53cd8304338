"""Markdown files made of public text: topics, and documents that are drawn of them.

Each document keeps mostly to one topic, so that its words stand together as they do in real ones.
What real collections have besides, thousands of words that stand in a document or two, are names
that are drawn so that the nth is met 1/n as often as the first.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import exp, log
from pathlib import Path
from typing import Any

from codexity.text import sentences

SEED = 11
_NAMES = 500_000
_LOYALTY = 0.7
_MANY = 40
"""So many sentences of a document are of its topic; fewer where it has less than so many."""
_SYLLABLES = tuple(a + b for a in "bdfgklmnprstvz" for b in "aeiou")
_SHORTEST, _LONGEST = 25, 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """What one article says: its title and its sentences."""

    title: str
    said: tuple[str, ...]


def topics(folder: Path) -> tuple[Topic, ...]:
    """The articles of SQuAD and HotpotQA and the main texts of WCXB below the folder."""
    found = [*_squad(folder / "squad2"), *_hotpot(folder / "hotpot100"), *_pages(folder / "wcxb")]
    return tuple(one for one in found if len(one.said) > 2)


def write_files(drawn: Sequence[Topic], folder: Path, count: int) -> int:
    """Writes so many Markdown files, 200 to a folder; says how many bytes they have."""
    size = 0
    for number in range(count):
        below = folder / f"folder {number // 200:03}"
        below.mkdir(parents=True, exist_ok=True)
        text = document(drawn, number).encode()
        (below / f"note-{number:05}.md").write_bytes(text)
        size += len(text)
    return size


def document(drawn: Sequence[Topic], number: int) -> str:
    """The document of this number: front matter, headings, prose, lists, tables and code."""
    chance = random.Random(f"{SEED} {number}")
    topic = chance.choice(drawn)
    lines = list(_head(topic, chance))
    for _ in range(chance.randint(1, 5)):
        lines.append(f"## {_heading(topic, chance)}\n")
        lines += [_block(drawn, topic, chance) for _ in range(chance.randint(1, 4))]
    return "\n".join(lines)


def said(drawn: Sequence[Topic], topic: Topic, chance: random.Random) -> str:
    """A sentence, mostly of the topic, now and then with who said it."""
    loyalty = min(_LOYALTY, len(topic.said) / _MANY)
    about = topic if chance.random() < loyalty else chance.choice(drawn)
    sentence = chance.choice(about.said)
    return sentence if chance.random() < 0.8 else f"{name(chance)} wrote: {sentence}"


def name(chance: random.Random) -> str:
    """A name; few are met often, and most hardly ever."""
    rank = int(exp(chance.random() * log(_NAMES)))
    made = ""
    while rank:
        rank, at = divmod(rank, len(_SYLLABLES))
        made += _SYLLABLES[at]
    return f"{made}ski".capitalize()


def _head(topic: Topic, chance: random.Random) -> Iterator[str]:
    title = f"{topic.title} {name(chance)}"
    if chance.random() < 0.3:
        day = f"20{chance.randint(10, 25)}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"
        yield f"---\ntitle: {json.dumps(title)}\ndate: {day}\ntags: [notes]\n---\n"
    yield f"# {title}\n"


def _heading(topic: Topic, chance: random.Random) -> str:
    return " ".join(chance.choice(topic.said).split()[:4]).strip(".,;:")


def _block(drawn: Sequence[Topic], topic: Topic, chance: random.Random) -> str:
    kind = chance.random()
    count = chance.randint(3, 6)
    if kind < 0.75:
        return " ".join(said(drawn, topic, chance) for _ in range(count)) + "\n"
    if kind < 0.88:
        return "".join(f"- {said(drawn, topic, chance)}\n" for _ in range(count))
    if kind < 0.95:
        rows = "".join(
            f"| {name(chance)} | {chance.randint(1, 9999)} | {_heading(topic, chance)} |\n"
            for _ in range(count)
        )
        return f"| who | number | what |\n|---|---|---|\n{rows}"
    code = "".join(f"{name(chance).lower()} = {chance.randint(1, 99)}\n" for _ in range(count))
    return f"```python\n{code}```\n"


def _squad(folder: Path) -> Iterator[Topic]:
    for path in sorted(folder.glob("*.json")):
        articles: list[dict[str, Any]] = json.loads(path.read_text())["data"]
        for one in articles:
            texts = [paragraph["context"] for paragraph in one["paragraphs"]]
            yield _topic(one["title"].replace("_", " "), texts)


def _hotpot(folder: Path) -> Iterator[Topic]:
    corpus: dict[str, list[str]] = json.loads(
        (folder / "hotpotqa_train_corpus.json").read_text(encoding="utf-8")
    )
    for title, texts in corpus.items():
        yield _topic(title, texts)


def _pages(folder: Path) -> Iterator[Topic]:
    for path in sorted((folder / "dev-sample" / "ground-truth").glob("*.json")):
        text = json.loads(path.read_text(encoding="utf-8"))["ground_truth"]["main_content"]
        yield _topic(f"Page {path.stem}", text.split("\n"))


def _topic(title: str, texts: Sequence[str]) -> Topic:
    every = [
        " ".join(text[start:end].split())
        for text in texts
        for start, end in sentences(text, 0, len(text), "en")
    ]
    kept = [one for one in every if _SHORTEST <= len(one) <= _LONGEST]
    return Topic(title=title, said=tuple(kept))
