"""The starter collection's promise, asked over HTTP: what it answers and what it does not."""

from __future__ import annotations

from pathlib import Path

from serving import Server

QUESTIONS = Path(__file__).parent.parent / "questions"


def test_everyday_questions_end_without_evidence(server: Server) -> None:
    asked = (QUESTIONS / "everyday.txt").read_text(encoding="utf-8").splitlines()
    assert len(asked) == 30
    answered = [question for question in asked if server.ask(question).status != "no_evidence"]
    assert len(answered) <= 1, answered


def test_questions_about_python_are_answered(server: Server) -> None:
    lines = (QUESTIONS / "python.tsv").read_text(encoding="utf-8").splitlines()
    asked = [line.split("\t")[0] for line in lines]
    assert len(asked) == 30
    missed = [question for question in asked if server.ask(question).status != "completed"]
    assert len(missed) <= 4, missed
