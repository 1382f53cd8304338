"""A model server that says exactly these pieces, each in an event of its own, when it may."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from servers.local import Asked, Reply
from servers.openai import OpenAIServer, events

_PATIENCE_SECONDS = 120.0
_MANY = 10_000


class PieceByPiece(OpenAIServer):
    """Says `pieces` to every question: at once, or from `hold` on one each time it is let.

    Half a surrogate pair goes out as an escape in JSON, everything else as UTF-8.
    """

    def __init__(self, pieces: Sequence[str]) -> None:
        super().__init__(context=1_000_000)
        self.pieces = pieces
        self._turns: threading.Semaphore | None = None

    @property
    def settings(self) -> dict[str, str | int]:
        """What makes Codexity ask this server, and take all that it says."""
        return {
            "LLM__BASE_URL": self.base_url,
            "LLM__MODEL": self.model,
            "LLM__API_KEY": self.key,
            "LIMITS__MAX_ANSWER_CHARS": 1_000_000,
        }

    @contextmanager
    def holding(self) -> Generator[Callable[[int], None]]:
        """Gives what lets the model say so many pieces more; it says the rest when this is left."""
        turns = self._turns = threading.Semaphore(0)
        try:
            yield turns.release
        finally:
            self._turns = None
            turns.release(_MANY)

    def asked_to_write(self, question: str) -> int:
        """How often an answer to this question was asked for: the number of its runs."""
        wanted = f"Question: {question}"
        answers = [body for body in self.bodies if "response_format" not in body]
        return sum(body["messages"][-1]["content"].endswith(wanted) for body in answers)

    def usual(self, asked: Asked) -> Reply:
        if asked.path == "/v1/chat/completions" and b'"response_format"' not in asked.body:
            pieces = map(_bytes, self._said())
            return Reply(media_type="text/event-stream", framing="chunked", pieces=pieces)
        return super().usual(asked)

    def _said(self) -> Iterator[dict[str, Any] | bytes]:
        turns = self._turns
        for piece in self.pieces:
            if turns is not None and not turns.acquire(timeout=_PATIENCE_SECONDS):
                return
            yield {"choices": [{"index": 0, "delta": {"content": piece}}]}
        yield from events(())


def _bytes(said: dict[str, Any] | bytes) -> bytes:
    if isinstance(said, bytes):
        return said
    try:
        return b"data: %s\n\n" % json.dumps(said, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return b"data: %s\n\n" % json.dumps(said).encode()
