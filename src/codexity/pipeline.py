"""The order of the stages: the whole product on one page."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import chain
from typing import Final, TypeAlias

import anyio
from anyio.from_thread import check_cancelled
from anyio.to_thread import run_sync

from codexity import links
from codexity.answer_writer import AnswerWriter
from codexity.asking import ask, providers
from codexity.errors import NoEvidence, ProviderError
from codexity.events import Skipped, Sources, Status
from codexity.fitting import within
from codexity.memo import Memo
from codexity.model import (
    STARTER,
    Evidence,
    Limits,
    Page,
    Passage,
    Question,
    Quotation,
    Sentence,
    Source,
    Usage,
)
from codexity.nearness import Blended, near_passages, near_texts
from codexity.outline import COLON
from codexity.ports import Emit, LanguageModel, Meaning, Near, Toolbox
from codexity.prompt_injection import without_commands
from codexity.question_manner import matter
from codexity.question_slips import plainly_asked
from codexity.reaching import reaching
from codexity.refusing import refusal, showing, told
from codexity.spelling import corrected
from codexity.stages.choose import choose
from codexity.stages.choose.joining import joined
from codexity.stages.chunk import chunk
from codexity.stages.cover import covering
from codexity.stages.gather import Gathered
from codexity.stages.quote import nearest, quote, sayings
from codexity.stages.write import write
from codexity.text import blocks, stem

__all__ = ["answer", "providers"]

_THERE: Final = "the starter collection (Codexity's guides and the Python reference).\n\n"
_ASKED_FOR: Final = f"This comes from {_THERE}"
_LAST_RESORT: Final = f"Nothing else was found; this comes from {_THERE}"
_COVERS_BEST: Final = f"Nothing else that was read answers this; this comes from {_THERE}"
_COMMANDS: Final = "It gives orders to language models: those sentences were left out."
_STARTER_PATH: Final = f"/library/{STARTER}/"
_NEAREST: Final = 3
"""So many sources are shown where none answers."""
_QUOTATION_CHARS: Final = 1_000
"""What is shown of what a sentence says: of one that is joined of many places no more."""

_Cut: TypeAlias = tuple[Sequence[Passage], bool]
_CUT: Final = Memo[_Cut]()
_Quoted: TypeAlias = tuple[Sentence, tuple[Quotation, ...]]


async def answer(
    question: Question, tools: Toolbox, limits: Limits, emit: Emit, enough: anyio.Event
) -> Usage | None:
    """Answers a question, saying everything through `emit`; returns what the model used.

    Once `enough` is set nothing more is searched or read.

    Raises:
        BadQuestion: a filter names something that does not exist.
        NoEvidence: nothing citable was found.
        ProviderError: the model failed after a part of the answer had been said.
    """
    # The thesaurus is read from its file at the first question.
    asked = replace(question, text=await run_sync(plainly_asked, question.text))
    question = replace(asked, text=matter(asked.text))
    gathered = await ask(question, tools, limits, emit, enough)
    await emit(Status(step="scraping_done", scraped=len(gathered.pages), total=gathered.attempts))
    # One that was not there when the question came may be now.
    model = tools.models.current(question.principal)
    limits = within(limits, model.context_tokens if model else None)
    gate = partial(covering, lenient=model is not None)
    question, evidence, meant = await _evidence(question, gathered, tools, limits, emit, gate=gate)
    asked = replace(asked, text=corrected(asked.text, meant))
    preface = showing(meant) + _preface(question, evidence, gathered.pages)
    refuse = partial(_refusal, question.text, gathered, evidence)
    quoting = partial(_quoted, question.text, evidence, tools.meaning, limits, refuse=refuse)
    answer = AnswerWriter(emit, preface=preface, max_chars=limits.max_answer_chars)
    return await _speak(asked, evidence, model, limits, answer, quoting=quoting)


async def _evidence(  # noqa: PLR0913 - what it is made of, by what, and within what
    question: Question,
    gathered: Gathered,
    tools: Toolbox,
    limits: Limits,
    emit: Emit,
    *,
    gate: Callable[[str, Sequence[Passage], Near], Sequence[Passage]],
) -> tuple[Question, Sequence[Evidence], Mapping[str, str]]:
    """The evidence of the sources that cover the question, as it was meant, and what was so."""
    if not gathered.hits:
        raise refusal(question.text, gathered)
    if not gathered.pages:
        raise NoEvidence("Failed to scrape any pages", code="no_pages", tried=gathered.tried)
    await emit(Status(step="processing"))
    passages: list[Passage] = []
    for page, (cut, commanding) in await run_sync(_cuts, gathered.pages, limits):
        if commanding:
            await emit(Skipped(stage="read", what=page.url, why=_COMMANDS, code="instructions"))
        passages.extend(cut)
    # What a page of the web has is no slip, whatever the library knows.
    meant = {
        typed: word
        for typed, word in gathered.meant.items()
        if not any(stem(typed) in one.stems for one in passages)
    }
    question = replace(question, text=corrected(question.text, meant))
    near = await near_passages(tools.meaning, question.text, passages, emit)
    covered = await run_sync(gate, question.text, passages, near)
    if covered:
        await emit(*told(meant))
    most = question.filters.max_sources or limits.max_sources
    chosen = partial(choose, passages=covered, ranker=Blended(tools.ranker, near), limits=limits)
    evidence = await chosen(question.text, max_sources=most, emit=emit)
    if not evidence:
        near_it = await choose(
            question.text, passages, ranker=tools.ranker, limits=limits, max_sources=_NEAREST
        )
        raise await run_sync(_refusal, question.text, gathered, near_it)
    for one in await run_sync(reaching, question.text, covered):
        evidence = joined(evidence, await chosen(one, max_sources=1), most=most)
    return question, evidence, meant


def _cuts(pages: Sequence[Page], limits: Limits) -> Sequence[tuple[Page, _Cut]]:
    """The pages, each with what it is cut into; in one thread, which ends with its run."""
    return [(page, _cut(page, limits)) for page in pages]


def _refusal(question: str, gathered: Gathered, evidence: Sequence[Evidence]) -> NoEvidence:
    return refusal(question, gathered, nearest(question, evidence[:_NEAREST]))


def _cut(page: Page, limits: Limits) -> _Cut:
    """The page's passages without what it orders a model to do; whether it did so."""

    def cut() -> _Cut:
        left = without_commands(page)
        passages = chunk(left, words=limits.passage_words, checkpoint=check_cancelled)
        return passages, left is not page

    return _CUT.of(page, cut, given=limits.passage_words)


