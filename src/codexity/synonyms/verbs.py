"""Verbs of English, made of WordNet by `setup/verbs.py`: texts say them otherwise most of all."""

from __future__ import annotations

import gzip
from functools import lru_cache
from importlib import resources
from typing import Final

_FILE: Final = "verbs.gz"


def is_verb(stem: str) -> bool:
    """Whether words with this stem are mostly verbs: `forbid`, `reach`; not `lock`, `paint`."""
    return stem in _known()


@lru_cache(maxsize=1)
def _known() -> frozenset[str]:
    packed = resources.files(__package__ or "").joinpath(_FILE).read_bytes()
    return frozenset(gzip.decompress(packed).decode().split(" "))
