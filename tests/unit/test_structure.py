"""A page's structure as it is shown: HTML and Markdown, from the blocks of real documents."""

from __future__ import annotations

from time import process_time

import pytest

from codexity.adapters.extract.document import read_document
from codexity.edges.structure import markdown, pieces
from codexity.model import Block, Page
from codexity.ports import Fetched

MARKS = """# Pump

Read this *now*.

## Setting up

3. Open the valve.
4. Fill it:
   - slowly
   - wholly

| every | unit |
|---|---|
| 60 | seconds |

```
if a < b:
    say("`")
```

> No toy.
"""


def document(text: str) -> Page:
    fetched = Fetched(
        url="/library/notes/pump",
        media_type="text/markdown",
        charset="utf-8",
        body=text.encode(),
    )
    return read_document(fetched)


def html(page: Page) -> str:
    return "".join(piece for _, piece in pieces(page))


@pytest.mark.parametrize(
    "expected",
    [
        "<h3>Setting up</h3>",
        (
            '<ol><li value="3">Open the valve.</li><li value="4">Fill it:<ul><li>slowly</li>'
            "<li>wholly</li></ul></li></ol>"
        ),
        "<thead><tr><th>every</th><th>unit</th></tr></thead>",
        "<tbody><tr><td>60</td><td>seconds</td></tr></tbody>",
        "<pre>if a &lt; b:\n    say(&quot;`&quot;)</pre>",
        "<blockquote>No toy.</blockquote>",
    ],
)
def test_html_has_the_structure(expected: str) -> None:
    assert expected in html(document(MARKS))


def test_the_title_is_not_said_twice() -> None:
    assert "Pump" not in html(document(MARKS))
    assert markdown(document(MARKS)).count("# Pump") == 1


def test_markdown_is_read_back_as_the_same_page() -> None:
    page = document(MARKS)
    again = document(markdown(page))
    assert again.text == page.text
    assert [(one.kind, one.level, one.marker) for one in again.blocks] == [
        (one.kind, one.level, one.marker) for one in page.blocks
    ]


@pytest.mark.parametrize(
    "text",
    ["# not a heading", "- no item", "1. no item", "a *b* [c](d) `e`", "a_ _b", "x | y", "<b>"],
)
def test_signs_of_markdown_in_a_text_stay_text(text: str) -> None:
    page = Page(
        url="u",
        title="Signs",
        text=text,
        blocks=(Block(kind="paragraph", start=0, end=len(text)),),
    )
    again = document(markdown(page))
    assert again.text.removeprefix("Signs").strip() == text


@pytest.mark.parametrize(
    "kind", ["heading", "paragraph", "item", "row", "pair", "code", "quotation"]
)
def test_everything_is_escaped(kind: str) -> None:
    text = "<script>x</script>"
    block = Block(
        kind=kind,  # pyright: ignore[reportArgumentType]
        start=0,
        end=len(text),
        level=1,
        marker='"><i>' if kind == "item" else "",
        header=("<i>",) if kind == "row" else (),
        cells=((0, len(text)),) if kind in {"row", "pair"} else (),
    )
    shown = html(Page(url="u", title="t", text=text, blocks=(block,)))
    assert "&lt;script&gt;x&lt;/script&gt;" in shown
    assert "<script" not in shown
    assert "<i>" not in shown


def test_only_running_text_of_a_cell_has_room_for_words() -> None:
    row = Block(kind="row", start=0, end=66, cells=((0, 40), (42, 66), (25, 66)))
    shown = html(Page(url="u", title="t", text="x" * 66, blocks=(row,)))
    assert [one.partition(">")[0] for one in shown.split("<td")[1:]] == ["", "", ' class="long"']


@pytest.mark.parametrize("kind", ["paragraph", "quotation", "item", "code", "heading"])
@pytest.mark.parametrize("pattern", ["\n", " \n", " ", "*", "#", "1", "`", "_", "> "])
def test_hostile_text_takes_linear_time(kind: str, pattern: str) -> None:
    text = f"a{pattern * (200_000 // len(pattern))}b"
    block = Block(kind=kind, start=0, end=len(text))  # pyright: ignore[reportArgumentType]
    page = Page(url="u", title="t", text=text, blocks=(block,))
    begun = process_time()
    assert "b" in markdown(page)
    assert "b" in html(page)
    assert process_time() - begun < 2


def test_lists_of_any_depth_are_closed() -> None:
    levels = (3, 1, 2, 9, 40, 2, 1)
    text = "\n\n".join("x" for _ in levels)
    blocks = tuple(
        Block(kind="item", start=3 * at, end=3 * at + 1, level=level, marker="1." if at % 2 else "")
        for at, level in enumerate(levels)
    )
    shown = html(Page(url="u", title="t", text=text, blocks=blocks))
    for tag in ("ul", "ol"):
        assert shown.count(f"<{tag}>") == shown.count(f"</{tag}>")
    assert shown.count("<li") == shown.count("</li>") == len(levels)


def test_without_known_blocks_lines_are_code() -> None:
    shown = html(Page(url="u", title="t", text="One.\n\na\nb"))
    assert shown == "<p>One.</p><pre>a\nb</pre>"


SPARSE = """Berth,Summer,Winter,Remark
North,520,,shut
South,,260,
East,300,310,open
"""


def test_rows_that_leave_cells_out_stay_in_their_table_below_their_heads() -> None:
    fetched = Fetched(
        url="/library/a/b", media_type="text/csv", charset="utf-8", body=SPARSE.encode()
    )
    page = read_document(fetched)
    assert markdown(page).split("\n\n", 1)[1] == (
        "| Berth | Summer | Winter | Remark |\n| --- | --- | --- | --- |\n"
        "| North | 520 |  | shut |\n| South |  | 260 |  |\n| East | 300 | 310 | open |\n"
    )
    shown = html(page)
    assert shown.count("<table>") == 1
    assert "<tr><td>South</td><td></td><td>260</td><td></td></tr>" in shown


@pytest.mark.parametrize(
    ("source", "tables"),
    [
        ("Boat,Crew,Sails\nAnna,3,yes\n", 1),
        (",Boat,Crew\n0,Anna,3\n1,Ida,4\n", 1),
        ("Boat,Crew,\nAnna,3,kept\nIda,4,\nPer,5,\n", 1),
    ],
)
def test_columns_without_a_head_have_their_place(source: str, tables: int) -> None:
    fetched = Fetched(
        url="/library/a/b", media_type="text/csv", charset="utf-8", body=source.encode()
    )
    shown = html(read_document(fetched))
    assert shown.count("<table>") == tables
    rows = [row.count("<td") or row.count("<th") for row in shown.split("<tr>")[1:]]
    assert len(set(rows)) == 1, "each row has as many cells as there are columns"


def test_tables_of_other_heads_are_others() -> None:
    source = "# A\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n| c | d |\n|---|---|\n| 3 | 4 |\n"
    fetched = Fetched(
        url="/library/a/b", media_type="text/markdown", charset="utf-8", body=source.encode()
    )
    assert html(read_document(fetched)).count("<table>") == 2
