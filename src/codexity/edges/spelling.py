"""How an answer is spelled as JSON, by the command line and by the server alike."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any, Final

from codexity.model import Answer, Tried

_ADDRESS: Final = re.compile(r"(?:https?:|/library)/\S+")


def untold(answer: Answer) -> tuple[Tried, ...]:
    """What was tried in vain, without what was told as skipped in the same words."""
    told = {(one.what, one.why) for one in answer.skipped}
    tried = answer.error.tried if answer.error else ()
    return tuple(one for one in tried if (one.what, one.said) not in told)


def is_address(said: str) -> bool:
    """Whether what was said of something that was tried is only where it is."""
    return _ADDRESS.fullmatch(said) is not None


def addresses(answer: Answer) -> Iterator[str]:
    """Where what an answer shows is: its sources, or what came nearest."""
    yield from (one.url for one in answer.sources)
    yield from (one.said for one in untold(answer) if is_address(one.said))


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
