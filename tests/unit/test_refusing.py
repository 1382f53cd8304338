"""What a refusal says: what was read, what is nearest, what may be meant."""

from __future__ import annotations

import anyio
import pytest

from codexity import pipeline
from codexity.edges.http.plain import answer_page
from codexity.errors import NoEvidence
from codexity.model import Answer, Limits, Page, Problem, Question, Source, Tried
from codexity.refusing import refusal, showing
from codexity.stages.gather import Gathered
from gathering import Ear
from world import Provider, Shelf, Web, hits, toolbox

NEST = Page(url="/library/own/nest", title="Nest boxes", text="The box is blue.", via="library")


def gathered(*pages: Page, meant: dict[str, str] | None = None) -> Gathered:
    tried = (("library", "1 hit"),)
    return Gathered(pages=pages, tried=tried, hits=1, attempts=1, meant=meant or {})


def source(title: str, quote: str = "") -> Source:
    return Source(
        index=1, title=title, url=NEST.url, site="", published=None, quote=quote, link=NEST.url
    )


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


def test_of_what_is_near_the_words_that_come_nearest_are_shown() -> None:
    near = source("Nest boxes", "The box\nis  blue.")
    error = refusal("What size is the box?", gathered(NEST), [near])
    assert ("Nest boxes: “The box is blue.”", "/library/own/nest") in error.tried
    assert ("Nest boxes", "/library/own/nest") not in error.tried


def test_of_long_words_that_come_near_the_beginning_is_shown() -> None:
    near = source("t" * 300, "blue box " * 100)
    what, _ = refusal("Why?", gathered(NEST), [near]).tried[-1]
    assert what.endswith("blue box …”")
    assert len(what) < 300


def test_no_more_than_three_are_near() -> None:
    near = [source(f"T{at}") for at in range(1, 6)]
    named = [what for what, _ in refusal("Why?", gathered(NEST), near).tried]
    assert named[-3:] == ["T1", "T2", "T3"]


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


@pytest.mark.parametrize(
    "question",
    [
        "What did the nest box of the kestrel cost?",  # no sentence has an amount: the last gate
        "Which ferry goes to the island of Skye on Sundays?",  # nothing covers it: the first gate
    ],
)
async def test_the_sentence_that_comes_nearest_is_shown_where_none_answers(question: str) -> None:
    url = "https://birds.example/kestrel"
    words = (
        "The kestrel hovers over the fields behind the mill.\n\n"
        "The nest box of the kestrel hangs on the north side of the tower.\n\n"
        "A ferry goes over the river in the afternoon."
    )
    tools = toolbox(Provider("p", hits(url)), web=Web(pages={url: words}), shelf=Shelf(pages={}))
    with anyio.fail_after(5), pytest.raises(NoEvidence) as told:
        await pipeline.answer(Question(text=question), tools, Limits(), Ear(), anyio.Event())
    what = {place: named for named, place in told.value.tried}[url]
    wanted = "The nest box of the kestrel" if "kestrel" in question else "A ferry goes over"
    assert wanted in what
