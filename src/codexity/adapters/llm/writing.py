"""One reply of a model server while it is being written."""

from __future__ import annotations

from collections import deque

import anyio
import httpx2

from codexity.adapters.llm import refusals
from codexity.adapters.llm.stream import Piece, Pieces
from codexity.adapters.llm.thinking import Thinking
from codexity.errors import ProviderError
from codexity.model import Usage

_USAGE_SECONDS = 5.0
_UNENDED = frozenset({"length", "content_filter"})
"""Why a server says that it stopped before the model had."""


class StreamedReply:
    """The text of a streamed reply, piece by piece, as the port `Writing` promises it.

    It ends when the server says so; a connection that ends before that is `cut_off`. Once the
    server has said why it finished, nothing that breaks afterwards matters: only the token counts
    were still to come. What `thinking` takes for thought is left out; without it nothing is.
    """

    def __init__(
        self, response: httpx2.Response, *, silence_seconds: float, thinking: Thinking | None
    ) -> None:
        self.usage: Usage | None = None
        self.cut_off = False
        self._bytes = response.aiter_bytes()
        self._silence = silence_seconds
        self._pieces = Pieces()
        self._thinking = thinking
        self._ready: deque[str] = deque()
        self._finished = False
        self._over = False
        self._failure: ProviderError | None = None

    def __aiter__(self) -> StreamedReply:
        """Itself: a reply can be read once."""
        return self

    async def __anext__(self) -> str:
        """The next piece of text, never empty.

        Raises:
            ProviderRefused: `model_missing`, said inside the stream.
            ProviderUnavailable: `timeout`, `cut_off`, `context_too_small` or `bad_reply`.
        """
        while not self._ready:
            if self._failure is not None:
                raise self._failure
            if self._over:
                raise StopAsyncIteration
            await self._more()
        return self._ready.popleft()

    async def aclose(self) -> None:
        """Stops reading; closing the response, which ends the server's work, is its owner's."""
        await self._bytes.aclose()

    async def _more(self) -> None:
        """Reads until the server has said something, if only that it still thinks."""
        try:
            if self._finished:
                with anyio.fail_after(_USAGE_SECONDS):
                    await self._hear()
            else:
                await self._hear()
        except StopAsyncIteration:
            self._take(self._pieces.end())
            self._end(refusals.cut_off("the connection ended"))
        except (TimeoutError, httpx2.TimeoutException) as slow:
            self._end(refusals.timeout(repr(slow)))
        except httpx2.HTTPError as broken:
            self._take(self._pieces.end())
            self._end(refusals.cut_off(repr(broken)))

    async def _hear(self) -> None:
        # The request's own timeout ends a silence. Comments that keep a connection open are no
        # silence to it, so they are measured here; a cancel scope a token would cost more.
        patience = anyio.current_time() + self._silence
        while not self._take(self._pieces.feed(await anext(self._bytes))):
            if anyio.current_time() > patience:
                raise TimeoutError("nothing but comments")

    def _take(self, pieces: list[Piece]) -> bool:
        for piece in pieces:
            if self._over:
                break
            if text := self._said(piece):
                self._ready.append(text)
            if piece.usage is not None:
                self.usage = piece.usage
            if piece.finish is not None:
                self._finished = True
                self.cut_off = piece.finish in _UNENDED
            if piece.error is not None:
                self._end(refusals.stopped(piece.error))
            elif piece.fault is not None:
                self._end(refusals.nonsense(piece.fault, "in a stream"))
            elif piece.done:
                self._finished = True
                self._end(None)
        return bool(pieces)

    def _said(self, piece: Piece) -> str:
        if self._thinking is None:
            return piece.text
        if piece.thinks:
            self._thinking.apart()
        return self._thinking.feed(piece.text)

    def _end(self, failure: ProviderError | None) -> None:
        if self._over:
            return
        self._over = True
        whole = self._finished and not self.cut_off
        if self._thinking is not None and (rest := self._thinking.end(whole=whole)):
            self._ready.append(rest)
        if not self._finished:
            self._failure = failure
