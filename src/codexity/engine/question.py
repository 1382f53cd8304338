"""A question checked before anything is begun for it."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from codexity import filters
from codexity.errors import BadQuestion
from codexity.model import Question

MAX_QUESTION_CHARS: Final = 500


def checked(question: Question) -> Question:
    """The question with its text trimmed and its filters in one spelling.

    Raises:
        BadQuestion: it is empty, longer than 500 characters, or holds what is not text; or a filter
            is not what it should be.
    """
    text = question.text.strip()
    if not text:
        raise BadQuestion("The question is empty. Ask something.")
    if len(text) > MAX_QUESTION_CHARS:
        message = (
            f"The question has {len(text)} characters; at most {MAX_QUESTION_CHARS} can be asked."
        )
        raise BadQuestion(message)
    if "\0" in text or any("\ud800" <= character <= "\udfff" for character in text):
        raise BadQuestion("The question holds characters that are not text (NUL or broken UTF-8).")
    return replace(question, text=text, filters=filters.checked(question.filters))
