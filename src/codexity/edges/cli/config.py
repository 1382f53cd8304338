"""Tells every setting in effect, its value, and where it came from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from codexity.edges.terminal import json_text, plain

if TYPE_CHECKING:
    # The settings import pydantic, for which `codexity --help` has no time.
    from codexity.settings import Loaded, Row

_WIDEST = 48


def show(loaded: Loaded, *, as_json: bool) -> str:
    """Every setting in effect, secrets masked, without a line break at the end.

    For people a line each; for programs one JSON object that maps each setting's name to
    `{"value", "origin", "environment", "ignored"}`; the last lists who gave it and was not heard.
    """
    rows = loaded.rows()
    if as_json:
        told = {
            row.name: {
                "value": row.value,
                "origin": row.origin,
                "environment": row.variable,
                "ignored": row.ignored,
            }
            for row in rows
        }
        return json_text(told, indent=2)
    return "\n".join(lines(rows))


def lines(rows: Sequence[Row]) -> tuple[str, ...]:
    """The settings for people: name, value and origin under each other."""
    names = max(len(row.name) for row in rows)
    values = min(_WIDEST, max(len(_told(row)) for row in rows))
    told = (
        f"{row.name:<{names}}  {_told(row):<{values}}  {row.origin}{_ignored(row)}" for row in rows
    )
    return tuple(map(plain, told))


def _ignored(row: Row) -> str:
    return f" (ignored: {', '.join(row.ignored)})" if row.ignored else ""


def printable(text: str) -> str:
    """The text, or where it would steer a terminal, its characters spelled out."""
    return text if text.isprintable() else json_text(text)


def _told(row: Row) -> str:
    if row.value is None:
        return "(not set)"
    return printable(row.value) if isinstance(row.value, str) else json_text(row.value)
