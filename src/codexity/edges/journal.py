"""What the operator is told of runs: one line each, and the faults with their stacks."""

from __future__ import annotations

from codexity.errors import CodexityError
from codexity.model import Answer
from codexity.ports import RunRecord


class LogJournal:
    """Port `Journal` over the log."""

    def run_ended(self, record: RunRecord, answer: Answer) -> None:
        """One line with the run's id, principal, status and times."""
        import structlog  # noqa: PLC0415 - heavy, and not needed for --help

        log = structlog.get_logger("codexity.run")
        log.info(
            "run ended",
            run=record.run,
            principal=record.principal,
            status=answer.status,
            seconds=answer.seconds,
            sources=len(answer.sources),
            skipped=[failure.code for failure in answer.skipped],
            model=answer.model,
        )
        log.debug("asked", run=record.run, question=record.question)

    def fault(self, run: str, error: BaseException) -> None:
        """What broke, with its stack and the detail that people are not shown."""
        import structlog  # noqa: PLC0415 - heavy, and not needed for --help

        detail = error.detail if isinstance(error, CodexityError) else ""
        log = structlog.get_logger("codexity.run")
        log.error("run fault", run=run, detail=detail, exc_info=error)
