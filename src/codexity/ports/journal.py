"""What the operator is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from codexity.events import Skipped
from codexity.model import AnswerStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """How a run ended: the codes of what was skipped, the number of its sources."""

    run: str
    principal: str
    status: AnswerStatus
    seconds: Mapping[str, float]
    sources: int
    skipped: tuple[str, ...]
    model: str | None


class Journal(Protocol):
    """What the operator is told. Only `asked` is given a text, to be shown at debug alone."""

    def asked(self, run: str, question: str) -> None:
        """A run was started with this question."""
        ...

    def run_ended(self, ending: Ending) -> None:
        """A run is over: one line with its id, principal, status and times."""
        ...

    def skipped(self, run: str, event: Skipped) -> None:
        """A part failed for a reason of this installation, told in `event.detail`."""
        ...

    def forgotten(self, runs: int) -> None:
        """So many runs were forgotten, since they are older than runs are kept."""
        ...

    def fault(self, run: str, error: BaseException) -> None:
        """Something broke that should not have, or lost its store; with its stack."""
        ...

    def loop_failed(
        self, name: str, error: BaseException | None, retry_seconds: float | None
    ) -> None:
        """A background loop ended, by an error or by itself; it is begun again, or (None) not."""
        ...
