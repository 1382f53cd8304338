"""Words of English that are written short: days, units; and plurals with a stem of their own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from codexity.analysis import stem

_SHORT_FORMS: Final = """
monday mon
tuesday tue tues
wednesday wed
thursday thu thur thurs
friday fri
saturday sat
sunday sun
weekday monfri
maximum max
minimum min
telephone phone tel
temperature temp
department dept
address addr
hours hrs
approximately approx
birthday birth born dob
bus buses
minibus minibuses
omnibus omnibuses
gas gases
lens lenses
iris irises
trellis trellises
canvas canvases
thermos thermoses
"""
"""And the plurals of which the stemmer leaves another stem than of the singular."""


def short_forms(stem_of_word: str) -> frozenset[str]:
    """The stems of the same word written short, or in full: `wed` of `wednesday`."""
    return _by_stem().get(stem_of_word, frozenset())


@lru_cache(maxsize=1)
def _by_stem() -> Mapping[str, frozenset[str]]:
    found: defaultdict[str, set[str]] = defaultdict(set)
    for line in _SHORT_FORMS.split("\n"):
        group = {stem(word) for word in line.split()}
        for one in group:
            found[one] |= group - {one}
    return {one: frozenset(others) for one, others in found.items()}
