"""JSON and JSON lines as pairs, headings and rows."""

from __future__ import annotations

import json

import pytest

from reading import page, refusal, rows, told

JSON = "application/json"
LINES = "application/jsonl"
PUMP = {
    "name": "Pump house",
    "power": {"max_kw": 12, "phases": ["L1", "L2"]},
    "port": 8080,
    "price": 1.50,
    "open": True,
    "owner": None,
}


def test_names_and_values_are_pairs_and_what_is_nested_stands_below_its_name() -> None:
    found = page(json.dumps(PUMP).replace("1.5", "1.50"), JSON)
    assert found.title == "Pump house"
    assert told(found) == [
        ("pair", "name: Pump house"),
        ("pair", "port: 8080"),
        ("pair", "price: 1.50"),
        ("pair", "open: true"),
        ("heading", "power"),
        ("pair", "max_kw: 12"),
        ("pair", "phases: L1, L2"),
    ]


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        ('[{"gate":"Upper","fee":310},{"gate":"Lower","fee":280}]', JSON),
        ('{"gate":"Upper","fee":310}\n{"gate":"Lower","fee":280}\n', LINES),
        ('{"gate":"Upper","fee":310}\r\n\r\n{"gate":"Lower","fee":280}', LINES),
        ('{"gate":"Upper","fee":310}\n{"gate":"Lower","fee":280}\n', JSON),
        ('\x1e{"gate":"Upper","fee":310}\n\x1e{"gate":"Lower","fee":280}\n', LINES),
        ('\x1e{"gate":"Upper","fee":310}\n\x1e{"gate":"Lower","fee":280}\n', JSON),
        ('\x1e{\n "gate": "Upper",\n "fee": 310\n}\n\x1e{"gate":"Lower","fee":280}', LINES),
        ('\ufeff[{"gate":"Upper","fee":310,"x":null},{"fee":280,"gate":"Lower"}]', JSON),
    ],
)
def test_objects_that_are_alike_are_rows(source: str, kind: str) -> None:
    found = rows(page(source, kind))
    assert found[0][1][:2] == ("gate", "fee")
    assert found[1:] == [(("gate", "fee"), ("Upper", "310")), (("gate", "fee"), ("Lower", "280"))]


def test_objects_with_more_than_plain_values_stand_below_their_name() -> None:
    source = json.dumps([{"title": "Oars", "of": {"wood": "ash"}}, {"id": "R7", "of": [{"x": 1}]}])
    assert told(page(source, JSON)) == [
        ("heading", "Oars"),
        ("pair", "title: Oars"),
        ("heading", "of"),
        ("pair", "wood: ash"),
        ("heading", "R7"),
        ("pair", "id: R7"),
        ("heading", "of"),
        ("heading", "of 1"),
        ("pair", "x: 1"),
    ]


@pytest.mark.parametrize(
    "value",
    ["QUJD" * 100, "data:image/png;base64,QUJD", [0.25] * 200, None, "", "0" * 300],
)
def test_what_says_nothing_to_a_reader_is_left_out(value: object) -> None:
    assert told(page(json.dumps({"a": value, "b": "said"}), JSON)) == [("pair", "b: said")]


@pytest.mark.parametrize("value", ["data: three gates", "水門は夜に閉まる" * 60, [3, 4, 5]])
def test_what_only_looks_so_is_not(value: object) -> None:
    assert len(told(page(json.dumps({"a": value, "b": "said"}), JSON))) >= 2


@pytest.mark.parametrize(
    ("source", "kind", "why"),
    [
        ('{"a": 1,', JSON, "not valid JSON (line 1, column 9"),
        ('{\n"a": 1,\n// no\n}', JSON, "line 3"),
        ("words of no kind", JSON, "not valid JSON"),
        ("[" * 100_000, JSON, "nested too deeply"),
        ('{"a":' * 100_000, LINES, "nested too deeply"),
        ("neither\nnor\n", LINES, "None of its lines"),
        ("{}", JSON, "no text"),
    ],
)
def test_what_is_broken_is_told_with_its_place(source: str, kind: str, why: str) -> None:
    assert why in refusal(source, kind)


def test_a_line_that_is_cut_costs_only_itself() -> None:
    found = page('{"gate":"Upper"}\n{"gate":"Lower"}\n{"ga', LINES)
    assert [cells for _, cells in rows(found)] == [("gate",), ("Upper",), ("Lower",)]
    assert told(found)[-1] == ("paragraph", '{"ga')


def test_a_huge_file_ends_at_its_bound() -> None:
    found = page('{"gate":"Upper"}\n' * 60_000, LINES)
    assert (len(found.blocks), found.unread) == (50_000, 1)
