"""Which clients ask for a page where something is refused, and what stands on it."""

from __future__ import annotations

import pytest

from codexity.edges.http.error_pages import error_page, wants_page

TOLD = {"code": "busy", "message": "Too <much> & more.", "retryable": True}


@pytest.mark.parametrize(
    ("accept", "wanted"),
    [
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", True),
        ("text/html, text/plain, */*;q=0.1", True),
        ("TEXT/HTML", True),
        ("text/html;level=1;q=0.4", True),
        ("application/json;q=0.5, text/html", True),
        ("text/html, application/json", True),
        ("application/json, text/html", False),
        ("text/html;q=0.5, application/json;q=0.9", False),
        ("text/html;q=0", False),
        ("text/html;q=none", False),
        ("*/*", False),
        ("text/*", False),
        ("text/event-stream", False),
        ("application/json", False),
        ("image/avif,image/webp,*/*;q=0.8", False),
        ("", False),
    ],
)
def test_a_page_is_for_who_names_html_and_json_not_before_it(accept: str, wanted: bool) -> None:
    assert wants_page([(b"host", b"here"), (b"accept", accept.encode())]) is wanted


def test_without_accept_and_with_several_lines_of_it() -> None:
    assert not wants_page([(b"host", b"here")])
    assert wants_page([(b"accept", b"image/png"), (b"accept", b"text/html")])


@pytest.mark.parametrize(
    ("target", "up"),
    [
        (b"/nothing", ""),
        (b"/runs/none", "../"),
        (b"/library/notes/deep/one?x=/a/b", "../../../"),
        (b"/", ""),
        (b"*", ""),
        (b"", ""),
    ],
)
def test_the_way_back_is_relative_to_what_was_asked_for(target: bytes, up: str) -> None:
    page = error_page(404, TOLD, target)
    assert f'href="{up}page/style.css"' in page
    assert f'<a href="{up or "./"}">Back to the start page</a>' in page


def test_words_stay_words_and_a_question_is_kept_to_be_mended() -> None:
    page = error_page(422, TOLD, b"/answer?q=what+is+%22%3Cb%3E%22&site=x")
    assert "Too &lt;much&gt; &amp; more." in page
    assert 'value="what is &quot;&lt;b&gt;&quot;"' in page
    assert "<h1>This cannot be asked</h1>" in page


def test_only_what_may_be_asked_again_is_offered_again() -> None:
    assert "Try again" in error_page(503, TOLD, b"/answer?q=x")
    assert "Try again" not in error_page(503, TOLD, b"/runs", again=False)
    assert "Try again" not in error_page(422, TOLD | {"retryable": False}, b"/answer?q=x")


@pytest.mark.parametrize(
    "target",
    [b"/" * 60_000, b"/?q=" + b"%22" * 20_000, b"/?q=" + b"a" * 60_000, b"/?" + b"&" * 60_000],
)
def test_a_page_is_not_many_times_what_was_asked_for(target: bytes) -> None:
    assert len(error_page(404, TOLD, target)) < len(target)
