"""The child process that reads documents: one frame in, one frame out, until its parent is gone."""

from __future__ import annotations

import logging
import os
import resource
import signal
import sys
from contextlib import suppress
from typing import BinaryIO

from codexity.adapters.extract import frames
from codexity.adapters.extract.document import read_document
from codexity.errors import Unreadable
from codexity.model import Page
from codexity.ports import Fetched

_MAX_MEMORY_BYTES = 2 * 1024**3
_LESS_URGENT = 5
_REHEARSAL = (
    b"<!doctype html><html><head><title>A page</title></head><body><article><p>"
    + b"Reading one page loads what the next one would wait for. " * 30
    + b"</p><p>Published on 1 March 2024</p></article></body></html>"
)


def main() -> None:
    """Reads requests from standard input and answers on standard output."""
    inlet, outlet = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr
    logging.disable()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.nice(_LESS_URGENT)
    with suppress(ValueError, OSError):  # a lower limit is set already, or the system has none
        resource.setrlimit(resource.RLIMIT_AS, (_MAX_MEMORY_BYTES, _MAX_MEMORY_BYTES))
    _read(Fetched(url="https://localhost/", media_type="text/html", charset=None, body=_REHEARSAL))
    _send(outlet, frames.READY)
    while True:
        payload = inlet.read(frames.length(inlet.read(frames.HEAD_BYTES)))
        if not payload:
            return
        if payload == frames.READY:
            _send(outlet, frames.READY)
            continue
        fetched, seconds = frames.asked(payload)
        # The parent ends a worker that is late; this ends one whose parent was killed.
        signal.alarm(int(seconds) + 2)
        outcome = _read(fetched)
        signal.alarm(0)
        _send(outlet, frames.reply(outcome))


def _read(fetched: Fetched) -> Page | Unreadable:
    try:
        return read_document(fetched)
    except Unreadable as error:
        return error
    except (
        MemoryError,
        RecursionError,
        ValueError,
        LookupError,
        TypeError,
        AttributeError,
    ) as error:
        # What parsers are known to raise on documents made to break them; with anything else the
        # process ends, which the parent reports alike.
        detail = f"{type(error).__name__}: {error}"
        return Unreadable("The document could not be parsed.", code="bad_content", detail=detail)


def _send(outlet: BinaryIO, payload: bytes) -> None:
    outlet.write(frames.head(payload) + payload)
    outlet.flush()
