"""What a `style` makes of text: seen, or not."""

from __future__ import annotations

import pytest

from codexity.adapters.extract.hidden_text import styles
from codexity.adapters.extract.hidden_text.visibility import TextStyle, inherited, is_invisible
from codexity.adapters.extract.html.markup import parsed


def is_hidden(style: str) -> bool:
    element = parsed("<html><body><p>Any.</p></body></html>")
    assert element is not None
    said = styles.declarations(style)
    return is_invisible(said) or inherited(TextStyle(), element, said).lost


@pytest.mark.parametrize(
    ("hidden", "seen"),
    [
        ("opacity:0!important;opacity:1", "opacity:0;opacity:1"),
        ("opacity:calc(0)", "opacity:calc(1)"),
        ("font-size:calc(0px)", "font-size:calc(9px)"),
        ("transform:scale(.001)", "transform:scale(.9)"),
        ("transform:scale(0.05,0.05)", "transform:scale(0.5,0.5)"),
        ("color:oklch(1 0 0 / 0)", "color:oklch(1 0 0 / .9)"),
        ("color:color(srgb 1 1 1/0%)", "color:color(srgb 1 1 1)"),
    ],
)
def test_what_css_hides_is_hidden_however_it_is_spelt(hidden: str, seen: str) -> None:
    assert is_hidden(hidden)
    assert not is_hidden(seen)
