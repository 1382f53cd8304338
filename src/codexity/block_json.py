"""The blocks of a page as JSON: what passes between processes, and is kept with a document."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from operator import index
from typing import Any, Final, cast, get_args

from codexity.model import Block, BlockKind

_KINDS = frozenset(get_args(BlockKind))
_REST: Final[tuple[Any, ...]] = (0, "", (), (), ())
"""The fields that a row may leave out."""


def to_json(blocks: Iterable[Block]) -> list[list[object]]:
    """One list a block, for `json.dumps`: its fields in their order, without empty ones behind."""
    return [_row(one) for one in blocks]


def from_json(said: Any, *, length: int) -> tuple[Block, ...]:
    """The blocks of a text of `length` characters.

    Raises:
        ValueError: it is not what `to_json` gives, or the blocks do not fit the text.
    """
    try:
        blocks = tuple(_block(*row) for row in said)
    except TypeError as error:
        raise ValueError("blocks that make no sense") from error
    _check_order([0, *(edge for one in blocks for edge in (one.start, one.end)), length])
    return blocks


def _row(block: Block) -> list[object]:
    row: list[object] = [block.kind, block.start, block.end, block.level, block.marker]
    row += [[list(cell) for cell in block.cells], list(block.header)]
    row.append([list(place) for place in block.altered])
    while not row[-1]:
        row.pop()
    return row


def _block(kind: object, start: Any, end: Any, *rest: Any) -> Block:
    level, marker, cells, header, altered = (*rest, *_REST[len(rest) :])
    if kind not in _KINDS:
        raise ValueError("a block of no known kind")
    places = _places(cells)
    block = Block(
        kind=cast("BlockKind", kind),
        start=index(start),
        end=index(end),
        level=index(level),
        marker=str(marker),
        cells=places,
        header=tuple(map(str, header)),
        altered=_places(altered),
    )
    for found in (places, block.altered):
        _check_order([block.start, *(edge for place in found for edge in place), block.end])
    return block


def _places(said: Any) -> tuple[tuple[int, int], ...]:
    return tuple((index(first), index(last)) for first, last in said)


def _check_order(places: Sequence[int]) -> None:
    if any(first > second for first, second in pairwise(places)):
        raise ValueError("blocks or cells in no order")
