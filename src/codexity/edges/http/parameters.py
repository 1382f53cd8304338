"""What a request asks, read from its raw query string and checked."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any, Final, Literal
from urllib.parse import unquote_to_bytes

from starlette.responses import JSONResponse

from codexity.engine import MAX_QUESTION_CHARS
from codexity.errors import BadQuestion
from codexity.model import Filters, Question

MAX_SOURCES: Final = 20
EXCLUDE_SITE: Final = "Search everywhere but in these domains; may be repeated."
AFTER: Final = (
    "Published on this day or later: `2024`, `2024-05` or `2024-05-31`; a year or month means its "
    "first day. A page without a date passes."
)
BEFORE: Final = "Published before this day; as `after`."
LANGUAGE: Final = "Written in this language: a code of ISO 639-1, such as `de`."
_REPEATABLE: Final = frozenset({"site", "exclude_site", "collection", "provider"})
_SINGLE: Final = frozenset(
    {"q", "after", "before", "language", "max_sources", "resume", "last_event_id"}
)


class BadParameter(BadQuestion):
    """A parameter of the request is wrong; `name` says which, `where` in which part of it."""

    def __init__(
        self, name: str, message: str, *, where: Literal["query", "body", "header"] = "query"
    ) -> None:
        super().__init__(message, name=name)
        self.where = where


def question_of(query_string: bytes, *, principal: str) -> Question:
    """The question and the filters of a request, not checked yet.

    Raises:
        BadParameter: one is missing, unknown, given twice, or not what it should be.
    """
    values = _values(query_string, _SINGLE, _REPEATABLE)
    if values.get("resume", ["1"])[0] not in {"0", "1"}:
        raise BadParameter("resume", "resume is 0 (stop when I leave) or 1.")
    if "q" not in values:
        message = f"q is missing: the question, 1 to {MAX_QUESTION_CHARS} characters."
        raise BadParameter("q", message)
    filters = Filters(
        site=tuple(values.get("site", ())),
        exclude_site=tuple(values.get("exclude_site", ())),
        after=values.get("after", [None])[0],
        before=values.get("before", [None])[0],
        language=values.get("language", [None])[0],
        collection=tuple(values.get("collection", ())),
        provider=tuple(values.get("provider", ())),
        max_sources=whole_number(
            "max_sources", values.get("max_sources", [None])[0], most=MAX_SOURCES
        ),
    )
    return Question(text=values["q"][0], filters=filters, principal=principal)


def given(query_string: bytes, *, single: Collection[str]) -> dict[str, str]:
    """The parameters of a request that has no others than these, each at most once.

    Raises:
        BadParameter: one is unknown, given twice, or not UTF-8.
    """
    return {name: value for name, (value,) in _values(query_string, single, ()).items()}


def whole_number(name: str, text: str | None, *, most: int) -> int | None:
    """A number from 1 to `most` in digits, or None where there is none.

    Raises:
        BadParameter: it is no such number.
    """
    if text is None:
        return None
    if not re.fullmatch(r"[0-9]{1,3}", text) or not 1 <= int(text) <= most:
        raise BadParameter(name, f"{name} is a whole number from 1 to {most}.")
    return int(text)


def unprocessable(error: BadQuestion, *, posted: bool = False) -> JSONResponse:
    """The 422 of a bad question or parameter: the contract's shape, and FastAPI's beside it."""
    where, name = ("body", "question") if posted else ("query", "q")
    if isinstance(error, BadParameter):
        where = error.where
    name = error.name or name
    detail: list[dict[str, Any]] = [
        {"type": "value_error", "loc": [where, name], "msg": error.message}
    ]
    content = {
        "code": "bad_question",
        "message": error.message,
        "retryable": False,
        "detail": detail,
    }
    return JSONResponse(content, 422)


def _values(
    query_string: bytes, single: Collection[str], repeatable: Collection[str]
) -> dict[str, list[str]]:
    """All values of each parameter.

    The raw bytes are looked at, since frameworks replace what is not UTF-8.
    """
    values: dict[str, list[str]] = {}
    for pair in filter(None, query_string.split(b"&")):
        name, _, value = pair.partition(b"=")
        key = _text("parameter names", name)
        if key not in single and key not in repeatable:
            known = ", ".join(sorted({*single, *repeatable}))
            raise BadParameter(key, f"There is no parameter {key!r}. There are: {known}.")
        values.setdefault(key, []).append(_text(key, value))
    for key, found in values.items():
        if key in single and len(found) > 1:
            raise BadParameter(key, f"{key} is given more than once.")
    return values


def _text(name: str, raw: bytes) -> str:
    try:
        return unquote_to_bytes(raw.replace(b"+", b" ")).decode()
    except UnicodeDecodeError as error:
        raise BadParameter(name, f"{name} is not UTF-8 after percent-decoding.") from error
