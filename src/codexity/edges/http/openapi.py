"""The description of the interface: what FastAPI knows of the routes, and what it cannot know.

Bodies and parameters are read by hand, streams are plain ASGI, and refusals come from many places:
all of that is described from the tables that say it once.
"""

from __future__ import annotations

from typing import Any, Final

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from codexity.edges.http import parameter_schemas, schemas, statuses
from codexity.edges.http.lists import DEFAULT_LISTED
from codexity.edges.http.parameter_schemas import parameter
from codexity.edges.http.runs import KEY, NewRun
from codexity.edges.http.schemas import RUN_ID, Schema
from codexity.edges.http.threads import NUMBER
from codexity.engine import MOST_LISTED
from codexity.model import STARTER
from codexity.settings import Settings

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
| `done` | `{"status", "run", "seconds", "usage", "reason"}`: exactly one, always last; `reason` of a `cancelled` run is `stopped` (somebody stopped it) or `left` (nobody came back in time), else null |
| `heartbeat` | `{}`, after silence |

Leaving stops the work: at once, or after a while where the request could come back (`text/event-stream`
in `Accept`, or an event id). A request with `Last-Event-ID` never starts work: it continues that run, is
told that it is gone, or is answered with 204 where there is nothing more to say.
"""  # noqa: E501 - a table has no shorter lines
_CURSOR: Final[Schema] = {
    "type": "string", "description": "Continue behind this event: `<run>-<seq>`."
}  # fmt: skip
_RESUME: Final[Schema] = {"enum": ["0", "1"], "description": "0: stop at once when I leave."}
_KEY: Final[Schema] = {
    "type": "string",
    "pattern": f"^{KEY.pattern}$",
    "description": "The same request with the same key begins nothing twice.",
}
_ID: Final[Schema] = {"type": "string", "pattern": RUN_ID}
_SCHEMES: Final = {
    "bearer": {"type": "http", "scheme": "bearer", "description": "A key of the settings."},
    "basic": {"type": "http", "scheme": "basic", "description": "Any name, and a key."},
}


def described(app: FastAPI) -> dict[str, Any]:
    """The schema of all routes, as this server's settings have them."""
    if app.openapi_schema is None:
        schema = get_openapi(
            title=app.title, version=app.version, summary=app.summary, routes=app.routes
        )
        settings: Settings = app.state.settings
        paths: dict[str, Any] = schema["paths"]
        paths["/search"] = {"get": _operation("search", "Ask", _EVENTS)}
        follow = "Its events from the start, or behind an event id, as `/search` has them."
        paths["/runs/{run}/events"] = {"get": _operation("events", "Follow a run", follow)}
        for (path, method), answers in statuses.ANSWERS.items():
            operation = paths[path][method]
            operation["parameters"] = [*_of_path(path), *_parameters(path, method, settings)]
            operation["responses"] = answers.described()
            if settings.server.api_keys and path not in statuses.OPEN:
                operation["security"] = [{name: []} for name in _SCHEMES]
        model = NewRun.model_json_schema()
        paths["/runs"]["post"]["requestBody"] = parameter_schemas.body(model, _providers(settings))
        schema["components"] = {"schemas": schemas.components(), "securitySchemes": _SCHEMES}
        app.openapi_schema = schema
    return app.openapi_schema


def _operation(name: str, summary: str, description: str) -> dict[str, Any]:
    return {"tags": ["runs"], "summary": summary, "description": description, "operationId": name}


def _of_path(path: str) -> list[Schema]:
    names = [part[1:-1] for part in path.split("/") if part.startswith("{")]
    text: Schema = {"type": "string", "minLength": 1}
    return [
        parameter(name, _ID if name in {"run", "thread"} else text, place="path", required=True)
        for name in names
    ]


def _parameters(path: str, method: str, settings: Settings) -> list[Schema]:
    question = _question(settings)
    known = {
        ("/search", "get"): [*question, parameter("resume", _RESUME), *_cursor()],
        ("/answer", "get"): question,
        ("/runs/{run}/events", "get"): _cursor(),
        ("/runs", "post"): [parameter("Idempotency-Key", _KEY, place="header")],
        ("/threads", "get"): _pages("before", f"^{NUMBER.pattern}$"),
        ("/threads/{thread}", "get"): _pages("after", RUN_ID),
        ("/library/{collection}", "get"): _pages("after", "^.+$"),
    }
    return known.get((path, method), [])


def _question(settings: Settings) -> list[Schema]:
    asked = parameter("q", parameter_schemas.QUESTION, required=True)
    known = parameter_schemas.filters(_providers(settings))
    return [asked, *(parameter(name, schema) for name, schema in known.items())]


def _pages(cursor: str, pattern: str) -> list[Schema]:
    where = f"Where the page begins: what `Link` of the one in front names as `{cursor}`."
    limit: Schema = {
        "type": "integer",
        "minimum": 1,
        "maximum": MOST_LISTED,
        "default": DEFAULT_LISTED,
        "description": "At most so many.",
    }
    place: Schema = {"type": "string", "pattern": pattern, "description": where}
    return [parameter(cursor, place), parameter("limit", limit)]


def _cursor() -> list[Schema]:
    as_header = _CURSOR | {"description": f"{_CURSOR['description']} As the header."}
    return [
        parameter("Last-Event-ID", _CURSOR, place="header"),
        parameter("last_event_id", as_header),
    ]


def _providers(settings: Settings) -> list[str]:
    named = [name for group in settings.search.alternatives() for name in group]
    return [*dict.fromkeys(named), *([STARTER] if settings.search.starter else [])]
