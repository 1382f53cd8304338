"""What the operator is told of runs: one line each, and the faults with their stacks."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from typing import Final

from codexity.errors import CodexityError
from codexity.events import Skipped
from codexity.ports import Ending

FIELDS: Final = (
    "code",
    "detail",
    "error",
    "loop",
    "model",
    "pages",
    "principal",
    "question",
    "retry_seconds",
    "run",
    "runs",
    "seconds",
    "skipped",
    "sources",
    "stage",
    "status",
)
"""The fields that a line may have beside its words."""


def warn(warnings: Iterable[str]) -> None:
    """Logs what was not heard of the settings, a line each."""
    for warning in warnings:
        logging.getLogger("codexity.settings").warning(warning)


class LogJournal:
    """Port `Journal` over the standard library's logging, which is silent until it is set up."""

    def __init__(self) -> None:
        self._log = logging.getLogger("codexity.run")

    def asked(self, run: str, question: str) -> None:
        """The question, at debug alone."""
        self._log.debug("asked", extra={"run": run, "question": question})

    def run_ended(self, ending: Ending) -> None:
        """One line with the run's id, principal, status and times."""
        fields = {
            "run": ending.run,
            "principal": ending.principal,
            "status": ending.status,
            "seconds": dict(ending.seconds),
            "sources": ending.sources,
            "skipped": list(ending.skipped),
            "model": ending.model,
        }
        self._info("run ended", fields)

    def skipped(self, run: str, event: Skipped) -> None:
        """Why a part failed, in words that only the operator is shown."""
        fields = {"run": run, "stage": event.stage, "code": event.code, "detail": event.detail}
        self._info("skipped", fields)

    def forgotten(self, runs: int) -> None:
        """How many runs were forgotten for their age."""
        self._log.info("old runs forgotten", extra={"runs": runs})

    def fault(self, run: str, error: BaseException) -> None:
        """What broke, with its stack and the detail that people are not shown."""
        detail = _detail(error)
        self._log.error("run fault", extra={"run": run, "detail": detail}, exc_info=error)

    def loop_failed(
        self, name: str, error: BaseException | None, retry_seconds: float | None
    ) -> None:
        """What ended, by which kind of error, and when it is begun again; with its stack."""
        fields = {
            "loop": name,
            "error": "none" if error is None else type(error).__name__,
            "retry_seconds": None if retry_seconds is None else round(retry_seconds, 2),
            "detail": _detail(error),
        }
        words = "background loop given up" if retry_seconds is None else "background loop ended"
        self._log.error(words, extra=fields, exc_info=error)

    def _info(self, words: str, fields: Mapping[str, object]) -> None:
        # As `info` does, without looking for the line of the code, which says nothing here.
        log = self._log
        if log.isEnabledFor(logging.INFO):
            record = log.makeRecord(log.name, logging.INFO, "", 0, words, (), None, extra=fields)
            log.handle(record)


def _detail(error: BaseException | None) -> str:
    """What our own errors say; what others say may be of people's questions."""
    return error.detail or error.message if isinstance(error, CodexityError) else ""
