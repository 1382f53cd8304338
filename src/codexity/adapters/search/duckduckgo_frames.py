"""What passes between `DuckDuckGo` and its workers, as JSON."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any, Literal, cast, get_args

Outcome = Literal["hits", "refused", "timeout", "unreachable"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a worker found: rows of title, address and snippet, or why there are none."""

    outcome: Outcome
    rows: tuple[tuple[str, str, str], ...] = ()
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What a worker is asked: where, what, for which region, and from when to when."""

    url: str
    text: str
    region: str
    dates: str | None = None


def request(search: Search) -> bytes:
    """The frame that asks for a search."""
    return json.dumps(asdict(search)).encode()


def asked(payload: bytes) -> Search:
    """What `request` was made of."""
    return Search(**json.loads(payload))


def reply(found: Found) -> bytes:
    """The frame that says what came of it."""
    return json.dumps(asdict(found)).encode()


def found(payload: bytes) -> Found:
    """What `reply` was made of.

    Raises:
        ValueError: it is no reply.
    """
    said: Any = json.loads(payload)
    match said:
        case {"outcome": outcome, "rows": [*rows], "detail": str(detail)} if outcome in get_args(
            Outcome
        ):
            checked = tuple(_row(row) for row in rows)
            return Found(outcome=cast("Outcome", outcome), rows=checked, detail=detail)
        case _:
            raise ValueError("a worker's reply that makes no sense")


def _row(row: object) -> tuple[str, str, str]:
    match row:
        case [str(title), str(address), str(snippet)]:
            return title, address, snippet
        case _:
            raise ValueError("a worker's reply that makes no sense")
