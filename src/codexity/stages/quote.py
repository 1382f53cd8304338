"""The answer without a model: the sources' own sentences that fit the question best, cited."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from codexity.model import Evidence, Limits, Sentence
from codexity.text import (
    asked,
    blocks,
    is_label,
    is_prose,
    is_wrapped,
    points_elsewhere,
    relevance,
    sentences,
    stems,
)

# What a sentence's weight is made of, beside its own BM25 of at most 1. Tuned on the even questions
# of `bench/answers.py`: one of them left out or doubled moves the figures by some 0.02 at most.
_COVER = 0.5
# On 70 questions of an FAQ the answer quotes what stands under them for 42 with this, for 33
# without, and for 27 where it may also quote the question. Other sets stay as they are.
_UNDER = 0.5
_PASSAGE = 0.5
_SOURCE = 0.5
_AGREEMENT = 0.5
_KIND = 0.35
_EXPLAINS = 0.2
_LEANS = 0.1
_QUOTED = 0.5
"""What is shown as a source's quote is mostly said as well; `bench/answers.py` finds the same."""
_ELSEWHERE = 0.5
_SHORT = 5.0
"""Keeps a sentence of few words from agreeing wholly by one of them."""
_ALIKE = 0.7
"""Two sentences that share more of their stems say the same."""
_BESIDES = 4
"""So many sentences are added when the sources use up the wanted number."""
_LONGEST = 600
_EXAMPLE = 160

_NAME = r"(?<=[\w,)] )[A-Z][\w.'’-]+"
_NUMBER = r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|dozen|hundred|thousand)\b"
_DATE = (
    r"\b1\d{3}s?\b|\b20\d\ds?\b|\b(?:January|February|March|April|June|July|August|September"
    r"|October|November|December|century|BC|AD)\b"
)
_CALL = r"\w\(|\b(?:[Uu]se|[Cc]all|[Ss]et|[Rr]eturns?|[Pp]ass|[Aa]dd|[Cc]reate)\b"
_KINDS = tuple(
    (re.compile(asks, re.IGNORECASE), re.compile(holds))
    for asks, holds in (
        (r"\bhow (?:many|much|long|old|far|tall|high|large|big|often|fast)\b|\bpercent", _NUMBER),
        (r"\bwhen\b|\b(?:what|which) (?:year|date|day|month|century|decade)\b", _DATE),
        (r"\bwho(?:m|se)?\b|\b(?:what|which) (?:person|actor|author|singer|band)\b", _NAME),
        (
            r"\bwhere\b|\b(?:what|which) (?:city|country|state|place|town|county|nation)\b",
            r"\b(?:in|at|from|near|to|of) (?:the )?[A-Z]",
        ),
        (
            r"\bwhy\b|\bwhat (?:caused?|reason)",
            r"\b(?:because|since|due to|so that|in order to|as a result|reason|caused?)\b",
        ),
        (r"\bhow (?:do|to|can|could|should|would|does|might)\b", _CALL),
        (
            r"\bwhat(?:'s| is| are| was| were| does)\b|\bdefine\b|\bmean",
            r"\b(?:is|are|was|were) (?:an?|the|one)\b|\b(?:refers? to|means?|returns?|called)\b",
        ),
    )
)
_LEANING = re.compile(
    r"(?:It|He|She|They|This|These|Those|That|Its|His|Her|Their|Such|But|And|Or|So|However|Also"
    r"|Then|Thus|Therefore|Moreover|Otherwise|For example|For instance|Changed in|New in"
    r"|See also|See|Note)\b"
)
_CONTINUES = re.compile(r"(?:This|These|Those|Such|They|It)\b")
_ANCHORS = " ¶§#🔗"
_DEFINITION = re.compile(
    r"@?(?:(?:class|exception|static|async|abstract|property|classmethod|staticmethod|function"
    r"|method|coroutine|awaitable) )*(?:[\w.]+\(.*\)|[a-z_]\w*|\w*[._][\w.]*)(?: ?->.*|:.*)?"
)
_CODE = re.compile(r"[(=\[{<>/$]|\w_\w| -{1,2}\w")
_BRACKETED = re.compile(r"\[\s*(\d[\d\s,;:–-]*?)\s*\]")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Candidate:
    index: int
    passage: int
    start: int
    label: str
    text: str
    stems: tuple[str, ...]
    heading: frozenset[str]
    prose: bool
    quoted: bool


