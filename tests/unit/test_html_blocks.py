"""The blocks of a web page: what each is, and that none is lost among those that are read."""

from __future__ import annotations

import pytest

from codexity.adapters.extract.html.page import read_html
from codexity.block_json import from_json, to_json
from codexity.links import at_quote, runs
from codexity.model import Block, Page

PROSE = "<p>" + "The mill by the orchard grinds barley and rye for the whole valley. " * 4 + "</p>"


def read(markup: str, before: str = "<h1>The mill</h1>") -> Page:
    source = f"<!doctype html><html><body><main>{before}{PROSE}{markup}{PROSE}</main></body></html>"
    return read_html(source, "https://mill.example/")


def told(page: Page) -> list[tuple[str, str]]:
    return [(one.kind, page.text[one.start : one.end]) for one in page.blocks]


@pytest.mark.parametrize(
    ("markup", "kind", "text"),
    [
        (
            "<div><div>1. Lift the sluice.</div><div>2. Oil it.</div></div>",
            "paragraph",
            "2. Oil it.",
        ),
        ("<ul><li>Two sieves</li><li>A broom</li></ul>", "item", "A broom"),
        ("<blockquote><p>No flour, no feast.</p></blockquote>", "quotation", "No flour, no feast."),
        (
            "<figure><figcaption>The wheel of oak.</figcaption></figure>",
            "paragraph",
            "The wheel of oak.",
        ),
        ('<aside class="note"><p>Never oil it wet.</p></aside>', "paragraph", "Never oil it wet."),
        ("<dl><dt>Fall</dt><dd>3.2 m</dd></dl>", "pair", "Fall 3.2 m"),
        ("<table><tr><th>Fall</th><td>3.2 m</td></tr></table>", "pair", "Fall 3.2 m"),
        (
            '<div><span class="k">Fall</span><span class="v">3.2 m</span></div>',
            "paragraph",
            "Fall 3.2 m",
        ),
        ("<pre>mill on\n  --fast\nmill off</pre>", "code", "mill on\n  --fast\nmill off"),
        (
            "<div class='code-toolbar'><pre>mill on</pre><button>Copy</button></div>",
            "code",
            "mill on",
        ),
        ("<pre><div>mill on</div><div>mill off</div></pre>", "code", "mill on\nmill off"),
        ("<pre>mill on<br>mill off</pre>", "code", "mill on\nmill off"),
        (
            (
                "<table class=rouge-table><tr><td class=rouge-gutter><pre>1\n2</pre></td>"
                "<td><pre>mill on\n  fast</pre></td></tr></table>"
            ),
            "code",
            "mill on\n  fast",
        ),
        (
            "<pre><span class=lineno>1</span>mill on\n<span class=lineno>2</span>  fast</pre>",
            "code",
            "mill on\n  fast",
        ),
        ("<table><tr><td>Do</td><td><pre>on\noff</pre></td></tr></table>", "code", "on\noff"),
        (
            "<pre><span class=ln>1</span>mill on\n<span class=ln>2</span>  fast</pre>",
            "code",
            "mill on\n  fast",
        ),
        (
            (
                "<div class=react-code-lines><div><div style='white-space:pre'>mill on</div></div>"
                "<div><div style='white-space:pre'>  fast</div></div></div>"
            ),
            "code",
            "mill on\n  fast",
        ),
        (
            (
                "<div class=CodeMirror-code><div><div class=gutter>1</div><pre>mill on</pre></div>"
                "<div><div class=gutter>2</div><pre>  fast</pre></div></div>"
            ),
            "code",
            "mill on\n  fast",
        ),
        (
            (
                "<div><div><div><div class=line-numbers><a>1</a></div><div><pre>mill on</pre></div>"
                "</div></div></div>"
            ),
            "code",
            "mill on",
        ),
        ("<p><code>mill on<br>&nbsp;&nbsp;fast</code></p>", "code", "mill on\n  fast"),
        ("<p>Say <code>mill<br>on</code> here.</p>", "paragraph", "Say mill on here."),
        (
            "<style>.kept{white-space:pre}</style><div class=kept>mill on\n  fast</div>",
            "code",
            "mill on\n  fast",
        ),
        (
            "<style>.kept{white-space:nowrap}</style><div class=kept>mill on\n  fast</div>",
            "paragraph",
            "mill on fast",
        ),
        ("<menu><li>Two sieves</li></menu>", "item", "Two sieves"),
        ("<aside><p>Built in 1731.</p></aside>", "paragraph", "Built in 1731."),
        (
            "<div role=row><span role=cell>Fall</span><span role=cell>3.2 m</span></div>",
            "paragraph",
            "Fall 3.2 m",
        ),
    ],
)
def test_short_blocks_among_prose_are_read_as_what_they_are(
    markup: str, kind: str, text: str
) -> None:
    assert (kind, text) in told(read(markup))


@pytest.mark.parametrize(
    "markup",
    [
        "<nav><ul><li><a href=/a>Boats</a></li><li><a href=/b>Berths</a></li></ul></nav>",
        "<div><a href=/a>Boats and</a> <a href=/b>Berths</a></div>",
        '<div class="share-buttons"><p>Boats on every net</p></div>',
        '<aside class="sidebar"><p>Boats are sold next door.</p></aside>',
        "<aside><p>Boats are sold <a href=/s>next door</a> to it.</p></aside>",
        "<aside><p>Boats by mail, every week.</p><input name=mail></aside>",
        '<aside class="pullquote"><p>Boats are best.</p></aside>',
        "<menu><li><a href=/a>Boats</a></li><li><a href=/b>Berths</a></li></menu>",
        "<form><p>Boats by mail:</p></form>",
    ],
)
def test_menus_among_prose_are_left_out(markup: str) -> None:
    assert "Boats" not in read(markup).text


