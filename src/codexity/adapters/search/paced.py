"""A search provider that is asked at its pace, and left alone while it is in trouble."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import anyio

from codexity.errors import ProviderError, ProviderRefused, ProviderUnavailable
from codexity.model import Hit, Query
from codexity.ports import SearchProvider
from codexity.text import counted

_MOST_REST_SECONDS = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How a provider is treated; durations are in seconds.

    Between two searches `between` goes by, for which a search waits at most `patience`. After
    `failures` in a row the provider is left alone for `rest`, then one search tries it: where that
    fails too, it is left alone for twice as long, a minute at most. A search that is given up
    after `slow` counts as failed.
    """

    between: float = 0.0
    patience: float = 3.0
    failures: int = 6
    rest: float = 15.0
    slow: float = math.inf


class Paced:
    """`provider` at this pace; what it says of when to ask again is kept to.

    What is not asked fails with the code of the failure that it is left alone for.
    """

    def __init__(
        self,
        provider: SearchProvider,
        pace: Pace,
        *,
        now: Callable[[], float] = anyio.current_time,
    ) -> None:
        self._provider = provider
        self._pace = pace
        self._now = now
        self._turn = -math.inf
        self._until = -math.inf
        self._last: ProviderError | None = None
        self._failed = 0
        self._trying = False

    @property
    def name(self) -> str:
        """The provider's own name."""
        return self._provider.name

    async def search(self, query: Query, *, limit: int) -> Sequence[Hit]:
        """The provider's hits.

        Raises:
            ProviderRefused, ProviderUnavailable: as the provider does; while it is left alone, at
                once; `timeout` where its pace left no turn.
        """
        self._refuse_while_resting()
        await self._take_turn()
        self._refuse_while_resting()
        is_trial = self._is_open()
        self._trying = self._trying or is_trial
        begun = self._now()
        try:
            hits = await self._provider.search(query, limit=limit)
        except ProviderError as error:
            self._note(error)
            raise
        except anyio.get_cancelled_exc_class():
            if self._now() - begun >= self._pace.slow:
                self._note(ProviderUnavailable("It did not answer in time.", code="timeout"))
            raise
        else:
            self._failed = 0
            return hits
        finally:
            self._trying = self._trying and not is_trial

    async def _take_turn(self) -> None:
        now = self._now()
        turn = max(now, self._turn + self._pace.between)
        if turn - now > self._pace.patience:
            raise ProviderUnavailable(
                f"Too many searches wait for {self.name} here; ask again in a moment.",
                code="timeout",
                retry_seconds=turn - now,
            )
        self._turn = turn
        if turn > now:
            await anyio.sleep(turn - now)

    def _refuse_while_resting(self) -> None:
        last = self._last
        left = self._until - self._now()
        if last is None or (left <= 0 and not (self._trying and self._is_open())):
            return
        seconds = max(1, math.ceil(left))
        kind = ProviderRefused if isinstance(last, ProviderRefused) else ProviderUnavailable
        raise kind(
            f"{_why(last)} is asked again in {counted(seconds, 'second')}.",
            code=last.code,
            detail=last.detail,
            retry_seconds=float(seconds),
        )

    def _is_open(self) -> bool:
        return self._failed >= self._pace.failures

    def _note(self, error: ProviderError) -> None:
        # It may be that there was nothing to find: an answer, not a failure.
        if error.code == "blocked_or_empty":
            return
        self._failed += 1
        rest = error.retry_seconds
        if rest is None and self._is_open():
            twice = min(self._failed - self._pace.failures, 10)
            rest = min(self._pace.rest * 2**twice, _MOST_REST_SECONDS)
        if rest is not None and self._now() + rest >= self._until:
            self._until = self._now() + rest
            self._last = error


def _why(last: ProviderError) -> str:
    """What it failed with, up to where a sentence says when it is asked again."""
    if last.retry_seconds is None:
        return f"{last.message} It has failed again and again, and"
    # How long to wait stands behind the semicolon, and was true then.
    return f"{last.message.partition(';')[0].rstrip('.')}. It"
