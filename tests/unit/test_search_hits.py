"""What any engine's reply is read as, whatever it holds."""

from __future__ import annotations

import httpx2
import pytest

from codexity.adapters.search.asking import Service
from codexity.adapters.search.hits import rows, usable, without_bangs
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


@pytest.mark.parametrize(
    ("said", "known"),
    [
        ("2024-05-06", "2024-05-06"),
        ("2024-05-06T23:59:59+02:00", "2024-05-06"),
        ("Tue, 11 Mar 2025 10:00:00 GMT", "2025-03-11"),
        ("2024-02-30", None),
        ("1066-10-14", None),
        ("0001-01-01T00:00:00", None),
        ("3024-05-06", None),
        ("2 days ago", None),
        ("Tue, 99 Foo 99999", None),
        ("", None),
        (1_714_953_600, None),
        (None, None),
    ],
)
def test_a_day_is_one_on_which_a_page_can_have_been_published(
    said: object, known: str | None
) -> None:
    listed = [{"url": "https://a.example/", "title": "A", "when": said}]
    found = rows(listed, snippet="content", published="when")
    assert found is not None
    assert found[0].published == known


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("What does !in mean?", "What does in mean?"),
        ("!w kestrel", "w kestrel"),
        ("!!x kestrel !", "x kestrel"),
        (r"\kestrel", "kestrel"),
        ("a != b, wow! C:\\dir a!b", "a != b, wow! C:\\dir a!b"),
        ("!", "!"),
    ],
)
def test_what_asks_another_site_is_no_part_of_a_word(text: str, left: str) -> None:
    assert without_bangs(text) == left
