"""What a page has in brackets is never taken for a citation, whatever is done with its text."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from codexity.citations import CitationCleaner, foreign

_PIECES = """[ ] [ ] [[ ]] 1 2 3 12 [1] [2] [note 3] [^4] 【5】 ［6］ [source 7†x] ` ``` ~~~ ( ) -
, . * word word. Word source \\ \\[ \\] x[1] 0""".split()
_TEXT = st.lists(
    st.sampled_from([*_PIECES, " ", " ", "\n", "\n\n"]) | st.text(max_size=3), max_size=40
).map("".join)


def heard(text: str) -> str:
    cleaner = CitationCleaner(20)
    return cleaner.feed(text) + cleaner.close()


@pytest.mark.parametrize(
    ("page", "told"),
    [
        ("Herons eat fish in the morning.[12] They nest in trees.", "fish in the morning. They"),
        ("Herons[3] eat fish[4][5] in the early morning.", "Herons eat fish in the"),
        ("It was “the best of times”[1] for herons and fish.", "times” for herons"),
        ("The mean of [1, 5] is closed, and herons like it so.", "mean of ⟦1, 5⟧ is"),
        ("Call sys.argv[1] to get the first of all arguments.", "sys.argv⟦1⟧ to"),
        ("The first is parts[0] of what the call gives back.", "parts⟦0⟧ of"),
        ("As 【2】 and [note 3] say, herons eat fish every day.", "As ⟦2⟧ and ⟦note 3⟧ say"),
        ("References [7]", "References ⟦7⟧"),
        ("for x in a:\n    print(x[1])", "```\nfor x in a:\n    print(x[1])\n```"),
        ("for x in a:\n    print(x)", "for x in a:\n    print(x)"),
        ("Herons [sic] eat fish [citation needed] in ponds.", "[sic] eat fish [citation needed]"),
        ("Nothing in brackets here.", "Nothing in brackets here."),
    ],
)
def test_numbers_of_a_page_go_or_are_written_otherwise(page: str, told: str) -> None:
    assert told in foreign(page)


@given(_TEXT)
@example("a [1")
@example("a [\n\n1]")
@example("```\nx[1]\n```")
def test_nothing_of_a_page_becomes_a_citation_when_it_is_repeated(text: str) -> None:
    assert re.findall(r"\[\d+\]", heard(foreign(text))) == []


def test_the_same_text_left_as_it_is_becomes_citations() -> None:
    text = "Herons eat fish.[12] See [note 3] and 【5】."
    assert heard(text) == "Herons eat fish.[12] See [3] and [5]."
