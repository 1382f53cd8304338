"""How well documents are found by words, and by words and meaning together; prints nDCG@10.

Usage: python bench/meaning.py FOLDER --model MODEL, where FOLDER holds the public data sets as for
bench/answers.py, and MODEL an embedding model in ONNX. Without a model the words alone are told.
"""

from __future__ import annotations

import argparse
import json
import math
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import anyio

from codexity.adapters.embed.found import Embedders
from codexity.adapters.embed.onnx import OnnxEmbedder
from codexity.adapters.library.documents import Document, sliced, title_stems
from codexity.adapters.library.embedded import LibraryVectors
from codexity.adapters.library.hybrid import Meant
from codexity.adapters.library.index import LibraryIndex
from codexity.text import relevance, stems

_FIRST = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """Documents by their number, and questions with the numbers of those that answer them."""

    titles: Sequence[str]
    texts: Sequence[str]
    asked: Sequence[tuple[str, frozenset[int]]]


def hotpot(folder: Path) -> Task:
    """All documents of the set, each question with its two."""
    corpus: dict[str, list[str]] = json.loads((folder / "hotpotqa_train_corpus.json").read_text())
    asked: list[dict[str, Any]] = json.loads((folder / "hotpotqa_train.json").read_text())
    titles = list(corpus)
    number = {title: at for at, title in enumerate(titles)}
    questions = [
        (one["question"], frozenset(number[title] for title, _ in one["supporting_facts"]))
        for one in asked
    ]
    return Task(titles=titles, texts=["".join(corpus[one]) for one in titles], asked=questions)


def squad(folder: Path, every: int) -> Task:
    """All paragraphs of all articles, each question with its own."""
    articles: list[dict[str, Any]] = json.loads((folder / "dev-v2.0.json").read_text())["data"]
    titles: list[str] = []
    texts: list[str] = []
    asked: list[tuple[str, frozenset[int]]] = []
    for article in articles:
        for paragraph in article["paragraphs"]:
            own = frozenset((len(texts),))
            asked += [(q["question"], own) for q in paragraph["qas"] if q["answers"]]
            titles.append(article["title"].replace("_", " "))
            texts.append(paragraph["context"])
    return Task(titles=titles, texts=texts, asked=asked[::every])


def gain(ranked: Sequence[int], right: frozenset[int]) -> float:
    """NDCG@10 with a gain of 1 for each right document."""
    told = sum(1 / math.log2(at + 2) for at, one in enumerate(ranked[:_FIRST]) if one in right)
    return told / sum(1 / math.log2(at + 2) for at in range(min(_FIRST, len(right))))


async def measure(name: str, task: Task, model: Path | None) -> None:
    """Prints a row for each half of the questions: plain BM25, the library's words, the hybrid."""
    bags = [stems(f"{title} {text}") for title, text in zip(task.titles, task.texts, strict=True)]
    with tempfile.TemporaryDirectory() as folder:
        index = LibraryIndex(Path(folder) / "library.sqlite3")
        for at, (title, text) in enumerate(zip(task.titles, task.texts, strict=True)):
            await index.put("all", _document(f"{at}", title, text))
        embedder = OnnxEmbedder(model) if model else None
        begin = time.perf_counter()
        if embedder:
            await LibraryVectors(index, Embedders(embedder)).fill()
        filled = time.perf_counter() - begin
        for half, asked in (("tuned", task.asked[::2]), ("held back", task.asked[1::2])):
            plain = words = both = spent = 0.0
            for question, right in asked:
                scores = relevance(stems(question), bags)
                plain += gain(sorted(range(len(bags)), key=lambda at, s=scores: -s[at]), right)
                words += gain(await _found(index, question, None), right)
                if embedder:
                    (vector,) = await embedder.embed([question], asks=True)
                    begin = time.perf_counter()
                    meant = Meant(embedder=embedder.name, vector=vector)
                    both += gain(await _found(index, question, meant), right)
                    spent += time.perf_counter() - begin
            of = max(1, len(asked))
            print(
                f"{name:10} {half:10} {of:5}  {plain / of:.3f}  {words / of:.3f}  {both / of:.3f}"
                f"  {spent / of * 1_000:6.1f} ms a search, {filled:.0f} s for all vectors"
            )


async def _found(index: LibraryIndex, question: str, meant: Meant | None) -> list[int]:
    hits = await index.search(question, limit=_FIRST, meant=meant)
    return [int(one.url.rpartition("/")[2]) for one in hits]


def _document(slug: str, title: str, text: str) -> Document:
    named = title_stems(title, "")
    return Document(slug=slug, title=title, title_stems=named, text=text, slices=sliced(text))


def main() -> None:
    arguments = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    arguments.add_argument("folder", type=Path, nargs="?", help="the public data sets")
    arguments.add_argument("--model", type=Path, help="a folder with an embedding model in ONNX")
    arguments.add_argument("--every", type=int, default=10, help="take each nth SQuAD question")
    given = arguments.parse_args()
    if given.folder is None:
        print("left out: SQuAD and HotpotQA, since no folder of public data sets was given")
        return
    print(f"{'set':10} {'half':10} {'n':>5}  BM25   words  both")
    anyio.run(measure, "HotpotQA", hotpot(given.folder / "hotpot100"), given.model)
    anyio.run(measure, "SQuAD", squad(given.folder / "squad2", given.every), given.model)


if __name__ == "__main__":
    main()
