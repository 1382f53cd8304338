"""Kinds of nouns of English, made of WordNet by `setup/nouns.py`: persons, and things."""

from __future__ import annotations

import gzip
from functools import lru_cache
from importlib import resources
from typing import Final

_FILE: Final = "nouns.gz"
_ENDINGS: Final = (("ies", "y"), ("es", ""), ("s", ""))
_LEAST: Final = 3
_PERSONS: Final = frozenset(
    """anybody anyone everybody everyone nobody somebody someone none people themselves yourself you
    yourselves your oneself whoever each we he she i me us him staff boss guard warden porter
    agency bank department office reception insurance parish town state""".split()
)
_THINGS: Final = frozenset("van trailer cable table path plot field lawn line".split())
"""What WordNet takes for something else."""


@lru_cache(maxsize=4096)
def is_person(word: str) -> bool:
    """Whether a word mostly means a person or an organised group: `treasurer`, `committee`."""
    return word in _PERSONS or not _known()[0].isdisjoint(_forms(word))


@lru_cache(maxsize=256)
def is_thing(word: str) -> bool:
    """Whether it mostly means a thing that has a length, an animal among them: `ramp`, `snake`."""
    return any(one in _THINGS or f" {one} ".encode() in _known()[1] for one in _forms(word))


def _forms(word: str) -> tuple[str, ...]:
    """A word, and what it may be the plural of."""
    several = (word[: -len(end)] + other for end, other in _ENDINGS if word.endswith(end))
    return (word, *(one for one in several if len(one) >= _LEAST))


@lru_cache(maxsize=1)
def _known() -> tuple[frozenset[str], bytes]:
    """The persons, of which many are asked about a question, and the things, of which one."""
    packed = resources.files(__package__ or "").joinpath(_FILE).read_bytes()
    persons, things = gzip.decompress(packed).split(b"\n")
    return frozenset(persons.decode().split(" ")), b" " + things + b" "
