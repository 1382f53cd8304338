"""How long slow pages are waited for, by what is read, what is out, and what it tells."""

from __future__ import annotations

from typing import Final

from anyio.to_thread import run_sync

from codexity.model import Limits, Page
from codexity.text import blocks, stems

from .board import Board

_WEIGHT: Final = 8
"""With this part of those that were read still out, or more, patience is whole."""
_TOLD: Final = 0.75
_TOLD_PATIENCE: Final = 0.5
_LOOKED_AT: Final = 40_000
"""Characters of a page: their stems take some 10 ms, those of the largest page half a second."""


class Patience:
    """Says until when it is worth to wait.

    Not before all queries are asked and `limits.enough_pages` are read. Then, from the last time at
    which hits were named, `limits.patience_seconds`. Once all searches have answered, less: in
    proportion where but few pages are out, which add little, and half of that when a block of a
    page that was read has most of the question's words. That is for pages that load: those that
    have arrived wait for this machine, and have as long again.
    """

    def __init__(self, question: str, board: Board, limits: Limits) -> None:
        self._wanted = frozenset(stems(question))
        self._board = board
        self._limits = limits
        self._told = 0.0
        self._unseen: list[Page] = []

    def add(self, page: Page) -> None:
        """Takes in a page that was read, to be looked at where that is of use."""
        self._unseen.append(page)

    async def look(self, *, read: int) -> bool:
        """Looks at one page that was read, once what is out may be left behind for it.

        False when there is nothing to look at: pages of the library are all there before that.
        """
        if not (self._board.closed and self._limited(read) and self._unseen):
            return False
        text = self._unseen.pop().text[:_LOOKED_AT]
        self._told = max(self._told, await run_sync(self._cover, text))
        return True

    def until(self, *, read: int, out: int) -> float | None:
        """When those that load are left behind, on anyio's clock; None where that is open."""
        board = self._board
        if not self._limited(read):
            return None
        part = 1.0
        if board.closed:
            few = min(1.0, _WEIGHT * out / read)
            part = few * (_TOLD_PATIENCE if self._told >= _TOLD else 1.0)
        return board.named_at + part * self._limits.patience_seconds

    def last(self) -> float:
        """When also those that have arrived are left behind, on anyio's clock."""
        return self._board.named_at + 2 * self._limits.patience_seconds

    def _limited(self, read: int) -> bool:
        return self._board.asked and read >= self._limits.enough_pages

    def _cover(self, text: str) -> float:
        if not self._wanted:
            return 0.0
        held = (
            len(self._wanted.intersection(stems(text[start:end]))) for start, end in blocks(text)
        )
        return max(held, default=0) / len(self._wanted)
