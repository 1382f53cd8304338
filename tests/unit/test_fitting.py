"""What of a context the evidence and the answer may take, and what is left out of a small one."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from codexity.answer_writer import AnswerWriter
from codexity.errors import ContextTooSmall
from codexity.events import Event, Skipped, Token
from codexity.fitting import ROOM, thinned, within
from codexity.model import Evidence, Limits, Page, Passage, Question, Source
from codexity.ports import Message
from codexity.stages.write import write
from world import Model, Reply

LIMITS = Limits(evidence_tokens=3_000, answer_tokens=1_024)
QUESTION = Question(text="How does a kestrel hover?")


@pytest.mark.parametrize(
    ("context", "evidence", "answer"),
    [
        (None, 3_000, 1_024),
        (1_000_000, 3_000, 1_024),
        (3_000 + 1_024 + ROOM, 3_000, 1_024),
        (4_096, 4_096 - 1_024 - ROOM, 1_024),
        (2_048, 2_048 - 512 - ROOM, 512),
        (512, 200, 128),
        (1, 200, 1),
    ],
)
def test_the_limits_fit_the_context(context: int | None, evidence: int, answer: int) -> None:
    fitted = within(LIMITS, context)
    assert (fitted.evidence_tokens, fitted.answer_tokens) == (evidence, answer)
    assert replace(fitted, evidence_tokens=3_000, answer_tokens=1_024) == LIMITS


def test_a_limit_that_is_small_already_stays() -> None:
    fitted = within(replace(LIMITS, evidence_tokens=300, answer_tokens=1_500), 2_048)
    assert (fitted.evidence_tokens, fitted.answer_tokens) == (300, 2_048 - 300 - ROOM)
    fitted = within(replace(LIMITS, answer_tokens=100_000), 100_000)
    assert (fitted.evidence_tokens, fitted.answer_tokens) == (3_000, 100_000 - 3_000 - ROOM)


def evidence(*texts: tuple[str, ...]) -> list[Evidence]:
    made: list[Evidence] = []
    for number, parts in enumerate(texts, start=1):
        page = Page(url=f"https://{number}.example/", title=f"Page {number}", text="".join(parts))
        source = Source(
            index=number,
            title=page.title,
            url=page.url,
            site=page.site,
            published=None,
            quote="",
            link=page.url,
        )
        passages = tuple(Passage(page=page, start=0, text=one, stems=()) for one in parts)
        made.append(Evidence(source=source, page=page, passages=passages, score=1.0))
    return made


def texts(found: tuple[Evidence, ...]) -> list[tuple[str, ...]]:
    return [tuple(one.text for one in each.passages) for each in found]


THREE = (("a" * 10, "b" * 10), ("c" * 10,), ("d" * 10, "e" * 10))


@pytest.mark.parametrize(
    ("chars", "left"),
    [
        (1_000, [("a" * 10, "b" * 10), ("c" * 10,), ("d" * 10, "e" * 10)]),
        (40, [("a" * 10, "b" * 10), ("c" * 10,), ("d" * 10,)]),
        (39, [("a" * 10,), ("c" * 10,), ("d" * 10,)]),
        (29, [("a" * 10,), ("c" * 10,)]),
        (10, [("a" * 10,)]),
        (9, []),
        (-5, []),
    ],
)
def test_no_source_is_lost_while_another_has_several(
    chars: int, left: list[tuple[str, ...]]
) -> None:
    found = thinned(evidence(*THREE), chars)
    assert texts(found) == left
    assert [one.source.index for one in found] == list(range(1, len(found) + 1))


# --- asked once more --------------------------------------------------------------


class Small(Model):
    """A model whose context holds so many tokens of four characters."""

    def __init__(
        self, context: int, *, tells: bool = True, says: str = "It hovers [1]. [3]"
    ) -> None:
        super().__init__(Reply([says]))
        self.context = context
        self.tells = tells
        self.asked: list[tuple[int, int]] = []

    @asynccontextmanager
    async def write(
        self, messages: Sequence[Message], *, max_tokens: int
    ) -> AsyncGenerator[Reply, None]:
        prompt = sum(len(one.content) for one in messages) // 4
        self.asked.append((prompt, max_tokens))
        if prompt >= self.context and not self.tells:
            raise ContextTooSmall("Too small.")
        if prompt >= self.context:
            raise ContextTooSmall("Too small.", prompt_tokens=prompt, context_tokens=self.context)
        async with super().write(messages, max_tokens=max_tokens) as writing:
            yield writing


async def said(model: Small, found: list[Evidence]) -> tuple[str, list[Skipped]]:
    heard: list[Event] = []

    async def emit(*events: Event) -> None:
        heard.extend(events)

    answer = AnswerWriter(emit, max_chars=LIMITS.max_answer_chars)
    await write(QUESTION, found, model=model, limits=LIMITS, answer=answer)
    text = "".join(one.text for one in heard if isinstance(one, Token))
    return text, [one for one in heard if isinstance(one, Skipped)]


NUMBERED = re.compile(r"\[(\d)\] Page")
CITED = re.compile(r"\[(\d)\]")
LARGE = [tuple(f"{letter} " * 800 for _ in range(2)) for letter in "abc"]


async def test_what_fits_is_asked_once() -> None:
    model = Small(100_000)
    assert await said(model, evidence(*LARGE)) == ("It hovers [1]. [3]", [])
    assert len(model.asked) == 1


@pytest.mark.parametrize("context", [2_300, 1_600, 1_200])
async def test_what_does_not_fit_is_asked_once_more_with_less(context: int) -> None:
    model = Small(context)
    text, skipped = await said(model, evidence(*LARGE))
    (asked, _), (again, answer) = model.asked
    assert again + answer <= context < asked
    [one] = skipped
    assert (one.stage, one.code) == ("write", "context_too_small")
    assert f"{asked:,}" in one.why
    assert f"{context:,}" in one.why
    given = NUMBERED.findall(model.messages[-1].content)
    assert given
    assert ("first source" if len(given) == 1 else f"first {len(given)} sources") in one.why
    # A source that the model was not given is none that it may cite.
    assert CITED.findall(text) == [number for number in ("1", "3") if number in given]
    assert ("3" in given) is (context > 2_000)


@pytest.mark.parametrize(
    ("context", "tells"), [(2_300, False), (300, True)], ids=["untold", "no room for one passage"]
)
async def test_what_cannot_be_made_to_fit_fails(context: int, tells: bool) -> None:
    model = Small(context, tells=tells)
    with pytest.raises(ContextTooSmall):
        await said(model, evidence(*LARGE))
    assert len(model.asked) == 1
