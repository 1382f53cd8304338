"""Who is asked: the providers that a question's filters leave, and the starter beside them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Final

import anyio

from codexity.errors import BadQuestion
from codexity.events import Event, PageRead, Skipped
from codexity.filters import narrow
from codexity.model import LIBRARY, STARTER, Limits, Query, Question
from codexity.ports import Emit, SearchProvider, Toolbox
from codexity.stages.gather import Gathered, gather
from codexity.stages.read import read
from codexity.stages.rewrite import rewrite

__all__ = ["ask", "providers"]

_BUILD_SECONDS: Final = 60.0
"""How long a question waits for the starter collection to be built, where nobody else helps."""


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


async def ask(
    question: Question, tools: Toolbox, limits: Limits, emit: Emit, enough: anyio.Event
) -> Gathered:
    """The pages that may answer a question: of who is asked, and then of the starter collection.

    What others found never keeps the starter from being asked; which of them answers, whoever
    reads the pages decides. Filters do keep it, and so does `enough`.
    """
    groups = providers(question, tools)
    reading = partial(
        read, tools=tools, limits=limits, filters=question.filters, question=question.text
    )
    asking = partial(gather, question.text, read=reading, enough=enough)
    if {STARTER} in (set(question.filters.provider), set(question.filters.collection)):
        # Its gate wants the question whole: what `with` is in there, keywords do not tell.
        limits = replace(limits, max_queries=1)
    gathered = Gathered(pages=(), tried=(), hits=0, attempts=0)
    send, receive = anyio.create_memory_object_stream[Query](limits.max_queries)
    async with anyio.create_task_group() as tasks, receive:
        model = tools.models.current(question.principal)
        tasks.start_soon(partial(rewrite, model=model, limits=limits, emit=emit), question, send)
        gathered = await asking(receive, groups, limits=limits, emit=emit)
        tasks.cancel_scope.cancel()
    if tools.starter is None or narrow(question.filters) or enough.is_set():
        return gathered
    beside = _besides(emit) if gathered.pages else emit
    seconds = limits.search_seconds if gathered.pages else _BUILD_SECONDS
    patient = replace(limits, search_seconds=seconds, gather_seconds=seconds)
    send, receive = anyio.create_memory_object_stream[Query](1)
    async with send, receive:
        await send.send(Query(text=question.text))
        send.close()
        started = await asking(receive, ((tools.starter,),), limits=patient, emit=beside)
    return _both(gathered, started)


def _both(first: Gathered, second: Gathered) -> Gathered:
    return Gathered(
        pages=(*first.pages, *second.pages),
        tried=(*first.tried, *second.tried),
        hits=first.hits + second.hits,
        attempts=first.attempts + second.attempts,
        meant={**second.meant, **first.meant},
    )


def _besides(emit: Emit) -> Emit:
    """Says of asking the starter, where others have found something, only what is new."""

    async def say(*events: Event) -> None:
        new = [one for one in events if isinstance(one, PageRead) or _is_failure(one)]
        if new:
            await emit(*new)

    return say


def _is_failure(event: Event) -> bool:
    return isinstance(event, Skipped) and event.code != "no_results"
