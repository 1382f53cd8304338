"""The shapes of what is answered, as JSON Schema: made of the types that are sent."""

from __future__ import annotations

from typing import Any, Final

from pydantic import TypeAdapter

from codexity.events import DETAILS, KINDS, UNSAID, Status
from codexity.model import Answer

Schema = dict[str, Any]

RUN_ID: Final = "^[0-9a-f]{32}$"
_REF: Final = "#/components/schemas/"
_MAY_BE_NULL: Final = frozenset({"model"})
"""A detail of a status is there or not; of these alone the value may be null."""
_LEFT_OUT: Final = {"error": frozenset({"tried"})}
"""What an event has only where there is something to say."""


def ref(name: str) -> Schema:
    """Points at a schema of the components."""
    return {"$ref": _REF + name}


def components() -> dict[str, Schema]:
    """All schemas that have a name."""
    found: dict[str, Schema] = {}
    datas = {name: _data(kind, found) for name, kind in KINDS.items() if kind is not Status}
    datas |= {"status": _statuses(found), "heartbeat": {"type": "object", "maxProperties": 0}}
    found |= {f"{name}_event": data for name, data in datas.items()}
    found["Event"] = {
        "description": "One event of a stream, as a client has it that has parsed it.",
        "oneOf": [_event(name) for name in datas],
    }
    found["Answer"] = answer = _answer(found)
    truncated = {"const": True, "description": "The end of the text is left out."}
    found["ListedAnswer"] = answer | {
        "properties": {**answer["properties"], "truncated": truncated}
    }
    found["Refusal"] = _refusal()
    return found


def _event(name: str) -> Schema:
    number = {"type": "string", "pattern": "^[0-9a-f]{32}-[0-9]+$"}
    data = {"type": "string", "contentMediaType": "application/json"}
    properties = {
        "id": number,
        "event": {"const": name},
        "data": {**data, "contentSchema": ref(f"{name}_event")},
    }
    return _object(properties)


def _data(kind: type[Any], found: dict[str, Schema]) -> Schema:
    schema = _schema_of(kind, found)
    unsure = _LEFT_OUT.get(kind.name, frozenset())
    properties = {
        name: _not_null(one) if name in unsure else one
        for name, one in schema["properties"].items()
        if name not in UNSAID
    }
    required = [name for name in properties if name not in unsure]
    described = schema["description"].partition("\n")[0]
    return _object(properties) | {"required": required, "description": described}


def _statuses(found: dict[str, Schema]) -> Schema:
    """The status of each step, with what belongs to that step and nothing else."""
    schema = _schema_of(Status, found)
    properties = schema["properties"]
    return {
        "description": schema["description"],
        "oneOf": [
            _object(
                {
                    "step": {"const": step},
                    **{
                        name: properties[name]
                        if name in _MAY_BE_NULL
                        else _not_null(properties[name])
                        for name in DETAILS.get(step, ())
                    },
                }
            )
            for step in properties["step"]["enum"]
        ],
    }


def _answer(found: dict[str, Schema]) -> Schema:
    """As `codexity.edges.spelling` has it."""
    properties = _schema_of(Answer, found)["properties"]
    properties["answer"] = properties.pop("text")
    error = _not_null(properties.pop("error"))
    spelled = _object(properties)
    return spelled | {"properties": {**properties, "error": error}}


def _refusal() -> Schema:
    text: Schema = {"type": "string", "minLength": 1}
    refused = _object({"code": text, "message": text, "retryable": {"type": "boolean"}})
    where: Schema = {"type": "array", "items": {"type": "string"}}
    detail = _object({"type": text, "loc": where, "msg": text})
    refused["properties"]["detail"] = {
        "type": "array", "items": detail, "description": "Of a 422: what is wrong, and where."
    }  # fmt: skip
    return refused | {"description": "What every answer that is not 2xx says."}


def _schema_of(kind: type[Any], found: dict[str, Schema]) -> Schema:
    schema = TypeAdapter(kind).json_schema(mode="serialization", ref_template=_REF + "{model}")
    for name, one in schema.pop("$defs", {}).items():
        found[name] = _object(_bare(one)["properties"]) | {"description": one["description"]}
    return _bare(schema)


def _bare(schema: Schema) -> Schema:
    """Without titles that repeat names, and defaults: whatever there is is said."""
    properties = {
        name: {key: value for key, value in one.items() if key not in {"title", "default"}}
        for name, one in schema["properties"].items()
    }
    return schema | {"properties": properties}


def _not_null(schema: Schema) -> Schema:
    left = [one for one in schema.get("anyOf", ()) if one != {"type": "null"}]
    return left[0] if len(left) == 1 else schema


def _object(properties: Schema) -> Schema:
    return {"type": "object", "properties": properties, "required": list(properties)}
