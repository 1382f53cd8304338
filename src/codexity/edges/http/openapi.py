"""The OpenAPI text of the streams, written beside what FastAPI makes of the other routes."""

from __future__ import annotations

from typing import Any, Final

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from codexity.edges.http.parameters import AFTER, BEFORE, EXCLUDE_SITE, LANGUAGE, MAX_SOURCES
from codexity.engine import MAX_QUESTION_CHARS

_EVENTS: Final = """Starts a run and streams its events as `text/event-stream`.

Every event has an `id` (`<run>-<seq>`), its name, and one line of JSON. The answer is the `text` of
all `token` events, concatenated; `[n]` in it is source `n` of `sources`.

| event | data |
|---|---|
| `status` | `{"step": ...}`: `queued` (`run`, `place`) where it has to wait, `rewriting_query` (with `run` and `protocol`) first, then `queries_ready` (`queries`), `searching`, `scraping`, `scraping_done` (`scraped`, `total`), `processing`, `generating` (`model`, null where answers are made of the sources' own sentences) |
| `skipped` | `{"stage", "what", "why", "code"}`: something failed and the run went on without it |
| `sources_preview` | `{"count", "urls"}`: the first hits |
| `page` | `{"url", "title", "chars", "via"}`: a page was read |
| `sources` | `{"sources": [{"index", "title", "url", "site", "published", "quote", "link"}]}`, before the first token |
| `token` | `{"text"}` |
| `error` | `{"code", "message", "retryable"}`, at most one; where nothing was found also `tried` |
| `done` | `{"status", "run", "seconds", "usage"}`: exactly one, always last |
| `heartbeat` | `{}`, after silence |

Leaving stops the work: at once, or after a while where the request could come back (`text/event-stream`
in `Accept`, or an event id). A request with `Last-Event-ID` never starts work: it continues that run, is
told that it is gone, or is answered with 204 where there is nothing more to say.
"""  # noqa: E501 - a table has no shorter lines


_QUESTION: Final = (
    "The question. `site:`, `-site:`, `after:`, `before:` and `lang:` in it, each before its value "
    "and outside of quotation marks, are filters too."
)


def described(app: FastAPI) -> dict[str, Any]:
    """The schema of all routes."""
    if app.openapi_schema is None:
        schema = get_openapi(
            title=app.title, version=app.version, summary=app.summary, routes=app.routes
        )
        schema["paths"]["/search"] = {"get": _search()}
        schema["paths"]["/runs/{run}/events"] = {"get": _events()}
        schema["components"] = schema.get("components", {})
        schema["components"].setdefault("schemas", {})["Problem"] = _problem()
        app.openapi_schema = schema
    return app.openapi_schema


def _search() -> dict[str, Any]:
    text = {"type": "string"}
    texts = {"type": "array", "items": text}
    count = {"type": "integer", "minimum": 1, "maximum": MAX_SOURCES}
    question = {"type": "string", "minLength": 1, "maxLength": MAX_QUESTION_CHARS}
    return {
        "tags": ["runs"],
        "summary": "Ask",
        "description": _EVENTS,
        "operationId": "search",
        "parameters": [
            _parameter("q", question, _QUESTION, required=True),
            _parameter("site", texts, "Search these domains only; may be repeated."),
            _parameter("exclude_site", texts, EXCLUDE_SITE),
            _parameter("after", text, AFTER),
            _parameter("before", text, BEFORE),
            _parameter("language", text, LANGUAGE),
            _parameter("collection", texts, "Search these collections of the library only."),
            _parameter("provider", texts, "Ask these providers only."),
            _parameter("max_sources", count, "At most so many sources."),
            _parameter("resume", {"enum": ["0", "1"]}, "0: stop at once when I leave."),
            *_cursor(),
        ],
        "responses": {
            "200": {
                "description": "The events of the run.",
                "content": {"text/event-stream": {"schema": text}},
            },
            "204": {"description": "The request carried an event id, and nothing is left to say."},
            "401": _refusal("A key is needed."),
            "403": _refusal("Work may not be started from there."),
            "421": _refusal("The server does not answer to this host name."),
            "422": _refusal("The question or a filter cannot be asked; `detail` says which."),
            "429": _refusal("Too many streams of this client."),
            "503": _refusal("Too much is going on, or the server is about to end."),
        },
    }


def _events() -> dict[str, Any]:
    text = {"type": "string"}
    run = _parameter("run", text, "The run's id.", required=True) | {"in": "path"}
    return {
        "tags": ["runs"],
        "summary": "Follow a run",
        "description": "Its events from the start, or behind an event id, as `/search` has them.",
        "operationId": "events",
        "parameters": [run, *_cursor()],
        "responses": {
            "200": {
                "description": "The events of the run.",
                "content": {"text/event-stream": {"schema": text}},
            },
            "204": {"description": "Nothing is left to say behind this id."},
            "404": _refusal("There is no such run, or it is no longer kept."),
        },
    }


def _cursor() -> tuple[dict[str, Any], ...]:
    text = {"type": "string"}
    described = "Continue behind this event: `<run>-<seq>`."
    header = _parameter("Last-Event-ID", text, described) | {"in": "header"}
    return header, _parameter("last_event_id", text, f"{described} As the header.")


def _parameter(
    name: str, schema: dict[str, Any], description: str, *, required: bool = False
) -> dict[str, Any]:
    return {
        "name": name,
        "in": "query",
        "required": required,
        "description": description,
        "schema": schema,
    }


def _refusal(description: str) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Problem"}
    return {"description": description, "content": {"application/json": {"schema": schema}}}


def _problem() -> dict[str, Any]:
    return {
        "type": "object",
        "required": ["code", "message", "retryable"],
        "properties": {
            "code": {"type": "string"},
            "message": {"type": "string"},
            "retryable": {"type": "boolean"},
            "detail": {"type": "array", "items": {"type": "object"}},
        },
    }
