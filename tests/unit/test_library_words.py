"""The words that documents are found by, and the passages they are cut into."""

from __future__ import annotations

from itertools import pairwise

from codexity.adapters.library.documents import sliced, stem_text
from codexity.adapters.library.ranking import content, spoken_code


def test_stop_words_count_where_they_are_spoken_of_as_code() -> None:
    assert spoken_code("how does the with statement work") == ("with",)
    assert spoken_code("What does `is` do?") == ("is",)
    assert spoken_code("a gift for a friend with taste") == ()
    assert content("How do cats purr, and why do cats sleep?") == ("cat", "purr", "sleep")


def test_identifiers_are_found_by_their_parts() -> None:
    assert {"lru_cach", "lru", "cach"} <= set(stem_text("lru_cache(maxsize)").split())


def test_passages_cover_the_text_in_order_and_stay_small() -> None:
    text = "\n\n".join(
        ["Heading", "One two three. " * 100, "word " * 1_000, "Next heading", "Short end."]
    )
    found = [(one.start, one.start + one.length) for one in sliced(text)]
    assert all(left[1] <= right[0] for left, right in pairwise(found))
    assert " ".join(text[begin:end] for begin, end in found).split() == text.split()
    assert max(len(text[begin:end].split()) for begin, end in found) <= 300
