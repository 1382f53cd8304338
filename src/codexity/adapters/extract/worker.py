"""What runs in the child processes that read documents."""

from __future__ import annotations

from codexity.adapters.extract import frames
from codexity.adapters.extract.document import read_document
from codexity.adapters.workers.child import serve
from codexity.adapters.workers.memory import address_space, at_most, give_back
from codexity.errors import Unreadable
from codexity.model import Page
from codexity.ports import Fetched

_MEMORY_BYTES = 112_000_000
_MEMORY_TIMES = 8
"""How much memory a document may take: so much, and so many times its size.

Honest PDFs were seen to need 40 MB, honest HTML of 5 MB 120 MB; 5 MB of markup without end, and
PDFs of a kilobyte, would take 1,800 MB, and several are read at once.
"""
_SPENT_BYTES = 96_000_000
"""A process that holds so much more than at its start is of no more use. Honest pages leave 60 to
90 MB of its address space in pieces, which are used again; bombs of 5 MB leave 130."""
_REHEARSAL = (
    b"<!doctype html><html><head><title>A page</title></head><body><article><p>"
    + b"Reading one page loads what the next one would wait for. " * 30
    + b"</p><p>Published on 1 March 2024</p></article></body></html>"
)


def main(seconds: float, idle_seconds: float) -> None:
    """Reads documents until its parent is gone, or it holds too much."""
    reader = BoundedReader()

    def answer(request: bytes) -> bytes:
        return frames.reply(reader.read(frames.asked(request)))

    serve(
        answer,
        seconds=seconds,
        idle_seconds=idle_seconds,
        prepare=reader.rehearse,
        spent=reader.spent,
    )


class BoundedReader:
    """Reads documents, each within a bound on memory that is reckoned from the first."""

    def __init__(self) -> None:
        self._base = 0

    def rehearse(self) -> None:
        """Loads what the first document would wait for."""
        about = Fetched(
            url="https://localhost/", media_type="text/html", charset=None, body=_REHEARSAL
        )
        _read(about)
        self._base = address_space()

    def read(self, fetched: Fetched) -> Page | Unreadable:
        """The document's page, or why there is none."""
        allowed = _MEMORY_BYTES + _MEMORY_TIMES * len(fetched.body)
        with at_most(self._base and self._base + allowed):
            return _read(fetched)

    def spent(self) -> bool:
        """Whether too much stays of what was read; what can be is given back."""
        if address_space() <= self._base + _SPENT_BYTES:
            return False
        give_back()
        return address_space() > self._base + _SPENT_BYTES


def _read(fetched: Fetched) -> Page | Unreadable:
    try:
        return read_document(fetched)
    except Unreadable as error:
        return error
    except RecursionError as error:
        message = "The document is nested too deeply to be read."
        return Unreadable(message, code="bad_content", detail=f"{error}")
    except (
        MemoryError,
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
