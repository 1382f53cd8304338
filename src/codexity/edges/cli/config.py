"""Tells every setting in effect, its value, and where it came from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codexity.edges.terminal import json_text, plain

if TYPE_CHECKING:
    # The settings import pydantic, for which `codexity --help` has no time.
    from codexity.settings import Loaded, Row

_WIDEST = 48


def show(loaded: Loaded, *, as_json: bool) -> str:
    """Every setting in effect, secrets masked, without a line break at the end.

    For people a line each; for programs one JSON object that maps each setting's name to
    `{"value", "origin", "environment"}`.
    """
    rows = loaded.rows()
    if as_json:
        told = {
            row.name: {"value": row.value, "origin": row.origin, "environment": row.variable}
            for row in rows
        }
        return json_text(told, indent=2)
    names = max(len(row.name) for row in rows)
    values = min(_WIDEST, max(len(_told(row)) for row in rows))
    lines = (f"{row.name:<{names}}  {_told(row):<{values}}  {row.origin}" for row in rows)
    return plain("\n".join(lines))


def _told(row: Row) -> str:
    if row.value is None:
        return "(not set)"
    if isinstance(row.value, str) and row.value.isprintable():
        return row.value
    return json_text(row.value)
