"""What each route may answer with: one table of refusals, and who gives which of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from codexity.edges.http.schemas import ref

_SECONDS: Final = {"schema": {"type": "integer", "minimum": 1}, "required": True}
_RETRY: Final = {"Retry-After": {"description": "When to ask again, in seconds.", **_SECONDS}}
_TEXT: Final = {"schema": {"type": "string"}, "required": True}
_REFUSALS: Final[dict[int, tuple[str, dict[str, Any]]]] = {
    400: ("This is no HTTP, or its head contradicts itself.", {}),
    401: ("A key is needed.", {"WWW-Authenticate": {"description": "Which kind.", **_TEXT}}),
    403: ("Not from there: a page of another site, or an address that was not opened.", {}),
    404: ("There is no such thing, or it is another principal's, or it is no longer kept.", {}),
    408: ("The request did not come in time.", {}),
    409: ("The run is that of another process, which would have to do it.", {}),
    415: ("The body is to be `application/json`.", {}),
    421: ("The server does not answer to this host name.", {}),
    422: ("This cannot be asked; `detail` says which part of it, and why.", {}),
    429: ("This client has too much under way already.", _RETRY),
    431: ("The head of the request is larger than is read.", {}),
    500: ("Something broke that should not have; the log says what.", {}),
    503: (
        "Too much is going on, the server is about to end, or a part of it cannot be used now.",
        _RETRY,
    ),
}
_ANY: Final = (400, 403, 408, 421, 431, 500, 503)
"""What is told before it is known which route was asked for."""
_KEYED: Final = (*_ANY, 401)
_STARTING: Final = (*_KEYED, 422, 429)
_OF_A_RUN: Final = (*_KEYED, 404)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What a route answers with: its own responses by their status, and refusals of the table."""

    own: dict[int, dict[str, Any]]
    refusals: tuple[int, ...]

    def described(self) -> dict[str, Any]:
        """As OpenAPI has it, in the order of the statuses."""
        found = {status: _refusal(status) for status in self.refusals} | self.own
        return {str(status): found[status] for status in sorted(found)}


def _refusal(status: int) -> dict[str, Any]:
    description, headers = _REFUSALS[status]
    content = {
        "application/json": {"schema": ref("Refusal")},
        # Only for a client that names it in `Accept`, as browsers do.
        "text/html": {"schema": {"type": "string"}},
    }
    told = {"description": description, "content": content}
    return {**told, "headers": headers} if headers else told


def _json(description: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"description": description, "content": {"application/json": {"schema": schema}}}


def _html(description: str) -> dict[str, Any]:
    return {"description": description, "content": {"text/html": {"schema": {"type": "string"}}}}


def _list(name: str, item: dict[str, Any], **more: dict[str, Any]) -> dict[str, Any]:
    items = {name: {"type": "array", "items": item}, **more}
    schema = {"type": "object", "properties": items, "required": list(items)}
    address = {"schema": {"type": "string"}, "description": 'The next page, as `rel="next"`.'}
    return _json("One page of the list.", schema) | {"headers": {"Link": address}}


_EVENTS: Final = {
    "description": "The events of the run; each is an `Event` of the schemas, written as the "
    "WHATWG HTML standard has it. Before the first stands `retry`.",
    "content": {
        # `itemSchema` is OpenAPI 3.2's: FastAPI writes it into 3.1 too, and tools read it there.
        "text/event-stream": {"itemSchema": ref("Event")}
    },
}
_NOTHING_LEFT: Final = {
    "description": "The request carried an event id, and nothing is left to say behind it."
}
_STATUS: Final = {"type": "object", "properties": {"status": {"type": "string"}}}
_READY: Final = {
    "type": "object",
    "properties": {"status": {"type": "string"}, "model": {"type": ["string", "null"]}},
    "required": ["status", "model"],
}
_BEGUN: Final = _json(
    "The run has begun, or had begun under this key.",
    {
        "type": "object",
        "properties": {"run": {"type": "string"}, "thread": {"type": "string"}},
        "required": ["run", "thread"],
    },
) | {"headers": {"Location": {"description": "The path of the run.", **_TEXT}}}
_THREAD: Final = {
    "type": "object",
    "properties": {
        "thread": {"type": "string"},
        "question": {"type": "string"},
        "runs": {"type": "integer"},
        "updated": {"type": "number", "description": "When its last run began: a Unix time."},
    },
    "required": ["thread", "question", "runs", "updated"],
}
_DOCUMENT: Final = {
    "type": "object",
    "properties": {
        "title": {"type": "string"},
        "url": {"type": "string", "description": "Its page on this server, a path."},
        "file": {"type": "string", "description": "The name of its file; empty where it is none."},
        "size": {"type": "integer", "description": "Of its file, in bytes."},
        "characters": {"type": "integer", "description": "Of its text."},
        "passages": {"type": "integer", "description": "Of its text, which can be found."},
        "published": {"type": ["string", "null"], "format": "date"},
        "published_from": {"type": ["string", "null"], "description": "Where the date was read."},
    },
    "required": [
        "title",
        "url",
        "file",
        "size",
        "characters",
        "passages",
        "published",
        "published_from",
    ],
}
_SNAPSHOT: Final = _json("The answer as far as it has come.", ref("Answer"))

ANSWERS: Final[dict[tuple[str, str], Answers]] = {
    ("/health", "get"): Answers(own={200: _json("It serves.", _STATUS)}, refusals=_ANY),
    ("/ready", "get"): Answers(own={200: _json("It takes work.", _READY)}, refusals=_KEYED),
    ("/answer", "get"): Answers(own={200: _html("The answer.")}, refusals=_STARTING),
    ("/search", "get"): Answers(own={200: _EVENTS, 204: _NOTHING_LEFT}, refusals=_STARTING),
    ("/runs", "post"): Answers(own={201: _BEGUN}, refusals=(*_STARTING, 404, 415)),
    ("/runs/{run}", "get"): Answers(own={200: _SNAPSHOT}, refusals=_OF_A_RUN),
    ("/runs/{run}", "delete"): Answers(own={200: _SNAPSHOT}, refusals=(*_OF_A_RUN, 409)),
    ("/runs/{run}/stop", "post"): Answers(own={200: _SNAPSHOT}, refusals=(*_OF_A_RUN, 403, 409)),
    ("/runs/{run}/finish", "post"): Answers(own={200: _SNAPSHOT}, refusals=(*_OF_A_RUN, 403, 409)),
    ("/runs/{run}/events", "get"): Answers(
        own={200: _EVENTS, 204: _NOTHING_LEFT}, refusals=(*_OF_A_RUN, 429)
    ),
    ("/threads", "get"): Answers(own={200: _list("threads", _THREAD)}, refusals=(*_KEYED, 422)),
    ("/threads/{thread}", "get"): Answers(
        own={200: _list("runs", ref("ListedAnswer"), thread={"type": "string"})},
        refusals=(*_OF_A_RUN, 422),
    ),
    ("/threads/{thread}", "delete"): Answers(
        own={204: {"description": "It is gone."}}, refusals=(*_OF_A_RUN, 409)
    ),
    ("/library/{collection}", "get"): Answers(
        own={200: _list("documents", _DOCUMENT, collection={"type": "string"})},
        refusals=(*_OF_A_RUN, 422),
    ),
    ("/library/{collection}/{document}", "get"): Answers(
        own={200: _html("The document.")}, refusals=_OF_A_RUN
    ),
}
"""Every route that is described, by its path and method."""
OPEN: Final = frozenset(path for (path, _), told in ANSWERS.items() if 401 not in told.refusals)
"""Where no key is asked for."""
