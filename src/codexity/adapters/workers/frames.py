"""What passes between a pool and its workers: frames of bytes, each behind its length."""

from __future__ import annotations

HEAD_BYTES = 8
"""The length of a frame's head, which says the length of what follows."""
READY = b"ready"
"""What a worker says once it can work, and whenever it is told the same."""


def head(*pieces: bytes) -> bytes:
    """The head of a frame whose payload is these pieces."""
    return sum(map(len, pieces)).to_bytes(HEAD_BYTES, "big")


def length(of: bytes) -> int:
    """How many bytes follow this head."""
    return int.from_bytes(of, "big")
