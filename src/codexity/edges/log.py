"""Sets logging up: one line an event, to standard error, without what people asked."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Mapping, MutableMapping, Sequence
from datetime import UTC, datetime
from io import StringIO
from typing import TYPE_CHECKING, Any, TextIO

from codexity.edges.journal import FIELDS
from codexity.edges.stacks import PacedStacks
from codexity.edges.terminal import plain

if TYPE_CHECKING:
    from structlog.typing import ExcInfo, Processor, ProcessorReturnValue

_HANDLER = "codexity"
_PRIVATE = frozenset({"answer", "page", "prompt", "q", "query", "question", "text"})
_QUERY_STRING = re.compile(r"\?[^\s\"'<>]+")


def configure(
    level: str,
    format: str = "auto",  # noqa: A002 -- the setting's name
    *,
    stream: TextIO | None = None,
    brief: bool = False,
) -> None:
    """Sends what Codexity logs from `level` on to `stream` (standard error), a line an event.

    Above `debug`, values under a name such as `question` are dropped, and what other libraries say
    is held back below a warning and loses the query strings of its addresses: theirs and the web
    server's own lines hold what was searched for. A fault that lasts has its stack once a minute.

    Args:
        level: `debug`, `info`, `warning` or `error`.
        format: `json`, `console`, or `auto`: `console` on a terminal and `json` elsewhere.
        stream: where to.
        brief: faults in one line each, without their stacks, as a command tells them.
    """
    out = sys.stderr if stream is None else stream
    least = logging.getLevelNamesMapping()[level.upper()]
    is_open = least <= logging.DEBUG
    _configure_structlog(is_open=is_open)
    as_json = format == "json" or (format == "auto" and not out.isatty())
    handler = logging.StreamHandler(out) if is_open else PacedStacks(out, brief=brief)
    handler.set_name(_HANDLER)
    renderers = _renderers(as_json=as_json, colors=out.isatty())
    handler.setFormatter(_formatter(renderers, is_open=is_open))
    _route(handler, least)


def _configure_structlog(*, is_open: bool) -> None:
    """What is logged with structlog goes where the standard library's logging goes."""
    import structlog

    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_stamps(),
            *(() if is_open else (_without_private,)),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )


def _formatter(renderers: Sequence[Processor], *, is_open: bool) -> logging.Formatter:
    """Writes every record as a line, whoever logged it and with whatever."""
    import structlog

    fields = _Fields(is_open=is_open)
    whole = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[fields],
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *renderers],
    )
    return _Lines(whole, fields, renderers[-1])


class _Fields:
    """What a line of the standard library's logging has: who says it and when, and its fields.

    One processor, where structlog has one for each: every run has such a line.
    """

    def __init__(self, *, is_open: bool) -> None:
        import structlog

        self._context = structlog.contextvars.get_contextvars
        self._private: frozenset[str] = frozenset() if is_open else _PRIVATE
        self._names = [name for name in FIELDS if name not in self._private]
        self._is_open = is_open

    def __call__(
        self, _logger: Any, method: str, event: MutableMapping[str, Any]
    ) -> MutableMapping[str, Any]:
        """Adds them to `event`, which has the record and what it says."""
        record: logging.LogRecord = event["_record"]
        for name, value in self._context().items():
            if name not in self._private:
                event.setdefault(name, value)
        if not self._is_open:
            event["event"] = _QUERY_STRING.sub("?...", event["event"])
        event["level"] = method
        event["logger"] = record.name
        event["timestamp"] = _utc(record.created)
        values = record.__dict__
        for name in self._names:
            if name in values:
                event[name] = values[name]
        return event


class _Lines(logging.Formatter):
    """structlog's formatter, `whole`; most records go through what they need of it alone.

    The copy that it makes of each record takes as long as all the rest.
    """

    def __init__(self, whole: logging.Formatter, fields: _Fields, render: Processor) -> None:
        super().__init__()
        self._whole = whole
        self._fields = fields
        self._render = render

    def format(self, record: logging.LogRecord) -> str:
        """One line, with the stack of a fault in it or behind it."""
        if record.exc_info or record.stack_info or hasattr(record, "_logger"):
            return self._whole.format(record)
        method = record.levelname.lower()
        told = self._fields(None, method, {"event": record.getMessage(), "_record": record})
        del told["_record"]
        return str(self._render(None, method, told))


def _utc(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, tz=UTC).isoformat().removesuffix("+00:00") + "Z"


def _stamps() -> Sequence[Processor]:
    """What every line has: its context, its level, who says it, and when."""
    import structlog

    return (
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    )


def _renderers(*, as_json: bool, colors: bool) -> list[Processor]:
    import structlog

    # Plain tracebacks: structlog's others print local variables, and so questions and keys.
    if as_json:
        return [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
    return [_Console(structlog.dev.ConsoleRenderer(colors=colors, exception_formatter=_traceback))]


class _Console:
    """Lines for a terminal, which repeat what pages, servers and file names say."""

    def __init__(self, render: Processor) -> None:
        self._render = render

    def __call__(
        self, logger: Any, method: str, event: MutableMapping[str, Any]
    ) -> ProcessorReturnValue:
        told = {name: plain(one) if isinstance(one, str) else one for name, one in event.items()}
        return self._render(logger, method, told)


def _traceback(stream: TextIO, fault: ExcInfo) -> None:
    import structlog

    held = StringIO()
    structlog.dev.plain_traceback(held, fault)
    stream.write(plain(held.getvalue()))


def _route(handler: logging.Handler, least: int) -> None:
    root = logging.getLogger()
    for one in list(root.handlers):
        if one.get_name() == _HANDLER:
            root.removeHandler(one)
    root.addHandler(handler)
    foreign = least if least <= logging.DEBUG else max(least, logging.WARNING)
    root.setLevel(foreign)
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        # Its own command gives these handlers of their own, which show the query strings.
        logging.getLogger(name).handlers.clear()
        logging.getLogger(name).propagate = True
    for name, own in (
        ("codexity", least),
        ("uvicorn", max(least, logging.INFO)),
        ("uvicorn.error", max(least, logging.INFO)),
        ("uvicorn.access", foreign),
        # It tells the headers of replies, and a redirection may repeat a key of an address.
        ("httpcore2", max(foreign, logging.INFO)),
    ):
        logging.getLogger(name).setLevel(own)


def _without_private(
    _logger: Any, _method: str, event: MutableMapping[str, Any]
) -> Mapping[str, Any]:
    return {name: value for name, value in event.items() if name not in _PRIVATE}
