"""The kinds of things that questions ask for, and what is told of each."""

from __future__ import annotations

from typing import Literal, NamedTuple

Kind = Literal[
    "called",
    "email",
    "address",
    "website",
    "phone",
    "secret",
    "hours",
    "money",
    "temperature",
    "weight",
    "share",
    "colour",
    "make",
    "dose",
    "speed",
    "often",
    "length",
    "duration",
    "clock",
    "day",
    "date",
    "age",
    "born",
    "number",
    "person",
    "doer",
    "named",
    "place",
]


class KindPattern(NamedTuple):
    """A kind, how it is asked for, what one looks like, and what may stand for one."""

    kind: Kind
    asks: str
    finds: str
    vague: str = ""
