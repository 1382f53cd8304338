"""A question checked before anything is begun for it."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from codexity.errors import BadQuestion
from codexity.model import Question

MAX_QUESTION_CHARS: Final = 500
_MAX_FILTERS: Final = 20
_DOMAIN_CHARS: Final = 253
_DOMAIN: Final = re.compile(r"[\w-]{1,63}(?:\.[\w-]{1,63})*\.?")


def checked(question: Question) -> Question:
    """The question with its text trimmed and its sites in lower case.

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
    filters = question.filters
    sites = tuple(site.strip().lower() for site in filters.site)
    for site in sites:
        if not _DOMAIN.fullmatch(site):
            raise BadQuestion(f"site is a domain such as docs.python.org, not {site[:60]!r}.")
    for name, values in (("site", sites), ("collection", filters.collection)):
        if len(values) > _MAX_FILTERS or not all(0 < len(one) <= _DOMAIN_CHARS for one in values):
            raise BadQuestion(f"{name} is given too often, too long, or empty.")
    return replace(question, text=text, filters=replace(filters, site=sites))
