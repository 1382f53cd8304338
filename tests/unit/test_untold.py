"""What was tried in vain is told once: beside what was skipped, or with it."""

from __future__ import annotations

import pytest

from codexity.edges.http.plain import answer_page
from codexity.edges.spelling import untold
from codexity.model import Answer, Failure, Problem, Tried

SILENT = ("library", "It found nothing.")
BLOCKED = ("searxng", "It asked for a captcha.")
FOUND = ("mojeek", "3 hits")
PAGES = ("pages", "None of the pages read speaks of the question.")


def unanswered(skipped: list[tuple[str, str]], tried: list[tuple[str, str]]) -> Answer:
    return Answer(
        question="q",
        text="",
        status="no_evidence",
        skipped=tuple(
            Failure(stage="search", what=what, why=why, code="no_results") for what, why in skipped
        ),
        error=Problem(
            code="no_results",
            message="No search results found",
            retryable=False,
            tried=tuple(Tried(what=what, said=said) for what, said in tried),
        ),
    )


@pytest.mark.parametrize(
    ("skipped", "tried", "left"),
    [
        ([SILENT, BLOCKED], [SILENT, BLOCKED], []),
        ([SILENT], [SILENT, FOUND, PAGES], [FOUND, PAGES]),
        ([], [SILENT, PAGES], [SILENT, PAGES]),
        ([(SILENT[0], BLOCKED[1])], [SILENT, BLOCKED], [SILENT, BLOCKED]),
    ],
)
def test_only_what_was_not_told_as_skipped_is_left_to_be_told(
    skipped: list[tuple[str, str]], tried: list[tuple[str, str]], left: list[tuple[str, str]]
) -> None:
    answer = unanswered(skipped, tried)
    assert [(one.what, one.said) for one in untold(answer)] == left
    page = answer_page(answer)
    for what, said in {*skipped, *tried}:
        assert len(page.split(f"{what}: {said}")) + len(page.split(f"{what}</span><p>{said}")) == 3


def test_an_answer_leaves_nothing_to_be_told() -> None:
    assert untold(Answer(question="q", text="a", status="completed")) == ()


def test_only_a_sign_at_the_beginning_of_a_line_makes_a_heading() -> None:
    shown = answer_page(Answer(question="q", text="In C# it is so.\n\n# Head", status="completed"))
    assert "<p>In C# it is so.</p>" in shown
    assert "<p><strong>Head</strong></p>" in shown
