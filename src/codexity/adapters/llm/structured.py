"""Finds the JSON object in a model's reply and checks it against a schema."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, cast

KEYWORDS = frozenset(
    {"type", "enum", "properties", "required", "items", "minItems", "maxItems"},
)
"""What `mismatch` looks at; servers let go of others without a word, so no schema has them."""
_MOST_STARTS = 50
_TYPES: Mapping[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "null": (type(None),),
}


def object_in(text: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    """The first JSON object in the text that fits the schema, past prose and code fences.

    Raises:
        ValueError: there is none; it says what was wrong with the first that was found.
    """
    wrong = "no JSON object"
    for found in _objects(text):
        fault = mismatch(found, schema)
        if fault is None:
            return found
        wrong = fault if wrong == "no JSON object" else wrong
    raise ValueError(wrong)


def _objects(text: str) -> Iterator[dict[str, Any]]:
    decoder = json.JSONDecoder()
    start = text.find("{")
    for _ in range(_MOST_STARTS):
        if start < 0:
            return
        try:
            found, end = decoder.raw_decode(text, start)
        except (ValueError, RecursionError):
            end = start + 1
        else:
            yield cast("dict[str, Any]", found)
        start = text.find("{", end)


def mismatch(value: object, schema: Mapping[str, Any], place: str = "reply") -> str | None:
    """What of the value does not fit the schema, or None.

    Keywords that are not among `KEYWORDS` are not looked at.
    Source: JSON Schema 2020-12, "Validation".
    """
    kind = schema.get("type")
    if isinstance(kind, str) and not _is(value, kind):
        return f"{place} is not of type {kind}"
    if "enum" in schema and value not in schema["enum"]:
        return f"{place} is none of the values allowed"
    if isinstance(value, dict):
        return _mismatch_of_object(cast("dict[str, Any]", value), schema, place)
    if isinstance(value, list):
        return _mismatch_of_array(cast("list[Any]", value), schema, place)
    return None


def _is(value: object, kind: str) -> bool:
    # A bool is an int to Python, not to JSON.
    if isinstance(value, bool) and kind != "boolean":
        return False
    return isinstance(value, _TYPES.get(kind, (object,)))


def _mismatch_of_object(value: dict[str, Any], schema: Mapping[str, Any], place: str) -> str | None:
    for name in schema.get("required", ()):
        if name not in value:
            return f"{place} lacks {name}"
    for name, inner in schema.get("properties", {}).items():
        if name in value and (fault := mismatch(value[name], inner, f"{place}.{name}")):
            return fault
    return None


def _mismatch_of_array(value: list[Any], schema: Mapping[str, Any], place: str) -> str | None:
    if not schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", len(value)):
        return f"{place} has {len(value)} items"
    for number, item in enumerate(value):
        fault = mismatch(item, schema.get("items", {}), f"{place}[{number}]")
        if fault:
            return fault
    return None
