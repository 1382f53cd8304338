"""What a request asks is read from its raw bytes, and refused where it is not what it should be."""

from __future__ import annotations

import pytest

from codexity.edges.http.parameters import BadParameter, question_of


@pytest.mark.parametrize("value", ["0", "21", "-1", "1.5", "", "9" * 5_000, "%D9%A3"])
def test_max_sources_is_a_small_whole_number(value: str) -> None:
    with pytest.raises(BadParameter) as told:
        question_of(f"q=x&max_sources={value}".encode(), principal="local")
    assert told.value.name == "max_sources"
    asked = question_of(b"q=x&max_sources=20", principal="local")
    assert asked.filters.max_sources == 20
