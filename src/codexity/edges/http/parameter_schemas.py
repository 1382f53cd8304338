"""What may be asked, as JSON Schema: the same for a query string and for a body."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from codexity.edges.http.parameters import AFTER, BEFORE, EXCLUDE_SITE, LANGUAGE, MAX_SOURCES
from codexity.edges.http.schemas import Schema
from codexity.engine import MAX_QUESTION_CHARS
from codexity.filters import LANGUAGES, MAX_FILTERS

_QUESTION: Final = (
    "The question. `site:`, `-site:`, `after:`, `before:` and `lang:` in it, each before its value "
    "and outside of quotation marks, are filters too."
)
_BLANK: Final = r"\s\u0000\u001c-\u001f\u0085\ufeff"
QUESTION: Final[Schema] = {
    "type": "string",
    "minLength": 1,
    "maxLength": MAX_QUESTION_CHARS,
    "pattern": rf"^[^\u0000]*[^{_BLANK}][^\u0000]*$",
    "description": _QUESTION,
}
_LABEL: Final = "[A-Za-z0-9_-]{1,63}"
_DOMAIN: Final[Schema] = {
    "type": "string", "maxLength": 253, "pattern": rf"^{_LABEL}(\.{_LABEL})*$"
}  # fmt: skip
_LEAP: Final = "([0-9]{2}(0[48]|[2468][048]|[13579][26])|([2468][048]|[13579][26])00)"
_DATE: Final = (
    "^([1-9][0-9]{3}(-(0[1-9]|1[0-2])(-(0[1-9]|1[0-9]|2[0-8]))?|-(0[13-9]|1[0-2])-(29|30)"
    f"|-(0[13578]|1[02])-31)?|(?!0){_LEAP}-02-29)$"
)


def filters(providers: Sequence[str]) -> dict[str, Schema]:
    """The filters by their names; `providers` are those that are set up."""
    provider: Schema = {"type": "string", "enum": [*providers]}
    collection: Schema = {"type": "string", "minLength": 1, "maxLength": 253}
    return {
        "site": _several(_DOMAIN, "Search these domains only; may be repeated."),
        "exclude_site": _several(_DOMAIN, EXCLUDE_SITE),
        "after": {"type": "string", "pattern": _DATE, "description": AFTER},
        "before": {"type": "string", "pattern": _DATE, "description": BEFORE},
        "language": {"type": "string", "enum": sorted(LANGUAGES), "description": LANGUAGE},
        "collection": _several(collection, "Search these collections of the library only."),
        "provider": _several(provider, "Ask these providers only."),
        "max_sources": {
            "type": "integer",
            "minimum": 1,
            "maximum": MAX_SOURCES,
            "description": "At most so many sources.",
        },
    }


def body(model: Schema, providers: Sequence[str]) -> dict[str, Any]:
    """The body that is read into the model of this schema, its fields as they are checked."""
    known = filters(providers)
    properties = {
        name: _optional(known[name], given) if name in known else given
        for name, given in model["properties"].items()
    }
    properties["question"] = QUESTION
    stays = {"properties": {"on_leave": {"const": "stop"}}, "required": ["on_leave"]}
    schema = model | {
        "properties": properties,
        "if": {"not": stays},
        "then": {"properties": {"resume_seconds": {"type": "null"}}},
    }
    return {"required": True, "content": {"application/json": {"schema": schema}}}


def parameter(name: str, schema: Schema, *, place: str = "query", required: bool = False) -> Schema:
    """A parameter of a request; its description is taken out of the schema."""
    described = {key: value for key, value in schema.items() if key != "description"}
    told = {"description": schema["description"]} if "description" in schema else {}
    return {"name": name, "in": place, "required": required, **told, "schema": described}


def _several(item: Schema, description: str) -> Schema:
    return {
        "type": "array", "items": item, "maxItems": MAX_FILTERS, "description": description
    }  # fmt: skip


def _optional(schema: Schema, given: Schema) -> Schema:
    if {"type": "null"} not in given.get("anyOf", ()):
        return schema
    described = {key: value for key, value in schema.items() if key != "description"}
    return {"anyOf": [described, {"type": "null"}], "description": schema["description"]}
