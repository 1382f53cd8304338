"""The order of the stages: the whole product on one page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Final

import anyio
from anyio.from_thread import check_cancelled
from anyio.to_thread import run_sync

from codexity.errors import BadQuestion, NoEvidence, ProviderError
from codexity.events import Event, Skipped, Sources, Status, Token
from codexity.filters import narrow
from codexity.fitting import within
from codexity.model import (
    LIBRARY,
    STARTER,
    Evidence,
    Limits,
    Page,
    Passage,
    Query,
    Question,
    Usage,
)
from codexity.ports import Emit, LanguageModel, Ranker, SearchProvider, Toolbox
from codexity.prompt_injection import without_commands
from codexity.stages.choose import choose
from codexity.stages.chunk import chunk
from codexity.stages.gather import Gathered, gather
from codexity.stages.quote import quote
from codexity.stages.read import read
from codexity.stages.rewrite import rewrite
from codexity.stages.write import write

_THERE: Final = "the starter collection (Codexity's guides and the Python reference).\n\n"
_ASKED_FOR: Final = f"This comes from {_THERE}"
_LAST_RESORT: Final = f"Nothing else was found; this comes from {_THERE}"
_BUILD_SECONDS: Final = 60.0
"""How long a first question waits for the starter collection to be built."""
_COMMANDS: Final = "It gives orders to language models: those sentences were left out."
_STARTER_PATH: Final = f"/library/{STARTER}/"


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
    gathered = await _gather(question, tools, limits, emit, enough)
    await emit(Status(step="scraping_done", scraped=len(gathered.pages), total=gathered.attempts))
    # One that was not there when the question came may be now.
    model = tools.models.current(question.principal)
    limits = within(limits, model.context_tokens if model else None)
    evidence = await _evidence(question, gathered, tools.ranker, limits, emit)
    await emit(Sources(sources=tuple(one.source for one in evidence)))
    return await _speak(question, evidence, model, limits, emit)


def providers(question: Question, tools: Toolbox) -> Sequence[Sequence[SearchProvider]]:
    """The groups of providers that the question's filters leave; the starter only by its name.

    Raises:
        BadQuestion: a provider of the filters is not set up here.
    """
    groups = [*tools.providers, *([(tools.starter,)] if tools.starter else [])]
    known = {provider.name for group in groups for provider in group}
    wanted = set(question.filters.provider)
    if not wanted:
        wanted = {LIBRARY} if question.filters.collection else known - {STARTER}
    for name in sorted(wanted - known):
        names = ", ".join(sorted(known))
        message = f"There is no provider {name!r} here. There are: {names}."
        raise BadQuestion(message, name="provider")
    left = [tuple(one for one in group if one.name in wanted) for group in groups]
    return tuple(group for group in left if group)


async def _gather(
    question: Question, tools: Toolbox, limits: Limits, emit: Emit, enough: anyio.Event
) -> Gathered:
    groups = providers(question, tools)
    reading = partial(
        read, tools=tools, limits=limits, filters=question.filters, question=question.text
    )
    ask = partial(gather, question.text, read=reading, emit=emit, enough=enough)
    gathered = Gathered(pages=(), tried=(), hits=0, attempts=0)
    if {STARTER} in (set(question.filters.provider), set(question.filters.collection)):
        # Its gate wants the question whole: what `with` is in there, keywords do not tell.
        limits = replace(limits, max_queries=1)
    send, receive = anyio.create_memory_object_stream[Query](limits.max_queries)
    async with anyio.create_task_group() as tasks, receive:
        model = tools.models.current(question.principal)
        rewriting = partial(rewrite, model=model, limits=limits, emit=emit)
        tasks.start_soon(rewriting, question, send)
        gathered = await ask(receive, groups, limits=limits)
        tasks.cancel_scope.cancel()
    if gathered.pages or tools.starter is None or narrow(question.filters):
        return gathered
    if enough.is_set():
        return gathered
    send, receive = anyio.create_memory_object_stream[Query](1)
    async with send, receive:
        await send.send(Query(text=question.text))
        send.close()
        patient = replace(limits, search_seconds=_BUILD_SECONDS, gather_seconds=_BUILD_SECONDS)
        groups = ((tools.starter,),)
        started = await ask(receive, groups, limits=patient)
    return replace(
        started,
        tried=(*gathered.tried, *started.tried),
        hits=gathered.hits + started.hits,
        attempts=gathered.attempts + started.attempts,
    )


async def _evidence(
    question: Question, gathered: Gathered, ranker: Ranker, limits: Limits, emit: Emit
) -> Sequence[Evidence]:
    if not gathered.hits:
        raise NoEvidence("No search results found", code="no_results", tried=gathered.tried)
    if not gathered.pages:
        raise NoEvidence("Failed to scrape any pages", code="no_pages", tried=gathered.tried)
    await emit(Status(step="processing"))
    # A page of the largest size takes longer than a thread may go on for a run that has ended.
    cut = partial(chunk, words=limits.passage_words, checkpoint=check_cancelled)
    passages: list[Passage] = []
    for page in gathered.pages:
        passages.extend(await run_sync(cut, await _harmless(page, emit)))
    most = question.filters.max_sources or limits.max_sources
    evidence = await choose(
        question.text, passages, ranker=ranker, limits=limits, max_sources=most, emit=emit
    )
    if not evidence:
        message = "No search results found"
        tried = (*gathered.tried, ("pages", "None of the pages read speaks of the question."))
        raise NoEvidence(message, code="no_results", tried=tried)
    return evidence


async def _harmless(page: Page, emit: Emit) -> Page:
    """The page without what it orders a model to do, which is told: no writer ever sees that."""
    left = await run_sync(without_commands, page)
    if left is not page:
        await emit(Skipped(stage="read", what=page.url, why=_COMMANDS, code="instructions"))
    return left


async def _speak(
    question: Question,
    evidence: Sequence[Evidence],
    model: LanguageModel | None,
    limits: Limits,
    emit: Emit,
) -> Usage | None:
    if all(one.page.url.startswith(_STARTER_PATH) for one in evidence):
        asked_for = STARTER in (*question.filters.provider, *question.filters.collection)
        emit = _prefaced(emit, _ASKED_FOR if asked_for else _LAST_RESORT)
    if model is not None:
        await emit(Status(step="generating", model=model.name))
        try:
            return await _write(question, evidence, model, limits, emit)
        except ProviderError as error:
            await emit(
                Skipped(
                    stage="write",
                    what=model.name,
                    why=error.message,
                    code=error.code,
                    detail=error.detail,
                )
            )
            if error.code == "cut_off":
                raise
    await emit(Status(step="generating", model=None))
    # Some milliseconds for the evidence of a small model; with a large budget 160 ms were measured.
    sentences = await run_sync(partial(quote, question.text, evidence, limits=limits))
    pieces = (
        f"{' ' if position else ''}{sentence.text} [{sentence.index}]"
        for position, sentence in enumerate(sentences)
    )
    if tokens := [Token(text=piece) for piece in pieces]:
        await emit(*tokens)
    return None


async def _write(
    question: Question,
    evidence: Sequence[Evidence],
    model: LanguageModel,
    limits: Limits,
    emit: Emit,
) -> Usage | None:
    written = await write(question, evidence, model=model, limits=limits, emit=emit)
    if written.cut_off:
        why = "The model was stopped by its length limit or a filter; the answer may lack its end."
        await emit(Skipped(stage="write", what=model.name, why=why, code="cut_off"))
    return written.usage


def _prefaced(emit: Emit, preface: str) -> Emit:
    """Says where the answer comes from before its first piece, and only once."""
    said = False

    async def say(*events: Event) -> None:
        nonlocal said
        told = list(events)
        for place, event in enumerate(() if said else events):
            if isinstance(event, Token):
                told[place] = Token(text=preface + event.text)
                said = True
                break
        await emit(*told)

    return say
