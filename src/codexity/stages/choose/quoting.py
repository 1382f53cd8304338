"""What is shown of a source: a verbatim run of its text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Final

from codexity.memo import Memo
from codexity.model import Page, Passage
from codexity.record import Record
from codexity.text import (
    asked,
    blocks,
    is_prose,
    points_elsewhere,
    relevance,
    sentences,
    stemmed_in,
    stems,
    told,
)

_QUOTE_AT_LEAST = 40
_QUOTE_AT_MOST = 300
_COVER = 0.5
_ENGLISH = "en"
_QUOTABLE: Final = Memo[tuple[tuple[str, tuple[str, ...]], ...]](8_000_000)
"""The runs of passages; each counts as much as its whole page."""
_LOOKED_AT = 200
"""A page whose passages hold no run so long is looked at only as far as this many that are."""


def quoted(
    question: str, page: Page, passages: Sequence[Passage], record: Record | None
) -> tuple[str, int]:
    """The quote and where it stands: of the record that answers, if any.

    Where the kinds of blocks are not known, what is so short is only quoted for want of a sentence.
    """
    if record is not None and (record.known or not _has_long(page)):
        line = next(line for line in record.text.split("\n") if line.strip())
        text = _shortened(line.strip())
        return text, record.start + record.text.index(text)
    text = _quote(question, page, passages)
    return text, _place(text, page, passages)


def _has_long(page: Page) -> bool:
    return any(len(run) >= _QUOTE_AT_LEAST for run in islice(_long_runs(page), 1))


def _quote(question: str, page: Page, passages: Sequence[Passage]) -> str:
    """The run of the passages that fits best; of the whole page where they have none so long.

    Where none so long speaks of the question, a row or an item that does.
    """
    language = stemmed_in(page.text, page.language) or told(question) or _ENGLISH
    every = [pair for passage in passages for pair in _runs(passage, language)]
    runs = [run for run, _ in every]
    if not any(len(run) >= _QUOTE_AT_LEAST for run in runs):
        runs = list(islice(_long_runs(page), _LOOKED_AT)) or runs
        every = [(run, stems(run, language)) for run in runs]
    plain = frozenset(stems(question, told(question) or language))
    long = [run for run in runs if len(run) >= _QUOTE_AT_LEAST]
    bags = [bag for run, bag in every if len(run) >= _QUOTE_AT_LEAST]
    if not any(map(plain.intersection, bags)):
        short = (line for passage in passages for line in _lines(passage))
        long = [line for line in short if plain.intersection(stems(line, language))] or long
        bags = [stems(run, language) for run in long]
    if not long:
        return _shortened(max(runs, key=len))
    fits = relevance(asked(question, told(question) or language), bags)
    most = max(fits) or 1.0

    def worth(at: int) -> tuple[float, bool]:
        prose = is_prose(long[at])
        cover = len(plain.intersection(bags[at])) / max(1, len(plain))
        weight = fits[at] / most + _COVER * cover
        poor = (1.0 if prose else 0.5) * (0.5 if points_elsewhere(long[at]) else 1.0)
        return weight * poor, prose

    return _shortened(long[max(range(len(long)), key=worth)])


def _runs(passage: Passage, language: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """What of a passage may be quoted, each with its stems: the same for each question."""
    spoken = passage.page.language
    return _QUOTABLE.of(
        passage.page,
        lambda: tuple((one, stems(one, language)) for one in quotable(passage.text, spoken)),
        given=(passage.start, len(passage.text), language),
    )


def _lines(passage: Passage) -> Iterator[str]:
    """The first line of each row and item of a passage whose blocks are known."""
    for one in passage.records:
        if one.known:
            yield next(line.strip() for line in one.text.split("\n") if line.strip())


def _place(quote: str, page: Page, passages: Sequence[Passage]) -> int:
    """Where the quote stands in the page's text: in the passages, if it is of them."""
    for passage in passages:
        at = passage.text.find(quote)
        if at >= 0:
            return passage.start + at
    return max(0, page.text.find(quote))


def _long_runs(page: Page) -> Iterator[str]:
    for line in page.text.split("\n"):
        if len(line.strip()) >= _QUOTE_AT_LEAST:
            yield from quotable(line, page.language)


def quotable(text: str, language: str | None = None) -> Iterator[str]:
    """Runs of text without a line break that may be quoted: lines of code, sentences of prose."""
    for start, end in blocks(text):
        if "\n" in text[start:end]:
            yield from (line.strip() for line in text[start:end].splitlines() if line.strip())
        else:
            yield from _long_enough(text, tuple(sentences(text, start, end, language)))


def _long_enough(text: str, spans: Sequence[tuple[int, int]]) -> Iterator[str]:
    """Sentences of one block, each with so many of its neighbours as it needs to be quoted."""
    for at, (start, end) in enumerate(spans):
        begin, stop, after, before = start, end, at + 1, at - 1
        while stop - begin < _QUOTE_AT_LEAST and after < len(spans):
            stop = spans[after][1]
            after += 1
        while stop - begin < _QUOTE_AT_LEAST and before >= 0:
            begin = spans[before][0]
            before -= 1
        yield text[begin:stop]


def _shortened(run: str) -> str:
    if len(run) <= _QUOTE_AT_MOST:
        return run
    space = run.rfind(" ", _QUOTE_AT_LEAST, _QUOTE_AT_MOST)
    return run[: space if space > 0 else _QUOTE_AT_MOST].rstrip()
