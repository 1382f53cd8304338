"""The schemas that a model's replies are held to ask for nothing that is not looked at."""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Any

import pytest

from codexity import pipeline, stages
from codexity.adapters.llm.structured import KEYWORDS, mismatch

PLAIN = frozenset({"description", "title"})
"""Words for people and models, which ask for nothing."""
UNFIT: Mapping[str, tuple[dict[str, Any], object]] = {
    "type": ({"type": "string"}, 7),
    "enum": ({"enum": ["a"]}, "b"),
    "properties": ({"properties": {"a": {"type": "string"}}}, {"a": 1}),
    "required": ({"required": ["a"]}, {}),
    "items": ({"items": {"type": "string"}}, [1]),
    "minItems": ({"minItems": 1}, []),
    "maxItems": ({"maxItems": 1}, [1, 2]),
}


def schemas() -> Iterator[tuple[str, Mapping[str, Any]]]:
    names = [one.name for one in pkgutil.walk_packages(stages.__path__, "codexity.stages.")]
    for module in [pipeline, *map(import_module, names)]:
        for name, value in vars(module).items():
            if name.endswith("SCHEMA"):
                yield f"{module.__name__}.{name}", value


def keywords(schema: Mapping[str, Any]) -> set[str]:
    inner = [*schema.get("properties", {}).values()]
    inner += [one for name, one in schema.items() if name != "properties" and isinstance(one, dict)]
    return set(schema).union(*map(keywords, inner)) - PLAIN


def test_no_schema_of_ours_has_a_keyword_that_is_not_looked_at() -> None:
    found = dict(schemas())
    assert found, "no schema was found: this shows nothing"
    unseen = {name: keywords(one) - KEYWORDS for name, one in found.items()}
    assert {name: words for name, words in unseen.items() if words} == {}


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "string", "pattern": "^a$"},
        {"properties": {"a": {"items": {"maxLength": 3}}}},
        {"items": {"minimum": 1}},
        {"additionalProperties": {"type": "string"}},
    ],
)
def test_one_that_has_would_be_seen(schema: dict[str, Any]) -> None:
    assert keywords(schema) - KEYWORDS


@pytest.mark.parametrize("keyword", sorted(KEYWORDS))
def test_every_keyword_that_is_said_to_be_looked_at_is(keyword: str) -> None:
    schema, value = UNFIT[keyword]
    assert mismatch(value, schema) is not None
    assert mismatch(value, {}) is None