def quote(question: str, evidence: Sequence[Evidence], *, limits: Limits) -> tuple[Sentence, ...]:
    """An answer of the sources' own sentences: the best source first, each in its page's order.

    About `limits.answer_sentences` of them, at least one of each source, none twice; what goes on
    with one (`These are ...`) comes besides. A sentence that explains a definition is led by it. A
    number in brackets that is the page's own is spaced out (`[ 12 ]`): it is no citation.

    Sentences are weighed by BM25, by their passage, by whether they hold what this kind of
    question asks for, by the heading above them, and by what other sources say as well.
    """
    candidates = list(_candidates(evidence))
    scores = _scores(question, evidence, candidates)
    order = sorted(range(len(candidates)), key=lambda at: (-scores[at], at))
    ranked = [candidates[at] for at in order]
    chosen = _one_of_each(evidence, ranked)
    besides = min(_BESIDES, limits.answer_sentences - 1)
    wanted = max(limits.answer_sentences, len(chosen) + besides)
    looked_for = frozenset(asked(question))
    for one in ranked:
        if len(chosen) >= wanted:
            break
        if one.prose and looked_for.intersection(one.stems) and not _said(one, chosen):
            chosen.append(one)
    chosen.extend(_continued(candidates, chosen))
    chosen.sort(key=lambda one: (one.index, one.start))
    return tuple(_told(chosen))


def _continued(every: Sequence[_Candidate], chosen: Sequence[_Candidate]) -> Iterator[_Candidate]:
    """What goes on with a chosen sentence: `These arguments are ...`; once for a source."""
    told: set[int] = set()
    for one, following in pairwise(every):
        near = 0 <= following.start - one.start - len(one.text) <= 1
        new = one.index not in told and one in chosen and following not in chosen
        if new and near and following.prose and _CONTINUES.match(following.text):
            told.add(one.index)
            yield following


def _one_of_each(evidence: Sequence[Evidence], ranked: Sequence[_Candidate]) -> list[_Candidate]:
    """The best of each source that is not said yet; a sentence where the source has one."""
    chosen: list[_Candidate] = []
    for source in evidence:
        own = [one for one in ranked if one.index == source.source.index]
        new = [one for one in own if not _said(one, chosen)] or own
        prose = [one for one in new if one.prose] or new
        chosen.extend(prose[:1])
    return chosen


def _candidates(evidence: Sequence[Evidence]) -> Iterator[_Candidate]:
    at = 0
    for one in evidence:
        for passage in one.passages:
            heading = frozenset[str]()
            for start, label, text, prose in _runs(passage.text):
                if _asks(text) or is_label(text):
                    heading = frozenset(stems(text))
                yield _Candidate(
                    index=one.source.index,
                    passage=at,
                    start=passage.start + start,
                    label=label,
                    text=text,
                    stems=stems(f"{label} {text}"),
                    heading=heading,
                    prose=prose and not _asks(text),
                    quoted=prose and text in one.source.quote,
                )
            at += 1


def _runs(text: str) -> Iterator[tuple[int, str, str, bool]]:
    """Where a sentence starts, the definition that it explains, and the sentence on one line."""
    label = ""
    for start, end in blocks(text):
        block = " ".join(text[start:end].split())
        if is_label(text[start:end]) and not is_prose(block):
            name = block.rstrip(_ANCHORS)
            label = name if _DEFINITION.fullmatch(name) else ""
            yield start, "", block, False
            continue
        if "\n" in text[start:end] and not is_wrapped(text[start:end]):
            yield start, label, _cut(block), False
            continue
        shown = _example(text, end) if block.endswith(":") else ""
        for first, last in sentences(block):
            run = _cut(block[first:last]) + (shown if last == len(block) else "")
            yield start + first, label, run, is_prose(block[first:last])
        label = ""