async def _speak(  # noqa: PLR0913 - what is said, by whom, how much, and where
    question: Question,
    evidence: Sequence[Evidence],
    model: LanguageModel | None,
    limits: Limits,
    answer: AnswerWriter,
    *,
    quoting: Callable[[], Awaitable[Sequence[_Quoted]]],
) -> Usage | None:
    emit = answer.emit
    quoted = await quoting() if model is None else ()
    await emit(Sources(sources=tuple(_as_cited(one.source, quoted) for one in evidence)))
    if model is not None:
        await emit(Status(step="generating", model=model.name))
        try:
            return await _write(question, evidence, model, limits, answer)
        except ProviderError as error:
            await emit(_failure(model, error))
            if error.code == "cut_off":
                raise
        quoted = await quoting()
    await emit(Status(step="generating", model=None))
    await answer.quote(quoted)
    return None


def _preface(question: Question, evidence: Sequence[Evidence], pages: Sequence[Page]) -> str:
    """Where an answer says that it comes from: of the starter collection alone."""
    if not all(one.page.url.startswith(_STARTER_PATH) for one in evidence):
        return ""
    asked_for = STARTER in (*question.filters.provider, *question.filters.collection)
    if asked_for:
        return _ASKED_FOR
    alone = all(one.url.startswith(_STARTER_PATH) for one in pages)
    return _LAST_RESORT if alone else _COVERS_BEST


async def _quoted(
    question: str,
    evidence: Sequence[Evidence],
    meaning: Meaning | None,
    limits: Limits,
    *,
    refuse: Callable[[], NoEvidence],
) -> Sequence[_Quoted]:
    """The sentences of an answer without a model, and what each of them rests on.

    Raises:
        NoEvidence: none of them answers.
    """
    near: Mapping[str, float] = {}
    if meaning is not None:
        near = await near_texts(meaning, question, await run_sync(sayings, question, evidence))
    # Some milliseconds for the evidence of a small model; with a large budget 160 ms were measured.
    said = await run_sync(_said, question, evidence, near, limits)
    if not said:
        raise await run_sync(refuse)
    return said


def _said(
    question: str, evidence: Sequence[Evidence], near: Mapping[str, float], limits: Limits
) -> Sequence[_Quoted]:
    pages = {one.source.index: one.page for one in evidence}
    sentences = quote(question, evidence, limits=limits, near=near)
    return [(one, tuple(_quotations(pages[one.index], one))) for one in sentences]


def _quotations(page: Page, sentence: Sentence) -> Iterator[Quotation]:
    """The words of the page that a sentence says, each run in one block: so a browser finds it."""
    said = page.text[sentence.start : sentence.end]
    if len(said) > _QUOTATION_CHARS:
        said = said[:_QUOTATION_CHARS].rsplit(maxsplit=1)[0]
    for first, last in blocks(said):
        link = links.at_slice(page, sentence.start + first, sentence.start + last)
        yield Quotation(index=sentence.index, text=said[first:last], link=link)


def _as_cited(source: Source, quoted: Sequence[_Quoted]) -> Source:
    """The source with what the answer says of it first for its quote: the answer begins with that.

    What only announces a list (its heading, "the steps:") gives way to what the list says.
    """
    own = [one for one in quoted if one[0].index == source.index]
    telling = (one for one in own if not one[0].text.endswith(COLON))
    first = next(chain(telling, own), None)
    if first is None:
        return source
    quotation = first[1][0]
    return replace(source, quote=quotation.text, link=quotation.link)


async def _write(
    question: Question,
    evidence: Sequence[Evidence],
    model: LanguageModel,
    limits: Limits,
    answer: AnswerWriter,
) -> Usage | None:
    written = await write(question, evidence, model=model, limits=limits, answer=answer)
    if written.cut_off:
        why = "The model was stopped by its length limit or a filter; the answer may lack its end."
        await answer.emit(Skipped(stage="write", what=model.name, why=why, code="cut_off"))
    return written.usage


def _failure(model: LanguageModel, error: ProviderError) -> Skipped:
    why, detail = error.message, error.detail
    return Skipped(stage="write", what=model.name, why=why, code=error.code, detail=detail)
