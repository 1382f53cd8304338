"""How long slow pages are waited for: by what is read, what is out, and what it tells."""

from __future__ import annotations

from dataclasses import replace

from codexity.model import Limits, Page
from codexity.stages.gather.board import Board
from codexity.stages.gather.patience import Patience
from world import WORDS, hits

LIMITS = Limits(enough_pages=5, patience_seconds=4.0)


def _board(*, closed: bool) -> Board:
    board = Board(1, LIMITS)
    board.add(0, hits("https://a.example/1"))
    board.all_asked()
    if closed:
        board.close()
    return board


def _waits(patience: Patience, board: Board, *, read: int, out: int) -> float | None:
    until = patience.until(read=read, out=out)
    return None if until is None else round(until - board.named_at, 6)


async def test_patience_begins_with_enough_pages_and_shrinks_with_what_is_out() -> None:
    board = _board(closed=True)
    patience = Patience("Where does a kestrel hover?", board, LIMITS)

    assert _waits(patience, board, read=4, out=3) is None
    assert _waits(patience, board, read=5, out=3) == 4.0
    assert _waits(patience, board, read=16, out=2) == 4.0
    assert _waits(patience, board, read=16, out=1) == 2.0
    searching = _board(closed=False)
    patience = Patience("Where does a kestrel hover?", searching, LIMITS)
    assert _waits(patience, searching, read=16, out=1) == 4.0


async def test_patience_is_half_once_a_block_of_a_page_has_the_words_of_the_question() -> None:
    board = _board(closed=True)
    patience = Patience("Where does a kestrel hover?", board, LIMITS)
    apart = Page(url="https://a.example/1", title="", text="A kestrel.\n\nBees hover.")
    told = Page(url="https://a.example/2", title="", text=WORDS)

    patience.add(apart)
    assert await patience.look(read=5)
    assert _waits(patience, board, read=5, out=3) == 4.0
    patience.add(told)
    assert await patience.look(read=5)
    assert _waits(patience, board, read=5, out=3) == 2.0
    assert not await patience.look(read=5)


async def test_pages_are_looked_at_only_where_others_may_be_left_behind_for_them() -> None:
    board = _board(closed=False)
    patience = Patience("Where does a kestrel hover?", board, LIMITS)
    patience.add(Page(url="https://a.example/2", title="", text=WORDS))

    assert not await patience.look(read=5)
    board.close()
    assert not await patience.look(read=4)
    assert await patience.look(read=5)


async def test_until_all_queries_are_asked_nothing_is_left_behind() -> None:
    board = Board(1, LIMITS)
    board.add(0, hits("https://a.example/1"))
    patience = Patience("q", board, replace(LIMITS, enough_pages=1))
    assert _waits(patience, board, read=9, out=1) is None
    board.all_asked()
    assert _waits(patience, board, read=9, out=1) is not None
