"""The thesaurus: near words of English, made of WordNet by `setup/thesaurus.py`."""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from functools import lru_cache
from importlib import resources
from typing import Final

_FILE: Final = "wordnet.gz"
INFLECTED: Final = 9
"""The grade of a form of the same word: `lose`, `lost`."""
DERIVED: Final = 8
"""The grade of a word of the same family: `pay`, `payment`; below it are the synonyms."""


@lru_cache(maxsize=4096)
def graded(stem: str) -> Mapping[str, int]:
    """The stems of near words, each with its grade, 1 to 9; empty where none is known."""
    text = _text()
    begin, end = 0, len(text)
    wanted = stem.encode()
    while begin < end:
        middle = text.rfind(b"\n", begin, (begin + end) // 2) + 1 or begin
        stop = text.index(b"\n", middle)
        key, _, others = text[middle:stop].partition(b" ")
        if key == wanted:
            return {one[1:]: int(one[0]) for one in others.decode().split(" ")}
        begin, end = (stop + 1, end) if key < wanted else (begin, middle)
    return {}


@lru_cache(maxsize=1)
def _text() -> bytes:
    """The lines in the order of their first words: 1 MB, looked into where it lies.

    Taken apart into sets of words it would be 20 MB.
    """
    packed = resources.files(__package__ or "").joinpath(_FILE).read_bytes()
    return gzip.decompress(packed)
