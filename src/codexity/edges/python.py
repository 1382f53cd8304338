"""The Python API: a question as an iterator of events, or as a whole answer."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import aclosing, asynccontextmanager
from functools import partial

from anyio.to_thread import run_sync

from codexity.compose import opened
from codexity.edges.journal import LogJournal
from codexity.engine import Follower
from codexity.events import Event, answer_of
from codexity.model import Answer, Filters, Question
from codexity.settings import load


@asynccontextmanager
async def ask(
    question: str,
    *,
    filters: Filters | None = None,
    settings: Mapping[str, object] | None = None,
) -> AsyncGenerator[AsyncIterator[Event], None]:
    """The events of one question, as they happen; leaving the block stops the work.

        async with codexity.ask("How does the with statement work?") as events:
            async for event in events:
                ...

    `settings` beats the environment and the files: `{"search": {"providers": ["library"]}}`.

    Raises:
        BadQuestion: the question or a filter cannot be asked.
        Misconfigured: a setting is wrong.
    """
    loaded = await run_sync(partial(load, overrides=settings or {}))
    async with opened(loaded.settings, LogJournal()) as installation:
        asked = Question(text=question, filters=filters or Filters())
        run = installation.engine.start(asked)
        async with (
            installation.engine.follow(run, principal=asked.principal) as follower,
            aclosing(_events(follower)) as events,
        ):
            yield events


async def answer(
    question: str,
    *,
    filters: Filters | None = None,
    settings: Mapping[str, object] | None = None,
) -> Answer:
    """The whole answer: text, sources, claims, skipped, seconds. Its `status` says how it ended.

    Raises:
        BadQuestion: the question or a filter cannot be asked.
        Misconfigured: a setting is wrong.
    """
    async with ask(question, filters=filters, settings=settings) as events:
        heard = [event async for event in events]
    return answer_of(question, "", heard)


async def _events(follower: Follower) -> AsyncGenerator[Event, None]:
    while entries := await follower.read():
        for entry in entries:
            yield entry.event
