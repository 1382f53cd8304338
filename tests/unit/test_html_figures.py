"""What a page says by how it looks: raised figures, formulas, strokes, addresses, pictures."""

from __future__ import annotations

import pytest

from codexity.adapters.extract.html.page import read_html

PROSE = "<p>" + "The mill by the orchard grinds barley and rye for the whole valley. " * 4 + "</p>"


def lines(markup: str) -> list[str]:
    source = f"<!doctype html><html><body><main><h1>The mill</h1>{PROSE}{markup}{PROSE}</main>"
    return read_html(source, "https://mill.example/").text.split("\n\n")


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("Up to 10<sup>9</sup> grains of barley.", "Up to 10⁹ grains of barley."),
        ("About 4·10<sup>−2</sup> of the rye.", "About 4·10⁻² of the rye."),
        ("A floor of 80 m<sup>2</sup> of oak.", "A floor of 80 m² of oak."),
        ("A flow of 3 m<sup>3</sup>/s in May.", "A flow of 3 m³/s in May."),
        ("Some 2<sup>16</sup> sacks of rye.", "Some 2¹⁶ sacks of rye."),
        ("So 7<sup>2</sup> = 49 sacks of rye.", "So 7² = 49 sacks of rye."),
        ("It grows as x<sup>n+1</sup> does.", "It grows as xⁿ⁺¹ does."),
        ("It grows as y<sup>2k</sup> does.", "It grows as y^(2k) does."),
        ("Then (a+b)<sup>2</sup> sacks follow.", "Then (a+b)² sacks follow."),
        ("A rate of 10<sup>3</sup>/min of rye.", "A rate of 10³/min of rye."),
        (
            '10<span style="vertical-align: super">5</span> grains of rye here.',
            "10⁵ grains of rye here.",
        ),
        ("Let in 1893<sup>2</sup> to a widow.", "Let in 1893[2] to a widow."),
        ("It burnt in 1901.<sup>12</sup>", "It burnt in 1901.[12]"),
        ("It has 14<sup>2</sup> stones of lava.", "It has 14[2] stones of lava."),
        ("The miller<sup>3</sup> slept there.", "The miller[3] slept there."),
        ('Sold in 1920<sup><a href="#n1">a</a></sup> again.', "Sold in 1920[a] again."),
        ('Sold in 1920<a role="doc-noteref" href="#n">7</a> once.', "Sold in 1920[7] once."),
        ("Sold in 1931<sup>[5]</sup> to nobody.", "Sold in 1931[5] to nobody."),
        ("Take 2<sup>3</sup>⁄<sub>4</sub> spoons of salt.", "Take 2 3⁄4 spoons of salt."),
        ("Wait 5<sup>1</sup>/<sub>3</sub> hours by day.", "Wait 5 1/3 hours by day."),
        ("Wait 6<sup>1/2</sup> hours by night.", "Wait 6 1/2 hours by night."),
        (
            'Wait 7<span class="num">1</span>⁄<span class="den">8</span> hours.',
            "Wait 7 1⁄8 hours.",
        ),
        ("Take 4<b><sup>1</sup><i>⁄</i><sub>2</sub></b> spoons.", "Take 4 1⁄2 spoons."),
        ("So it is P = gh<sup>2</sup> by day.", "So it is P = gh² by day."),
        ("Some 2<sup>k−1</sup> sacks of rye.", "Some 2^(k−1) sacks of rye."),
        ('Sold in 1940<a class="footnote" href="#n">8</a> once.', "Sold in 1940[8] once."),
        ("The log<sub>2</sub>8 of it is three.", "The log₂8 of it is three."),
        ("The 1<sup>st</sup> mill made H<sub>2</sub>O flow.", "The 1st mill made H2O flow."),
        ("Mills by Orchard<sup>TM</sup> are good.", "Mills by OrchardTM are good."),
    ],
)
def test_raised_figures_stay_apart_from_what_they_stand_at(markup: str, text: str) -> None:
    assert text in lines(f"<p>{markup}</p>")


@pytest.mark.parametrize(
    ("math", "text"),
    [
        (
            "<mi>v</mi><mo>=</mo><mfrac><mi>s</mi><mi>t</mi></mfrac>",
            "v = s/t",
        ),
        (
            (
                "<mfrac><mrow><mi>a</mi><mo>+</mo><mn>1</mn></mrow>"
                "<mrow><mn>2</mn><mi>b</mi></mrow></mfrac>"
            ),
            "(a + 1)/(2b)",
        ),
        ("<msup><mi>r</mi><mn>3</mn></msup>", "r³"),
        ("<msup><mi>e</mi><mrow><mi>i</mi><mi>t</mi></mrow></msup>", "e^(it)"),
        ("<msqrt><mi>x</mi><mo>-</mo><mn>1</mn></msqrt>", "√(x - 1)"),
        ("<msub><mi>q</mi><mn>0</mn></msub>", "q₀"),
        (
            (
                "<munderover><mo>∑</mo><mrow><mi>i</mi><mo>=</mo><mn>1</mn></mrow><mi>n</mi>"
                "</munderover><mi>i</mi>"
            ),
            "∑_(i=1)ⁿi",
        ),
        (
            (
                "<semantics><msup><mi>w</mi><mn>2</mn></msup>"
                "<annotation encoding='application/x-tex'>w^2</annotation></semantics>"
            ),
            "w²",
        ),
    ],
)
def test_formulas_are_written_on_one_line(math: str, text: str) -> None:
    assert f"The wheel turns by {text} each hour." in lines(
        f"<p>The wheel turns by <math>{math}</math> each hour.</p>"
    )


