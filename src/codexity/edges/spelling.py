"""How an answer is spelled as JSON, by the command line and by the server alike."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from codexity.model import Answer, Tried


def untold(answer: Answer) -> tuple[Tried, ...]:
    """What was tried in vain, without what was told as skipped in the same words."""
    told = {(one.what, one.why) for one in answer.skipped}
    tried = answer.error.tried if answer.error else ()
    return tuple(one for one in tried if (one.what, one.said) not in told)


def answer_object(answer: Answer) -> dict[str, Any]:
    """The answer as a JSON object; `error` is there only where the answer failed."""
    spelled: dict[str, Any] = {
        "run": answer.run,
        "question": answer.question,
        "answer": answer.text,
        "status": answer.status,
        "reason": answer.reason,
        "sources": [asdict(source) for source in answer.sources],
        "claims": [asdict(claim) for claim in answer.claims],
        "skipped": [asdict(failure) for failure in answer.skipped],
        "seconds": answer.seconds,
        "model": answer.model,
        "usage": asdict(answer.usage) if answer.usage else None,
    }
    if answer.error is not None:
        spelled["error"] = asdict(answer.error)
    return spelled
