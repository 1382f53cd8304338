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
        ({"tree": MANY, "oak": FEW, "elm": FEW}, '("oak" OR "elm") AND ("tree")'),
        ({"leaf": 4 * MANY, "tree": 3 * MANY, "oak": 1}, '("oak") AND ("tree" OR "leaf")'),
        # What stands in too many passages alone is looked for with another.
        ({"tree": MANY, "leaf": MANY + 1, "root": MANY + 2}, '("tree") AND ("leaf" OR "root")'),
        ({"tree": 40 * MANY, "leaf": 50 * MANY}, '("tree") AND ("leaf")'),
    ],
)
def test_passages_have_a_rare_term_and_a_more_frequent_one(
    often: dict[str, int], first: str
) -> None:
    assert narrowed(often, ())[0].match == first


@pytest.mark.parametrize(
    ("rare", "within"),
    [
        (("oak", "elm"), '(("oak") AND ("elm"))'),
        (("oak", "elm", "ash"), '(("oak") AND ("elm" OR "ash")) OR (("elm") AND ("ash"))'),
    ],
)
def test_or_they_have_two_of_the_rare_terms(rare: tuple[str, ...], within: str) -> None:
    often = {"tree": MANY} | {one: FEW + at for at, one in enumerate(rare)}
    _, two, one, frequent = narrowed(often, ())
    assert two.always
    assert (two.match, two.within) == (one.match, within)
    assert not any(other.always or other.within for other in (one, frequent))


@pytest.mark.parametrize("often", [{"oak": FEW, "tree": MANY}, {"oak": 1, "tree": 30 * MANY}])
def test_a_single_rare_term_may_stand_alone_where_nothing_else_is_found(
    often: dict[str, int],
) -> None:
    lookups = narrowed(often, ())
    assert [one.match for one in lookups[-2:]] == ['"oak"', '"tree"']
    assert not any(one.always for one in lookups)


def test_phrases_are_looked_for_beside_the_rarest_terms() -> None:
    rare, frequent = {"oak": FEW, "tree": 3 * MANY}, {"tree": 3 * MANY, "leaf": 3 * MANY}
    assert narrowed(rare, ("set up",))[0].match == '("oak" OR "set up") AND ("tree")'
    assert narrowed(frequent, ("set up",))[0].match.startswith('("set up") AND (')


@pytest.mark.parametrize("phrases", [(), ("set up",)])
@pytest.mark.parametrize(
    "often",
    [
        {"tree": MANY, "oak": FEW},
        {"tree": RANKED, "leaf": MANY, "oak": 1},
        {"tree": MANY, "leaf": MANY, "root": MANY},
        {"tree": 50 * MANY, "leaf": 60 * MANY},
        {f"word{at}": FEW * at for at in range(1, 200)},
    ],
)
def test_each_term_stands_once_in_what_ranks(
    often: dict[str, int], phrases: tuple[str, ...]
) -> None:
    lookups = narrowed(often, phrases)
    assert len(lookups) >= 2
    for one in lookups:
        counts = Counter(re.findall(r'"[^"]+"', one.match))
        assert set(counts.values()) == {1}, one


def test_the_most_frequent_terms_of_many_are_not_scored() -> None:
    often = {"oak": FEW, **{f"word{at}": 10 * RANKED + at for at in range(9)}}
    first = narrowed(often, ())[0].match
    assert '"oak"' in first
    assert '"word8"' not in first
