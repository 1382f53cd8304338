"""What runs in the child processes that read documents."""

from __future__ import annotations

from codexity.adapters.extract import frames
from codexity.adapters.extract.document import read_document
from codexity.adapters.workers.child import serve
from codexity.adapters.workers.memory import at_most
from codexity.errors import Unreadable
from codexity.model import Page
from codexity.ports import Fetched

_MEMORY_BYTES = 64_000_000
_MEMORY_TIMES = 12
"""How much memory a document may take: so much, and so many times its size.

Honest PDFs were seen to need 40 MB, honest HTML of 5 MB 83 MB; 5 MB of markup without end, and PDFs
of a kilobyte, would take 1,800 MB, and several are read at once.
"""
_REHEARSAL = (
    b"<!doctype html><html><head><title>A page</title></head><body><article><p>"
    + b"Reading one page loads what the next one would wait for. " * 30
    + b"</p><p>Published on 1 March 2024</p></article></body></html>"
)


def main(seconds: float, idle_seconds: float) -> None:
    """Reads documents until its parent is gone."""
    serve(_answer, seconds=seconds, idle_seconds=idle_seconds, prepare=_rehearse)


def _answer(request: bytes) -> bytes:
    return frames.reply(_read(frames.asked(request)))


def _rehearse() -> None:
    _read(Fetched(url="https://localhost/", media_type="text/html", charset=None, body=_REHEARSAL))


def _read(fetched: Fetched) -> Page | Unreadable:
    try:
        with at_most(_MEMORY_BYTES + _MEMORY_TIMES * len(fetched.body)):
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
        AssertionError,
    ) as error:
        # What parsers are known to raise on documents made to break them; with anything else the
        # process ends, which the parent reports alike.
        detail = f"{type(error).__name__}: {error}"
        return Unreadable("The document could not be parsed.", code="bad_content", detail=detail)
