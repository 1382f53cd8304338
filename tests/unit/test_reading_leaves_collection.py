"""Reading a document leaves Python's collection of cycles as it was."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from codexity.adapters.extract.document import read_document
from codexity.errors import Unreadable
from codexity.ports import Fetched


@pytest.fixture(autouse=True)
def _as_it_was() -> Iterator[None]:
    yield
    gc.enable()


def _read(media_type: str, body: bytes) -> None:
    fetched = Fetched(url="/library/a", media_type=media_type, charset=None, body=body)
    try:
        read_document(fetched)
    except Unreadable:
        return


@pytest.mark.parametrize("enabled", [True, False])
@pytest.mark.parametrize(
    ("media_type", "body"),
    [
        ("text/plain", b"The ferry leaves at nine from the northern quay."),
        ("text/html", b"<p>Hardly any."),
        ("text/html", b""),
        ("image/png", b"\x89PNG"),
        ("application/pdf", b"no such thing"),
    ],
)
def test_collection_stays_as_it_was(media_type: str, body: bytes, *, enabled: bool) -> None:
    if enabled:
        gc.enable()
    else:
        gc.disable()
    _read(media_type, body)
    assert gc.isenabled() is enabled


def test_no_collection_while_a_document_is_read() -> None:
    seen: list[str] = []

    def note(phase: str, _: dict[str, int]) -> None:
        seen.append(phase)

    body = b"<article>" + b"<p>The ferry leaves at nine from the northern quay.</p>" * 2_000
    _read("text/html", body)  # what is loaded once is loaded now
    gc.collect()
    gc.callbacks.append(note)
    try:
        _read("text/html", body)
        during = list(seen)
    finally:
        gc.callbacks.remove(note)
    assert during.count("start") <= 1
