"""What comes with a question: its thread, its key, and who waits for the answer."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass

from codexity.errors import KeyReused
from codexity.model import Question
from codexity.ports import RunRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A question's thread (None begins one), its key, and how long it goes on without readers.

    `client` is whose turn it takes in the queue, where that is not the principal: a server without
    keys has one principal and many clients.
    `grace_seconds` counts from the start, and then for each reader that leaves. Where it is
    infinite the run ends by itself alone; None leaves it to each reader.
    """

    thread: str | None = None
    key: str | None = None
    grace_seconds: float | None = None
    client: str | None = None


def fingerprint(question: Question, request: Request) -> str:
    """Stands for everything that is asked, to tell one request from another."""
    everything = repr((question.text, question.filters, request.thread, request.grace_seconds))
    return hashlib.sha256(everything.encode()).hexdigest()


def recorded(question: Question, request: Request) -> RunRecord:
    """A new run of this request, that nobody owns yet."""
    return RunRecord(
        run=secrets.token_hex(16),
        principal=question.principal,
        thread=request.thread or secrets.token_hex(16),
        question=question.text,
        owner="",
        started=0,
        key=request.key,
        asked=fingerprint(question, request),
    )


def same(known: RunRecord, asked: str) -> RunRecord:
    """The run that was begun for this request before.

    Raises:
        KeyReused: it was begun for another.
    """
    if known.asked != asked:
        message = "This Idempotency-Key was used for another question. Use a new one."
        raise KeyReused(message)
    return known
