"""The operator's journal, whose own faults cost a line and nothing else."""

from __future__ import annotations

from contextlib import suppress

from codexity.events import Skipped
from codexity.ports import Ending, Journal


class SafeJournal:
    """Port `Journal` over another one; nothing that is told to it raises."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def asked(self, run: str, question: str) -> None:
        """A run was started with this question."""
        with suppress(Exception):
            self._journal.asked(run, question)

    def run_ended(self, ending: Ending) -> None:
        """A run is over."""
        with suppress(Exception):
            self._journal.run_ended(ending)

    def skipped(self, run: str, event: Skipped) -> None:
        """A part failed for a reason of this installation."""
        with suppress(Exception):
            self._journal.skipped(run, event)

    def forgotten(self, runs: int) -> None:
        """So many runs were forgotten."""
        with suppress(Exception):
            self._journal.forgotten(runs)

    def fault(self, run: str, error: BaseException) -> None:
        """Something broke that should not have."""
        with suppress(Exception):
            self._journal.fault(run, error)

    def loop_failed(
        self, name: str, error: BaseException | None, retry_seconds: float | None
    ) -> None:
        """A background loop ended."""
        with suppress(Exception):
            self._journal.loop_failed(name, error, retry_seconds)