def _example(text: str, start: int) -> str:
    """The single line of code that stands right behind this place, as the colon before it says."""
    for first, last in blocks(text[start:]):
        line = text[start + first : start + last]
        bare = line.removeprefix(">>> ").removeprefix("$ ")
        short = "\n" not in line and "`" not in line and len(line) <= _EXAMPLE
        return f" `{bare}`" if short and _CODE.search(line) and not is_prose(line) else ""
    return ""


def _cut(run: str) -> str:
    if len(run) <= _LONGEST:
        return run
    return f"{run[: max(run.rfind(' ', 0, _LONGEST), _LONGEST // 2)]} …"


def _scores(
    question: str, evidence: Sequence[Evidence], candidates: Sequence[_Candidate]
) -> list[float]:
    looked_for = asked(question)
    plain = frozenset(stems(question))
    fits = _of_best(relevance(looked_for, [one.stems for one in candidates]))
    passages = [passage.stems for one in evidence for passage in one.passages]
    around = _of_best(relevance(looked_for, passages))
    best = max((one.score for one in evidence), default=0.0) or 1.0
    trust = {one.source.index: one.score / best for one in evidence}
    agreed = _of_best(_agreement(plain, candidates))
    holds = _holds(question)
    return [
        fit
        + _COVER * len(plain.intersection(one.stems)) / max(1, len(plain))
        + _PASSAGE * around[one.passage]
        + _KIND * (fit > 0 and any(new not in question for new in holds(one.text)))
        + _SOURCE * trust[one.index]
        + _AGREEMENT * agree
        - _LEANS * _leans(one.text)
        + _QUOTED * one.quoted
        - _ELSEWHERE * points_elsewhere(one.text)
        + _EXPLAINS * bool(one.label)
        + _UNDER * len(plain & one.heading) / max(1, len(plain))
        for one, fit, agree in zip(candidates, fits, agreed, strict=True)
    ]


def _asks(text: str) -> bool:
    """Whether it is a question itself: a heading of an FAQ, a title of a forum's page."""
    return text.rstrip(_ANCHORS).endswith("?")


def _leans(text: str) -> bool:
    """Whether a sentence wants something beside it: what `It` means, a footnote, an example."""
    return text.endswith(":") or bool(_LEANING.match(text) or _BRACKETED.search(text))


def _of_best(values: Sequence[float]) -> list[float]:
    best = max(values, default=0.0) or 1.0
    return [value / best for value in values]


def _agreement(plain: frozenset[str], candidates: Sequence[_Candidate]) -> list[float]:
    """How much of what a sentence adds to the question is said by other sources as well.

    Only sentences that have something in common with the question are asked.
    """
    says: dict[str, set[int]] = defaultdict(set)
    often: Counter[str] = Counter()
    for one in candidates:
        new = set(one.stems) - plain
        often.update(new)
        if len(new) < len(set(one.stems)):
            for stem in new:
                says[stem].add(one.index)
    rarity = {stem: math.log(1 + len(candidates) / count) for stem, count in often.items()}
    agreed: list[float] = []
    for one in candidates:
        new = set(one.stems) - plain
        shared = math.fsum(rarity[stem] for stem in new if says[stem] - {one.index})
        agreed.append(shared / (_SHORT + math.fsum(rarity[stem] for stem in new)))
    return agreed


def _holds(question: str) -> Callable[[str], list[str]]:
    """What finds in a sentence that which this kind of question asks for."""
    for asks, holds in _KINDS:
        if asks.search(question):
            return holds.findall
    return lambda _: []


def _said(one: _Candidate, chosen: Sequence[_Candidate]) -> bool:
    mine = set(one.stems)
    for other in chosen:
        theirs = set(other.stems)
        if one.text == other.text or len(mine & theirs) > _ALIKE * len(mine | theirs):
            return True
    return False


def _told(chosen: Sequence[_Candidate]) -> Iterator[Sentence]:
    label = ""
    for one in chosen:
        led = f"{one.label}: {one.text}" if one.label and one.label != label else one.text
        label = one.label
        yield Sentence(text=_BRACKETED.sub(r"[ \1 ]", led), index=one.index)
