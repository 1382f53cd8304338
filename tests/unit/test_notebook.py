"""Jupyter notebooks as blocks: Markdown, code, and the beginning of what it gave out."""

from __future__ import annotations

import json
from typing import Any

import pytest

from reading import page, refusal, rows, told

NOTEBOOK = "application/x-ipynb+json"


def notebook(*cells: dict[str, Any], **more: Any) -> str:
    return json.dumps({"cells": list(cells), "metadata": {}, "nbformat": 4, **more})


def markdown(text: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "source": text.splitlines(keepends=True)}


def code(text: str, *outputs: dict[str, Any]) -> dict[str, Any]:
    return {"cell_type": "code", "source": text, "outputs": list(outputs)}


def result(**data: Any) -> dict[str, Any]:
    named = {f"text/{name}": value for name, value in data.items()}
    return {"output_type": "execute_result", "data": named}


def stream(text: str | list[str]) -> dict[str, Any]:
    return {"output_type": "stream", "name": "stdout", "text": text}


def test_cells_are_markdown_and_code_with_what_it_gave_out() -> None:
    found = page(
        notebook(
            markdown("# Tides\n\nThe *mean* tide.\n\n- one\n- two\n"),
            code("def mean(x):\n    return sum(x) / len(x)\nmean([1, 2])", result(plain="1.5")),
            markdown("## Boats\n\n| Boat | Crew |\n|---|---|\n| Anna | 3 |\n"),
        ),
        NOTEBOOK,
    )
    assert told(found) == [
        ("heading", "Tides"),
        ("paragraph", "The mean tide."),
        ("item", "one"),
        ("item", "two"),
        ("code", "def mean(x):\n    return sum(x) / len(x)\nmean([1, 2])"),
        ("code", "1.5"),
        ("heading", "Boats"),
        ("row", "Boat Crew"),
        ("row", "Anna 3"),
    ]
    assert found.title == "Tides"


FRAME = """<div><style scoped>.dataframe td {display: block}</style><table class="dataframe"><thead>
<tr><th></th><th>boat</th><th>crew</th></tr></thead><tbody><tr><th>0</th><td>Anna</td><td>3</td>
</tr></tbody></table><p>1 rows</p></div>"""


@pytest.mark.parametrize(
    ("output", "blocks"),
    [
        (stream("one\ntwo\n"), [("code", "one\ntwo")]),
        (stream(["one\n", "two\n"]), [("code", "one\ntwo")]),
        (stream("10%\r50%\r100%\n"), [("code", "100%")]),
        (stream("\x1b[31mred\x1b[0m \x1b[1;32mgreen\x1b[0m"), [("code", "red green")]),
        (result(plain="<Figure size 640x480 with 1 Axes>"), []),
        (result(plain="[<matplotlib.lines.Line2D at 0x7f>]"), []),
        (result(plain="'text'", html=FRAME), [
            ("row", "boat crew"), ("row", "0 Anna 3"), ("paragraph", "1 rows"),
        ]),
        (result(plain="x", html="<b>no table</b>"), [("code", "x")]),
        (result(plain="x", markdown="**shown**"), [("paragraph", "shown")]),
        ({"output_type": "display_data", "data": {"image/png": "iVBO"}}, []),
        ({"output_type": "error", "ename": "ValueError", "evalue": "no boat", "traceback": ["x"]},
         [("code", "ValueError: no boat")]),
        ({"output_type": "stream"}, []),
        ({"output_type": "execute_result", "data": "broken"}, []),
    ],
)  # fmt: skip
def test_outputs_are_told_as_they_are_shown(
    output: dict[str, Any], blocks: list[tuple[str, str]]
) -> None:
    assert told(page(notebook(code("run()", output)), NOTEBOOK)) == [("code", "run()"), *blocks]


def test_a_long_output_is_told_by_its_beginning() -> None:
    lines = [f"line {at}" for at in range(1_000)]
    found = told(page(notebook(code("run()", stream("\n".join(lines)))), NOTEBOOK))
    assert found[1][1].split("\n") == lines[:20]
    wide = told(page(notebook(code("run()", stream("x" * 90_000))), NOTEBOOK))
    assert len(wide[1][1]) == 2_000
    body = "".join(f"<tr><td>{at}</td><td>b</td></tr>" for at in range(500))
    frame = result(html=f"<table>{body}</table>")
    assert len(rows(page(notebook(code("run()", frame)), NOTEBOOK))) == 40


def test_hidden_text_of_an_output_is_not_read() -> None:
    table = (
        "<table><tr><td>honest</td><td>b</td></tr><tr style='display:none'><td>poison</td></tr>"
        "</table>"
    )
    text = page(notebook(code("run()", result(html=table))), NOTEBOOK).text
    assert "honest" in text
    assert "poison" not in text


@pytest.mark.parametrize("kind", ["raw", "markdown"])
def test_what_a_notebook_says_of_itself_stands_in_its_first_cell(kind: str) -> None:
    front = "---\ntitle: Of tides\ndate: 2024-03-05\ntags: [sea, moon]\n---\n\nHigh water."
    first = {"cell_type": kind, "source": front}
    found = page(notebook(first, markdown("# Later")), NOTEBOOK)
    assert (found.title, found.published, found.published_from) == (
        "Of tides",
        "2024-03-05",
        "meta",
    )
    assert told(found) == [
        ("pair", "tags: sea, moon"),
        ("paragraph", "High water."),
        ("heading", "Later"),
    ]


def test_older_notebooks_hold_sheets_of_cells() -> None:
    cells = [
        {"cell_type": "heading", "level": 2, "source": "Tides"},
        {"cell_type": "code", "input": "high()", "outputs": [
            {"output_type": "pyout", "text": ["4.2"]},
            {"output_type": "pyerr", "ename": "Low", "evalue": "water"},
        ]},
    ]  # fmt: skip
    body = json.dumps({"nbformat": 3, "worksheets": [{"cells": cells}]})
    assert told(page(body, NOTEBOOK)) == [
        ("heading", "Tides"),
        ("code", "high()"),
        ("code", "4.2"),
        ("code", "Low: water"),
    ]


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("{", "not valid JSON (line 1, column 2"),
        ("[]", "no notebook: it holds no cells"),
        ('{"cells": 3}', "no notebook: it holds no cells"),
        ('{"cells": [3, null, {"cell_type": 7}]}', "no text"),
        (notebook(), "no text"),
        ("[" * 100_000, "nested too deeply"),
    ],
)
def test_a_notebook_that_is_none_is_told(body: str, why: str) -> None:
    assert why in refusal(body, NOTEBOOK)
