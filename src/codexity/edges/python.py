"""The Python API: a question as an iterator of events, or as a whole answer."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, aclosing, asynccontextmanager
from typing import TYPE_CHECKING

from anyio.to_thread import run_sync

from codexity.edges.journal import LogJournal, warn
from codexity.engine import Follower
from codexity.events import Done, Event, answer_of
from codexity.model import Answer, Filters, Question

if TYPE_CHECKING:
    from codexity.compose import Installation


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
    What the working directory's files may not set is a warning of the logger `codexity.settings`.

    Raises:
        BadQuestion: the question or a filter cannot be asked.
        Misconfigured: a setting is wrong.
    """
    async with await run_sync(_installation, settings or {}) as installation:
        asked = Question(text=question, filters=filters or Filters())
        await installation.index.check(asked.filters.collection)
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
    ended = heard[-1]
    return answer_of(question, ended.run if isinstance(ended, Done) else "", heard)


def _installation(overrides: Mapping[str, object]) -> AbstractAsyncContextManager[Installation]:
    # These imports take a second, for which the caller's event loop must not stand still.
    from codexity.compose import opened
    from codexity.settings import load

    loaded = load(overrides=overrides)
    warn(loaded.warnings)
    return opened(loaded.settings, LogJournal())


async def _events(follower: Follower) -> AsyncGenerator[Event, None]:
    while entries := await follower.read():
        for entry in entries:
            yield entry.event
