"""How often a fault is logged with its stack: what lasts would bury all else that is said."""

from __future__ import annotations

import copy
import logging
import sys
import time
from collections.abc import Callable
from pathlib import PurePath
from types import TracebackType
from typing import Any, Final, TextIO, cast

_PACE_SECONDS: Final = 60.0
_MOST_KINDS: Final = 256
_Raised = tuple[type[BaseException], TracebackType | None]


class PacedStacks(logging.StreamHandler[TextIO]):
    """Writes records; of the same kind of fault a stack at most once a minute, else its line alone.

    Of one kind are faults that are told in the same words and detail, and were raised at the same
    place. With `brief`, as for a command that a person waits for, no stack is written, and a line
    of each kind at most once a minute. In place of a stack `error` names the kind of error and
    where it was raised: what it says may be of people's questions.
    """

    def __init__(
        self, stream: TextIO, *, brief: bool, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        super().__init__(stream)
        self._brief = brief
        self._monotonic = monotonic
        self._told: dict[tuple[str, ...], float] = {}

    def emit(self, record: logging.LogRecord) -> None:
        """Writes the record, with its stack or without."""
        raised = _raised(record)
        if raised is None:
            super().emit(record)
            return
        error = _error(raised)
        is_due = self._is_due((record.name, *_words(record), error))
        if self._brief and not is_due:
            return
        super().emit(record if is_due and not self._brief else _without_stack(record, error))

    def _is_due(self, kind: tuple[str, ...]) -> bool:
        now = self._monotonic()
        if now - self._told.get(kind, -_PACE_SECONDS) < _PACE_SECONDS:
            return False
        if len(self._told) >= _MOST_KINDS:
            self._told.clear()
        self._told[kind] = now
        return True


def _raised(record: logging.LogRecord) -> _Raised | None:
    """What was raised, by whoever logs: structlog leaves it among the fields of its message."""
    fields = _fields(record)
    given: object = record.exc_info if fields is None else fields.get("exc_info")
    if isinstance(given, BaseException):
        return type(given), given.__traceback__
    found = cast("tuple[Any, Any, Any]", given) if isinstance(given, tuple) else sys.exc_info()
    return None if not given or found[0] is None else (found[0], found[2])


def _fields(record: logging.LogRecord) -> dict[str, Any] | None:
    message: object = record.msg
    return cast("dict[str, Any]", message) if isinstance(message, dict) else None


def _words(record: logging.LogRecord) -> tuple[str, str]:
    fields = _fields(record)
    if fields is None:
        return record.getMessage(), str(getattr(record, "detail", ""))
    return str(fields.get("event", "")), str(fields.get("detail", ""))


def _error(raised: _Raised) -> str:
    kind, trace = raised
    if trace is None:
        return kind.__name__
    while trace.tb_next is not None:
        trace = trace.tb_next
    file = PurePath(trace.tb_frame.f_code.co_filename).name
    return f"{kind.__name__} ({file}:{trace.tb_lineno})"


def _without_stack(record: logging.LogRecord, error: str) -> logging.LogRecord:
    told, fields = copy.copy(record), _fields(record)
    told.exc_info = told.exc_text = None
    if fields is None:
        vars(told)["error"] = error
    else:
        kept = {name: value for name, value in fields.items() if name != "exc_info"}
        vars(told)["msg"] = {**kept, "error": error}
    return told
