"""Python modules as what they say of themselves: docstrings, comments, signatures, constants."""

from __future__ import annotations

import pytest

from codexity.adapters.library.kinds import MEDIA_TYPES
from reading import page, told

MODULE = '''#!/usr/bin/env python
"""Pumps of the harbour.

They are started by hand.
"""

import os  # noqa: F401

# The port that the panel listens on.
# It was changed in May.
PORT = 8443
SPEEDS = {
    "slow": 400,  # for the night
}
"""How fast each is."""


class Pump(Base):
    """A pump."""

    speed: int = 1450  # turns a minute

    @property
    def loud(
        self,
        at: int = 3,
    ) -> bool:
        """Whether it is loud.

        :param at: how far away
        :returns: True when loud
        """
        # Noise grows with speed.
        return self.speed > at

    async def stop(self): return 1


if os:
    def start(a, *, b=2):
        """Start.

        Notes
        -----
        Twice.
        """
        def inner():
            "Inner one."
        x = "hidden in a body"
'''


def test_a_module_is_told_in_the_order_of_its_lines() -> None:
    found = page(MODULE, MEDIA_TYPES[".py"])
    assert told(found) == [
        ("paragraph", "Pumps of the harbour."),
        ("paragraph", "They are started by hand."),
        ("paragraph", "The port that the panel listens on. It was changed in May."),
        ("code", 'PORT = 8443\nSPEEDS = {\n    "slow": 400,  # for the night\n}'),
        ("paragraph", "How fast each is."),
        ("heading", "class Pump"),
        ("code", "class Pump(Base):"),
        ("paragraph", "A pump."),
        ("code", "speed: int = 1450  # turns a minute"),
        ("heading", "loud()"),
        ("code", "@property\ndef loud(\n    self,\n    at: int = 3,\n) -> bool:"),
        ("paragraph", "Whether it is loud."),
        ("pair", "at: how far away"),
        ("pair", "returns: True when loud"),
        ("paragraph", "Noise grows with speed."),
        ("code", "return self.speed > at"),
        ("heading", "stop()"),
        ("code", "async def stop(self): return 1"),
        ("heading", "start()"),
        ("code", "def start(a, *, b=2):"),
        ("paragraph", "Start."),
        ("heading", "Notes"),
        ("paragraph", "Twice."),
        ("heading", "inner()"),
        ("code", "def inner():"),
        ("paragraph", "Inner one."),
    ]
    assert found.headings_at(found.text.index("Noise")) == ("class Pump", "loud()")


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("print 'of an older Python'  # said\n# Why it is said.\n", "Why it is said."),
        ("def broken(:\n    pass\n# still read\n", "still read"),
        ("x = 1\n", "x = 1"),
        ("import os\n", "import os"),
        ("\ufeff# Marked.\nx = 1\n", "Marked."),
        ('"\\d"\n# Warned of.\n', "Warned of."),
        ("(" * 250, "((("),
    ],
)
def test_what_python_does_not_take_or_says_little_is_read_all_the_same(
    source: str, text: str
) -> None:
    assert text in page(source, MEDIA_TYPES[".py"]).text
