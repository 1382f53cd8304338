"""Codexity: an answer engine that searches, reads, and cites what it read."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from codexity.edges.python import answer, ask

__all__ = ["answer", "ask"]


def __getattr__(name: str) -> object:
    # What answers a question takes a second to import; `codexity --help` does without.
    if name in __all__:
        from codexity.edges import python

        return getattr(python, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
