"""What runs in the child processes that read files into the library."""

from __future__ import annotations

import json
from typing import Any

from codexity.adapters.extract.worker import BoundedReader
from codexity.adapters.library.reading import analysed, asked, told
from codexity.adapters.workers.child import serve
from codexity.errors import Unreadable
from codexity.ports import Fetched


def main(seconds: float, idle_seconds: float) -> None:
    """Reads files until its parent is gone, or it holds too much."""
    reader = BoundedReader()

    def answer(request: bytes) -> bytes:
        found = [_read(reader, path, fetched) for path, fetched in asked(request)]
        # Half a text comes through alone, as JSON's own escapes bring it; others need none.
        return json.dumps(found, ensure_ascii=False).encode("utf-8", "surrogatepass")

    serve(
        answer,
        seconds=seconds,
        idle_seconds=idle_seconds,
        prepare=reader.rehearse,
        spent=reader.spent,
    )


def _read(reader: BoundedReader, path: str, fetched: Fetched) -> dict[str, Any]:
    page = reader.read(fetched)
    return told(page if isinstance(page, Unreadable) else analysed(page, path))