def test_a_formula_that_is_drawn_as_well_is_said_once() -> None:
    math = "<math><msup><mi>z</mi><mn>2</mn></msup></math>"
    katex = f'<span class="katex"><span class="katex-mathml">{math}</span>'
    drawn = '<span class="katex-html" aria-hidden="true"><span>z2</span></span></span>'
    assert "It is z² here by the wheel." in lines(f"<p>It is {katex}{drawn} here by the wheel.</p>")


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>A sack is <del>90</del> <ins>75</ins> pence.</p>", "A sack is 75 pence."),
        ("<p>A sack is <s>90</s> <b>75</b> pence.</p>", "A sack is 75 pence."),
        ("<p>It opens at <strike>six</strike>seven daily.</p>", "It opens at seven daily."),
        (
            '<p>A stone is <span style="text-decoration: line-through">8</span> 9 marks.</p>',
            "A stone is 9 marks.",
        ),
        (
            (
                "<style>.was{text-decoration:line-through}</style><p>A stone is "
                "<b class=was>8</b> 9 marks.</p>"
            ),
            "A stone is 9 marks.",
        ),
        (
            (
                "<style>.was{text-decoration:line-through}.was{vertical-align:top}.is{text-decoration:"
                "line-through}.is{text-decoration:none}</style><p>A stone is <b class=was>7</b> "
                "<b class=is>9</b> marks.</p>"
            ),
            "A stone is 9 marks.",
        ),
        ("<p>A stone is <b class='old line-through'>8</b> 9 marks.</p>", "A stone is 9 marks."),
        ("<p>A stone is <b role='deletion'>8</b> 9 marks.</p>", "A stone is 9 marks."),
        ("<pre><del>- slow</del>\n<ins>+ fast</ins></pre>", "- slow\n+ fast"),
        (
            (
                "<style>@media print{.was{text-decoration:line-through}}.was:hover{text-decoration:"
                "line-through}i.is{text-decoration:line-through}</style><p>A stone is <b class=was>"
                "8</b> or <b class=is>9</b> marks.</p>"
            ),
            "A stone is 8 or 9 marks.",
        ),
        (
            "<p>They went on <b class='strikes'>strike</b> in May.</p>",
            "They went on strike in May.",
        ),
        ("<p>Nothing is <u>struck</u> out of <i>this</i>.</p>", "Nothing is struck out of this."),
    ],
)
def test_what_is_struck_out_is_not_said(markup: str, text: str) -> None:
    assert text in lines(markup)


def test_a_stroke_that_was_never_closed_hides_no_page() -> None:
    assert "Dogs are fed at noon." in lines(f"<s>{PROSE * 3}<p>Dogs are fed at noon.</p>")


def test_figures_that_a_sheet_raises_are_raised() -> None:
    sheet = "<style>.up{vertical-align:super}.low{vertical-align:middle}</style>"
    said = lines(f"{sheet}<p>Up to 10<b class=up>9</b> grains, or 10<b class=low>7</b>.</p>")
    assert "Up to 10⁹ grains, or 107." in said


def test_a_link_that_opens_a_call_is_no_menu() -> None:
    assert "Text us (5550100)" in lines('<p><a href="sms:5550100">Text us</a></p>')
    assert "Text us" not in "".join(lines('<p><a href="/sms">Text us</a></p>'))


@pytest.mark.parametrize(
    ("link", "text"),
    [
        ('<a href="mailto:m@mill.example?subject=Key">Write</a>', "Write (m@mill.example)"),
        ('<a href="MAILTO:m%40mill.example">Write</a>', "Write (m@mill.example)"),
        ('<a href="tel:+45-555-0100"><b>Call</b></a>', "Call (+45-555-0100)"),
        ('<a href="sms:5550100">Text</a>', "Text (5550100)"),
        ('<a href="mailto:m@mill.example">m@mill.example</a>', "m@mill.example"),
        ('<a href="tel:+455550100">0555 0100</a>', "0555 0100"),
        ('<a href="mailto:?to=m@mill.example&subject=Key">Write</a>', "Write (m@mill.example)"),
        ('<a href="mailto:?subject=Look">Share</a>', "Share"),
        ('<a href="https://mill.example/m@x">Site</a>', "Site"),
    ],
)
def test_addresses_behind_links_are_said_once(link: str, text: str) -> None:
    assert f"For a key of the mill: {text} at any time." in lines(
        f"<p>For a key of the mill: {link} at any time.</p>"
    )


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ('<img src="a.png" alt="open">', "open"),
        ('<a href="/x"><img src="a.png" alt="open"></a>', "open"),
        ("<svg><title>open</title><path d='M0'/></svg>", "open"),
        ('<svg aria-label="open"></svg>', "open"),
        ('<i class="icon" title="open"></i>', "open"),
        ('<img src="a.png" alt="a lamp">lit', "lit"),
    ],
)
def test_a_cell_without_text_says_what_its_picture_does(cell: str, said: str) -> None:
    table = f"<table><tr><th>Gate</th><th>State</th></tr><tr><td>Upper</td><td>{cell}</td></tr>"
    assert f"Upper {said}" in lines(f"{table}</table>")
