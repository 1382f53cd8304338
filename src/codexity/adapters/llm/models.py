"""Which model writes here now: looked for again while Codexity runs, and in nobody's way."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack, suppress
from dataclasses import replace
from types import TracebackType
from typing import Final, Self

import anyio

from codexity.adapters.llm.discover import Found
from codexity.adapters.llm.queued import QueuedModel
from codexity.adapters.llm.turns import Turns
from codexity.errors import ContextTooSmall, ProviderError
from codexity.ports import Journal, LanguageModel

_START_SECONDS: Final = 0.3
_LOOK_SECONDS: Final = 2.0
AGAIN_SECONDS: Final = 15.0
"""How old the last look may become."""
_MOST_SECONDS: Final = 600.0
_GONE: Final = frozenset({"unreachable", "model_missing", "cut_off", "timeout"})
"""Failures by which a server that was found may be gone, or another one now."""


class Models:
    """Port `Models`: what the last look found, or else `otherwise`. Open it with `async with`.

    Whoever asks for the model gets what is known, at once. Where the last look is `again_seconds`
    old, another one begins beside it: a model server that was started later is so found, and one
    that is gone forgotten, though not for one look alone that came to nothing while it is busy.
    What a look does not tell of the same model (Ollama's context, once it is out of its memory) is
    as it was. Where there is an `otherwise` the server is named in the settings: it is looked at
    again when it failed or a prompt did not fit, else ever more seldom, ten minutes at most.
    """

    def __init__(
        self,
        *,
        look: Callable[[float], Awaitable[Found | None]],
        make: Callable[[Found], tuple[LanguageModel, Turns]],
        otherwise: tuple[LanguageModel, Turns] | None,
        journal: Journal,
        again_seconds: float = AGAIN_SECONDS,
    ) -> None:
        self._look = look
        self._make = make
        self._otherwise = self._now = otherwise
        self._journal = journal
        self._least_seconds = self._again_seconds = again_seconds
        self._found: Found | None = None
        self._looked = self._old_at = 0.0
        self._is_looking = False
        self._is_doubted = False
        self._tasks = anyio.create_task_group()
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        await self._stack.enter_async_context(self._tasks)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool | None:
        self._tasks.cancel_scope.cancel()
        if isinstance(error, Exception):
            # The task group would wrap the error of whoever uses it, which nobody catches.
            kind = error = trace = None
        return await self._stack.__aexit__(kind, error, trace)

    async def look(self, seconds: float = _START_SECONDS) -> None:
        """Looks now, for about so long at most."""
        self._is_looking = True
        found = None
        try:
            found = await self._look(seconds)
        except Exception as error:  # noqa: BLE001 - it would end the tasks of whoever opened this
            with suppress(Exception):
                self._journal.loop_failed("the look for a model", error, self._again_seconds)
        finally:
            self._is_looking = False
        self._take(found)

    def begin(self) -> None:
        """Begins the first look, and does not wait for it."""
        self._look_if_old()

    def current(self, principal: str) -> LanguageModel | None:
        """The model that writes now, as this principal asks it; None where there is none."""
        self._look_if_old()
        if self._now is None:
            return None
        model, turns = self._now
        return QueuedModel(model=model, turns=turns, principal=principal, failed=self._failed)

    def _look_if_old(self) -> None:
        if not self._is_looking and time.monotonic() >= self._old_at:
            self._is_looking = True
            self._tasks.start_soon(self.look, _LOOK_SECONDS)

    def _take(self, found: Found | None) -> None:
        self._looked = time.monotonic()
        self._old_at = self._looked + self._again_seconds
        found = self._completed(found)
        if self._otherwise is not None:
            is_whole = found is not None and found.context_tokens is not None
            self._old_at = self._looked + _MOST_SECONDS if is_whole else self._old_at
            self._again_seconds = min(2 * self._again_seconds, _MOST_SECONDS)
        was_doubted, self._is_doubted = self._is_doubted, found is None
        if found == self._found or (found is None and not was_doubted):
            # The same model with the same queue: it knows what its server refuses, and who waits.
            return
        self._found = found
        if found is not None:
            self._now = self._make(found)
        elif self._otherwise is not None and self._now is not None:
            # It may be loading: once it is there, it works on no more than it did.
            self._now = self._otherwise[0], self._now[1]
        else:
            self._now = self._otherwise

    def _completed(self, found: Found | None) -> Found | None:
        known = self._found
        if found is None or known is None or _server(found) != _server(known):
            return found
        return replace(
            found,
            slots=found.slots or known.slots,
            context_tokens=found.context_tokens or known.context_tokens,
        )

    def _failed(self, error: ProviderError) -> None:
        is_gone = error.code in _GONE
        self._is_doubted = self._is_doubted or is_gone
        # It may have been started again with another context, under the same name.
        if is_gone or isinstance(error, ContextTooSmall):
            self._again_seconds = self._least_seconds
            self._old_at = min(self._old_at, self._looked + self._again_seconds)


def _server(found: Found) -> tuple[str, str, str]:
    return found.kind, found.base_url, found.model
