"""Rarest terms first: which passages are ranked, and that each term counts as often as another."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from codexity.adapters.library.rarest import RANKED, narrowed

FEW = RANKED // 100
MANY = 2 * RANKED


@pytest.mark.parametrize(
    "often",
    [
        {},
        {"oak": FEW},
        {"oak": FEW, "elm": FEW, "ash": FEW},
        {"oak": 0, "elm": 0},
        {"oak": MANY},  # there is nothing rarer to look for
        {"oak": MANY, "elm": 0},
    ],
)
def test_one_query_is_enough_for_few_passages_or_a_single_term(often: dict[str, int]) -> None:
    assert narrowed(often, ()) == ()


@pytest.mark.parametrize(
    ("often", "first"),
    [
        ({"tree": MANY, "oak": FEW, "elm": FEW}, '"oak" OR "elm"'),
        ({"tree": 3 * MANY, "leaf": 4 * MANY, "oak": FEW}, '"oak"'),
        # The next two terms are asked for as well where that is cheap: one rare word may mislead.
        ({"tree": RANKED, "leaf": MANY, "oak": 1}, '"oak" OR ("tree" AND ("leaf"))'),
        # What stands in too many passages alone is looked for with another.
        ({"tree": MANY, "leaf": MANY + 1, "root": MANY + 2}, '("tree" AND ("leaf" OR "root"))'),
    ],
)
def test_passages_have_the_rarest_terms(often: dict[str, int], first: str) -> None:
    query = narrowed(often, ())[0]
    assert query.startswith(f"({first}) AND (")


def test_phrases_are_looked_for_beside_the_rarest_terms() -> None:
    rare, frequent = {"oak": FEW, "tree": 3 * MANY}, {"tree": 3 * MANY, "leaf": 3 * MANY}
    assert narrowed(rare, ("set up",))[0].startswith('("oak" OR "set up") AND (')
    assert narrowed(frequent, ("set up",))[0].startswith('("set up") AND (')


@pytest.mark.parametrize("phrases", [(), ("set up",)])
@pytest.mark.parametrize(
    "often",
    [
        {"tree": MANY, "oak": FEW},
        {"tree": RANKED, "leaf": MANY, "oak": 1},
        {"tree": MANY, "leaf": MANY, "root": MANY},
        {f"word{at}": FEW * at for at in range(1, 200)},
    ],
)
def test_each_term_stands_as_often_in_a_query_as_each_other(
    often: dict[str, int], phrases: tuple[str, ...]
) -> None:
    queries = narrowed(often, phrases)
    assert len(queries) == 2
    for query in queries:
        counts = Counter(re.findall(r'"[^"]+"', query))
        assert len(set(counts.values())) == 1, query


def test_the_most_frequent_terms_of_many_are_not_scored() -> None:
    often = {"oak": FEW, **{f"word{at}": 10 * RANKED + at for at in range(9)}}
    query = narrowed(often, ())[0]
    assert '"oak"' in query
    assert '"word8"' not in query
