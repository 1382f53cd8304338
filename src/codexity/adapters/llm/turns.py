"""Whose request a model server works on next."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager

import anyio

from codexity.adapters.llm import refusals
from codexity.errors import Busy
from codexity.ports import Slots


class Turn:
    """A request of about so many `tokens`; `was_crowded` once it was beside another of ours."""

    def __init__(self, tokens: int) -> None:
        self.tokens = tokens
        self.was_crowded = False


class Turns:
    """The queue in front of a model server: it is sent no more at once than it works on.

    A server that is sent more has a queue of its own, and llama.cpp's does not notice who leaves
    it: it evaluates the prompts of people who are gone. `slots` has the order; nobody waits longer
    than `wait_seconds`. Slots may share one context of `context_tokens`, which shows only when it
    is too small for all: from then on (`is_shared`) no more is sent at once than it holds.
    """

    def __init__(
        self, slots: Slots, *, wait_seconds: float, context_tokens: int | None = None
    ) -> None:
        self.is_shared = False
        self._slots = slots
        self._context_tokens = context_tokens or 0
        self._wait_seconds = wait_seconds
        self._working: set[Turn] = set()
        self._alone: Turn | None = None
        self._changed = anyio.Event()

    @asynccontextmanager
    async def turn(self, principal: str, tokens: int) -> AsyncGenerator[Turn]:
        """Begins when the server has room for a request of this principal, of so many tokens.

        Raises:
            ProviderUnavailable: `timeout`, it had none for too long.
        """
        try:
            admission = self._slots.admit(principal)
        except Busy as full:
            raise refusals.busy(full.message) from full
        turn = Turn(tokens)
        try:
            try:
                with anyio.fail_after(self._wait_seconds):
                    await admission.turn(_unmoved)
                    await self._until(lambda: self._has_room(tokens))
            except (TimeoutError, Busy) as late:
                raise refusals.busy(repr(late)) from late
            self._working.add(turn)
            if len(self._working) > 1:
                for one in self._working:
                    one.was_crowded = True
            yield turn
        finally:
            self._end(turn)
            admission.leave()

    @asynccontextmanager
    async def alone(self, turn: Turn) -> AsyncGenerator[None]:
        """Begins when nobody else of ours is worked on, and holds back who comes.

        Raises:
            ProviderUnavailable: `timeout`, the others took too long.
        """
        self._end(turn)
        try:
            try:
                with anyio.fail_after(self._wait_seconds):
                    await self._until(lambda: self._alone is None)
                    self._alone = turn
                    await self._until(lambda: not self._working)
            except TimeoutError as late:
                raise refusals.busy(repr(late)) from late
            yield
        finally:
            if self._alone is turn:
                self._alone = None
                self._tell()

    def _has_room(self, tokens: int) -> bool:
        if self._alone is not None:
            return False
        taken = sum(one.tokens for one in self._working)
        return not self.is_shared or not taken or taken + tokens <= self._context_tokens

    def _end(self, turn: Turn) -> None:
        self._working.discard(turn)
        self._tell()

    def _tell(self) -> None:
        self._changed.set()
        self._changed = anyio.Event()

    async def _until(self, holds: Callable[[], bool]) -> None:
        while not holds():
            await self._changed.wait()


async def _unmoved(_place: int) -> None:
    """Where it stands in this queue is told to nobody."""
