"""A model whose server is sent no more at once than it works on."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final

from codexity.adapters.llm.turns import Turn, Turns
from codexity.errors import ContextTooSmall, ProviderError
from codexity.model import Usage
from codexity.ports import LanguageModel, Message, Writing

_CHARS_A_TOKEN: Final = 3
"""Rather too few: too many at once cost an answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QueuedModel:
    """Port `LanguageModel` for one principal: its requests wait for their turn.

    Where several had to share a context and it was too small for all of them, a request of which no
    word was said yet is made once more when it has the server for itself. `failed` is told of every
    failure that is not mended so.
    """

    model: LanguageModel
    turns: Turns
    principal: str
    failed: Callable[[ProviderError], None]

    @property
    def name(self) -> str:
        """The model's name."""
        return self.model.name

    @property
    def context_tokens(self) -> int | None:
        """What one conversation may hold."""
        return self.model.context_tokens

    @asynccontextmanager
    async def write(
        self, messages: Sequence[Message], *, max_tokens: int
    ) -> AsyncGenerator[Writing]:
        """Starts a reply when its turn has come; raises as the model does."""
        async with self._turn(messages, max_tokens) as turn, AsyncExitStack() as stack:

            async def ask() -> Writing:
                wanted = self.model.write(messages, max_tokens=max_tokens)
                return await stack.enter_async_context(wanted)

            async def ask_alone() -> Writing:
                turn.was_crowded = False
                self.turns.is_shared = True
                await stack.aclose()
                await stack.enter_async_context(self.turns.alone(turn))
                return await ask()

            try:
                writing = await ask()
            except ContextTooSmall as error:
                if not _may_fit_alone(error, turn):
                    raise
                writing = await ask_alone()
            yield _FirstWord(writing, turn, ask_alone)

    async def reply(
        self, messages: Sequence[Message], schema: Mapping[str, Any], *, max_tokens: int
    ) -> dict[str, Any]:
        """A reply checked against a JSON schema, when its turn has come; raises as the model."""
        async with self._turn(messages, max_tokens) as turn:
            try:
                return await self.model.reply(messages, schema, max_tokens=max_tokens)
            except ContextTooSmall as error:
                if not _may_fit_alone(error, turn):
                    raise
            self.turns.is_shared = True
            async with self.turns.alone(turn):
                return await self.model.reply(messages, schema, max_tokens=max_tokens)

    @asynccontextmanager
    async def _turn(self, messages: Sequence[Message], max_tokens: int) -> AsyncGenerator[Turn]:
        tokens = sum(len(one.content) for one in messages) // _CHARS_A_TOKEN + max_tokens
        async with self.turns.turn(self.principal, tokens) as turn:
            try:
                yield turn
            except ProviderError as error:
                if isinstance(error, ContextTooSmall) and _may_fit_alone(error, turn):
                    self.turns.is_shared = True
                self.failed(error)
                raise


class _FirstWord:
    """Port `Writing`: until its first word is there, the reply may be begun anew."""

    def __init__(
        self, writing: Writing, turn: Turn, ask_alone: Callable[[], Awaitable[Writing]]
    ) -> None:
        self._writing = writing
        self._pieces = aiter(writing)
        self._turn = turn
        self._ask_alone = ask_alone
        self._has_begun = False

    @property
    def usage(self) -> Usage | None:
        """Tokens used, when the server said so."""
        return self._writing.usage

    @property
    def cut_off(self) -> bool:
        """Whether a limit or a filter of the server ended the reply."""
        return self._writing.cut_off

    def __aiter__(self) -> AsyncIterator[str]:
        """Itself: a reply can be read once."""
        return self

    async def __anext__(self) -> str:
        """The next piece."""
        try:
            piece = await anext(self._pieces)
        except ContextTooSmall as error:
            if self._has_begun or not _may_fit_alone(error, self._turn):
                raise
            self._writing = await self._ask_alone()
            self._pieces = aiter(self._writing)
            piece = await anext(self._pieces)
        self._has_begun = True
        return piece


def _may_fit_alone(error: ContextTooSmall, turn: Turn) -> bool:
    """Whether others may have had the room; a server that says both numbers means this one."""
    return turn.was_crowded and error.prompt_tokens is None