def test_what_follows_the_last_paragraph_of_a_list_is_read() -> None:
    items = "<ol start=4><li>Open it.</li><li>Shut it.<ul><li>Not hard.</li></ul></li></ol>"
    page = read("", before=f"<h2>How it is oiled</h2>{items}")
    found = [
        (one.level, one.marker, page.text[one.start : one.end])
        for one in page.blocks
        if one.kind == "item"
    ]
    assert found == [(1, "4.", "Open it."), (1, "5.", "Shut it."), (2, "", "Not hard.")]
    assert page.headings_at(page.text.index("Shut it.")) == ("How it is oiled",)


@pytest.mark.parametrize(
    ("kind", "markers"),
    [("type=a", ["a.", "b."]), ("type=I start=4", ["IV.", "V."]), ("reversed", ["2.", "1."])],
)
def test_items_carry_the_marker_of_their_list(kind: str, markers: list[str]) -> None:
    page = read(f"<ol {kind}><li>First of two.</li><li>Second of two.</li></ol>")
    assert [one.marker for one in page.blocks if one.kind == "item"] == markers


def rows(table: str) -> list[tuple[str, tuple[str, ...]]]:
    page = read(f"<table>{table}</table>")
    return [
        (page.text[one.start : one.end], one.header) for one in page.blocks if one.kind == "row"
    ]


@pytest.mark.parametrize(
    ("table", "row", "header"),
    [
        (
            (
                "<tr><th>Stone</th><th>Day</th></tr><tr><td rowspan=2>Upper</td><td>Mon</td></tr>"
                "<tr><td>Tue</td></tr>"
            ),
            "Upper Tue",
            ("Stone", "Day"),
        ),
        (
            (
                "<thead><tr><th rowspan=2>Stone</th><th colspan=2>Fee</th></tr>"
                "<tr><th>old</th><th>new</th></tr></thead><tr><td>Upper</td><td>4</td><td>5</td></tr>"
            ),
            "Upper 4 5",
            ("Stone", "Fee old", "Fee new"),
        ),
        (
            "<tr><td><b>Stone</b></td><td><b>Fee</b></td></tr><tr><td>Upper</td><td>4</td></tr>",
            "Upper 4",
            ("Stone", "Fee"),
        ),
        (
            (
                "<tr><th>Stone</th><th>Fee</th></tr><tr><th colspan=2>Winter</th></tr>"
                "<tr><td>Upper</td><td>4</td></tr>"
            ),
            "Upper 4",
            ("Winter Stone", "Fee"),
        ),
        (
            (
                "<tr><th>Stone</th><th>Open</th></tr>"
                "<tr><td>Upper</td><td><ul><li>Mon</li><li>Tue</li></ul></td></tr>"
            ),
            "Upper Mon Tue",
            ("Stone", "Open"),
        ),
        ("<tr><td>Upper</td><td>4</td><td>5</td></tr>", "Upper 4 5", ()),
        (
            (
                "<tbody><tr><td rowspan=9>Upper</td><td>4</td></tr><tr><td>5</td></tr></tbody>"
                "<tbody><tr><td>Lower</td><td>6</td></tr></tbody>"
            ),
            "Lower 6",
            (),
        ),
    ],
)
def test_rows_are_whole_and_know_the_heads_of_their_cells(
    table: str, row: str, header: tuple[str, ...]
) -> None:
    assert (row, header) in rows(table)


def test_a_cell_that_reaches_over_ever_more_rows_is_not_repeated_without_end() -> None:
    table = "<tr><td rowspan=9999>" + "grain " * 12 + "</td><td>a</td></tr>"
    page = read(f"<table>{table}{'<tr><td>b</td></tr>' * 3_000}</table>")
    assert len(page.text) < 100_000
    assert page.text.count("b") >= 3_000


@pytest.mark.parametrize(
    ("markup", "quote", "found"),
    [
        ("<p>It held 10<sup>4</sup> sacks of rye.</p>", "It held", ("It held", "sacks of rye.")),
        (
            "<p>A sack costs <del>90</del> <ins>75</ins> pence here.</p>",
            "A sack",
            ("A sack costs", "75 pence here."),
        ),
        ("<p>It goes at <s>six</s>seven from here.</p>", "It goes", ("It goes at", "from here.")),
        ("<p>Ask <a href='mailto:a@b.example'>him</a> first.</p>", "Ask", ("Ask him", "first.")),
        ("<table><tr><td>Rye</td><td>old</td><td>7</td></tr></table>", "Rye", ("Rye", "old", "7")),
        ("<p>It is as it is, all of it.</p>", "It is as", ("It is as it is, all of it.",)),
    ],
)
def test_runs_are_what_the_page_itself_says(
    markup: str, quote: str, found: tuple[str, ...]
) -> None:
    page = read(markup)
    block = next(one for one in page.blocks if page.text.startswith(quote, one.start))
    assert runs(page, block.start, block.end) == found


def test_a_link_goes_from_the_first_run_to_the_last_or_to_the_longest() -> None:
    assert at_quote("/x", "all", runs=("It held", "of rye.")) == "/x#:~:text=It%20held,of%20rye."
    assert at_quote("/x", "all", runs=("A", "sack of rye")) == "/x#:~:text=sack%20of%20rye"
    assert at_quote("/x", "all", runs=()) == "/x"


def test_altered_places_pass_between_processes() -> None:
    block = Block(kind="paragraph", start=0, end=9, altered=((2, 3), (5, 5)))
    assert from_json(to_json([block]), length=9) == (block,)
    with pytest.raises(ValueError, match="order"):
        from_json([["paragraph", 0, 9, 0, "", [], [], [[5, 3]]]], length=9)
