"""What schemathesis takes for a fault and is none: told apart by the case itself, with its reason.

A file of hooks, which the program loads by its path.
"""

from __future__ import annotations

import re
from typing import Any, Final

import schemathesis
from schemathesis.core.failures import AcceptedNegativeData, Failure
from schemathesis.core.transport import Response
from schemathesis.hooks import HookContext
from schemathesis.openapi.checks import RejectedPositiveData, UseAfterFree

_DOMAIN: Final = re.compile(r"\s*[\w-]{1,63}(\.[\w-]{1,63})*\.?\s*")
# Its cases are generic in a type that it does not name.
Case = Any


@schemathesis.hook  # pyright: ignore[reportUnknownMemberType] - its overloads are not annotated
def filter_failure(context: HookContext, failure: Failure, case: Case, response: Response) -> bool:
    match failure:
        case RejectedPositiveData():
            return not (response.status_code == 422 and _contradicts(case, response))
        case AcceptedNegativeData():
            told = response.status_code == 204 and _has_event_id(case)
            return not (told or _names_domains(case, failure.message))
        case UseAfterFree():
            # DELETE of a run ends its work: the answer so far stays, as the description says.
            return not case.path.startswith("/runs/{run}")
        case _:
            return True


def _contradicts(case: Case, response: Response) -> bool:
    """Whether what is wrong is beyond JSON Schema: one value by another, or by what there is."""
    [wrong] = response.json()["detail"]
    asked = case.body if case.method == "POST" else case.query
    match wrong["loc"]:
        case [_, "before"]:
            # Each is a date; but the one has to be later than the other.
            return _day(asked["before"]) <= _day(asked["after"])
        case [_, "collection"]:
            # Those of this installation are not named to whoever reads the description.
            return bool(asked["collection"])
        case ["header", "Idempotency-Key"]:
            # The key of an earlier case with another body: that is what it is for.
            return "used for another question" in wrong["msg"]
        case _:
            return False


def _day(date: str) -> str:
    return (date + "-01-01")[:10]


def _has_event_id(case: Case) -> bool:
    """Whoever comes back is told 204 where there is nothing for him, whatever else he asks.

    Any other status would have a browser's EventSource come back for ever.
    """
    given = case.headers.get("Last-Event-ID")
    return given is not None or "last_event_id" in (case.query or {})


def _names_domains(case: Case, message: str) -> bool:
    """Whether what it does not describe is how people spell a domain, which is taken as well.

    That is their own letters, a dot at the end and blanks around it: ECMA's patterns, which JSON
    Schema has, know no letters but those of ASCII.
    """
    asked = case.body if case.method == "POST" else case.query
    for name in ("site", "exclude_site"):
        if f"`{name}`" in message or f"/{name}/" in message:
            given = asked[name]
            domains = [given] if isinstance(given, str) else given
            return all(isinstance(one, str) and _DOMAIN.fullmatch(one) for one in domains)
    return False
