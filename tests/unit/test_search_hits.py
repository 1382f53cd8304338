"""What any engine's reply is read as, whatever it holds."""

from __future__ import annotations

import httpx2

from codexity.adapters.search.asking import Service
from codexity.adapters.search.hits import rows, usable
from codexity.model import Query


def test_half_a_character_in_an_address_or_a_title_breaks_nothing_behind_it() -> None:
    listed = [{"url": "https://a.example/\ud83d", "title": "A \udcff", "content": "x\ud800"}]
    found = rows(listed, snippet="content")
    assert found is not None
    (hit,) = usable(found, Query(text="q"), 5)
    assert (hit.url, hit.title, hit.snippet) == ("https://a.example/?", "A ?", "x?")
    assert str(httpx2.URL(hit.url)) == hit.url


def test_the_detail_of_a_failure_holds_no_password() -> None:
    service = Service(
        title="SearXNG",
        url="http://me:geheim@search.example:8080/search",
        unreachable="",
        nonsense="",
        refusals={},
    )
    failures = (service.makes_no_sense("HTTP 200"), service.refused("blocked", "No."))
    for failure in failures:
        assert "http://search.example:8080/search" in failure.detail
        assert "geheim" not in f"{failure.message} {failure.detail}"
