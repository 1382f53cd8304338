"""A model server's first model that writes, for people who named the server but no model."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, Final

import anyio

from codexity.ports import LanguageModel, Message, Writing

_DEADLINE_SECONDS: Final = 2.0
_UNKNOWN: Final = "default"


class FirstModel:
    """The model that `first` names, asked for until it is known; `make` makes it by its name.

    As long as the server does not say what it has, it is asked for a model called `default`, which
    servers that hold one model take for it and others refuse.
    """

    def __init__(
        self, *, first: Callable[[], Awaitable[str | None]], make: Callable[[str], LanguageModel]
    ) -> None:
        self._first = first
        self._make = make
        self._model = make(_UNKNOWN)
        self._known = False

    @property
    def name(self) -> str:
        """The model's name; `the model` as long as it is not known, for people read it."""
        return self._model.name if self._known else "the model"

    @property
    def context_tokens(self) -> int | None:
        """What one conversation may hold."""
        return self._model.context_tokens

    async def look(self, seconds: float = _DEADLINE_SECONDS) -> None:
        """Asks for the model's name where it is not known; a server that is down is no error."""
        if self._known:
            return
        with anyio.move_on_after(seconds):
            name = await self._first()
            if name is not None:
                self._model, self._known = self._make(name), True

    @asynccontextmanager
    async def write(
        self, messages: Sequence[Message], *, max_tokens: int
    ) -> AsyncGenerator[Writing]:
        """Starts a reply; raises as the model does."""
        await self.look()
        async with self._model.write(messages, max_tokens=max_tokens) as writing:
            yield writing

    async def reply(
        self, messages: Sequence[Message], schema: Mapping[str, Any], *, max_tokens: int
    ) -> dict[str, Any]:
        """A reply checked against a JSON schema; raises as the model does."""
        await self.look()
        return await self._model.reply(messages, schema, max_tokens=max_tokens)
