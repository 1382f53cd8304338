"""Step: queries become pages; searching and reading overlap."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

import anyio

from codexity.analysis.tokenizer import WORD
from codexity.errors import ProviderError, ProviderUnavailable, Unreadable
from codexity.model import Hit, Limits, Page, Query
from codexity.ports import Emit, Found, SearchProvider

from .board import Board
from .patience import Patience
from .readers import Read, Readers
from .words import Words

__all__ = ["Gathered", "gather"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """The pages that were read, in the order of their merged rank, and what everybody said.

    `tried` pairs each provider asked with what came of it; `hits` counts the distinct addresses
    that were named, `attempts` those that were tried to be read. `meant` has for words that nobody
    knows those that somebody does.
    """

    pages: tuple[Page, ...]
    tried: tuple[tuple[str, str], ...]
    hits: int
    attempts: int
    meant: Mapping[str, str] = field(default_factory=dict[str, str])


async def gather(  # noqa: PLR0913 - what it asks, how, and within what
    question: str,
    queries: AsyncIterator[Query],
    groups: Sequence[Sequence[SearchProvider]],
    *,
    read: Read,
    limits: Limits,
    emit: Emit,
    enough: anyio.Event,
) -> Gathered:
    """Asks every group of providers every query, and reads the best hits as they come.

    Within a group the providers are asked in order until one answers. Once all queries are asked
    and `limits.enough_pages` are read, what is still out is waited for as long as `Patience` says;
    the whole ends after `limits.gather_seconds`, or when `enough` is set. Whatever is still out
    then is left behind.
    """
    words = Words(emit)
    board = Board(len(groups), limits)
    readers = Readers(board, words, read, Patience(question, board, limits), limits)

    async def collect() -> None:
        async with anyio.create_task_group() as reading:
            readers.start(reading)
            async with anyio.create_task_group() as searches:
                async for query in queries:
                    await words.searching()
                    for number, group in enumerate(groups):
                        asking = partial(_ask, query=query, words=words, limits=limits)
                        searches.start_soon(_ask_group, number, group, asking, board, words)
                board.all_asked()
            board.close()

    with anyio.move_on_after(limits.gather_seconds) as scope:
        async with anyio.create_task_group() as watching:
            watching.start_soon(_end, scope, enough)
            await collect()
            watching.cancel_scope.cancel()
    asked = frozenset(WORD.findall(question))
    for url in readers.left_behind:
        failure = Unreadable("It was still loading when the answer began.", code="left_behind")
        await words.skipped("read", url, failure)
    if not enough.is_set():
        await words.unheard()
    await words.silent()
    return Gathered(
        pages=readers.ranked(),
        tried=words.tried(),
        hits=len(board.candidates),
        attempts=sum(candidate.taken for candidate in board.candidates.values()),
        # As it is typed: the keywords of a query are in small letters, and a name is none of those.
        meant={typed: word for typed, word in words.meant.items() if typed in asked},
    )


async def _end(scope: anyio.CancelScope, enough: anyio.Event) -> None:
    await enough.wait()
    scope.cancel()


async def _ask_group(
    number: int,
    group: Sequence[SearchProvider],
    ask: Callable[[SearchProvider], Awaitable[Sequence[Hit]]],
    board: Board,
    words: Words,
) -> None:
    for provider in group:
        hits = await ask(provider)
        if hits:
            first = not board.candidates
            board.add(number, hits)
            if first:
                await words.preview([one.hit.url for one in board.candidates.values()])
            return


async def _ask(
    provider: SearchProvider, *, query: Query, words: Words, limits: Limits
) -> Sequence[Hit]:
    try:
        with anyio.fail_after(limits.search_seconds):
            hits = await provider.search(query, limit=limits.max_hits_per_query)
    except TimeoutError:
        message = f"It did not answer within {limits.search_seconds:g} seconds."
        await words.failed(provider.name, ProviderUnavailable(message, code="timeout"))
        return ()
    except ProviderError as error:
        await words.failed(provider.name, error)
        return ()
    except anyio.get_cancelled_exc_class():
        words.left_behind(provider.name)
        raise
    if isinstance(hits, Found):
        words.meant.update(hits.meant)
    words.found(provider.name, len(hits), hits.note if isinstance(hits, Found) else "")
    return hits
