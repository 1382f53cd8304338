"""What a refusal says: what was read, what is nearest, what may be meant."""

from __future__ import annotations

import pytest

from codexity.edges.http.plain import answer_page
from codexity.model import Answer, Page, Problem, Tried
from codexity.refusing import refusal, showing
from codexity.stages.gather import Gathered

NEST = Page(url="/library/own/nest", title="Nest boxes", text="The box is blue.", via="library")


def gathered(*pages: Page, meant: dict[str, str] | None = None) -> Gathered:
    tried = (("library", "1 hit"),)
    return Gathered(pages=pages, tried=tried, hits=1, attempts=1, meant=meant or {})


def test_what_is_near_is_named_by_its_title_and_its_address() -> None:
    error = refusal("Where is the Kestrol?", gathered(NEST, meant={"Kestrol": "kestrel"}))
    assert error.message == "No search results found that answer this."
    assert error.tried[0] == ("library", "1 hit")
    assert ("Nest boxes", "/library/own/nest") in error.tried
    assert error.tried[-1] == ("did you mean", '"kestrel" for "Kestrol"')


@pytest.mark.parametrize(
    ("meant", "said"),
    [
        ({"pumkin": "pumpkin"}, 'Showing results for "pumpkin": nothing here has "pumkin".\n\n'),
        (
            {"grup": "group", "gte_it": "get_it"},
            'Showing results for "group" and "get_it": nothing here has "grup" and "gte_it".\n\n',
        ),
        ({"Kestrol": "kestrel"}, ""),
        ({}, ""),
    ],
)
def test_an_answer_says_which_words_it_is_for(meant: dict[str, str], said: str) -> None:
    assert showing(meant) == said


def test_where_nothing_was_found_nothing_is_near() -> None:
    error = refusal("Where is it?", gathered())
    assert error.message == "No search results found"
    assert error.tried == (("library", "1 hit"),)


def test_on_the_page_what_is_near_is_a_link_and_all_else_is_text() -> None:
    tried = (
        Tried(what="Nest <b>", said="/library/own/nest"),
        Tried(what="web", said="https://engine.test/ said no <i>"),
        Tried(what="x", said="javascript:alert(1)"),
    )
    problem = Problem(code="no_results", message="No", retryable=False, tried=tried)
    shown = answer_page(Answer(question="q", text="", status="no_evidence", error=problem))
    assert '<li><a href="library/own/nest" rel="noreferrer">Nest &lt;b&gt;</a></li>' in shown
    assert "<li>web: https://engine.test/ said no &lt;i&gt;</li>" in shown
    assert "<li>x: javascript:alert(1)</li>" in shown
