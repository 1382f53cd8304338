"""Pages and styles that are made to take long are read in time that grows with their length."""

from __future__ import annotations

import time

import pytest

from codexity.adapters.extract.hidden_text import styles
from codexity.adapters.extract.hidden_text.hidden import strip_hidden
from codexity.adapters.extract.hidden_text.visibility import (
    TextStyle,
    inherited,
    is_invisible,
    is_shut,
)
from codexity.adapters.extract.html.markup import lighten, parsed
from codexity.adapters.extract.marked import holders, marked, values

SECONDS = 4.0
DIGITS = "0" * 30_000
STYLES = {
    "a font's size": f"font:{DIGITS}",
    "a length": f"font-size:{DIGITS}x;left:{DIGITS}x;position:absolute;height:{DIGITS}x",
    "a scale": f"transform:scale({DIGITS}",
}
PAGES = {
    "controls of one id": "<div id=p hidden>x</div><button aria-controls=p>o</button>" * 12_000,
    "one control of one id": "<div id=p hidden>x</div>" * 12_000
    + f"<button aria-controls='{'p ' * 12_000}'>o</button>",
    "words that are not read aloud": f"<p>{'<b aria-hidden=true>word</b> ' * 12_000}</p>",
    "panels that are named": "<b id=p class=q hidden aria-expanded=false>x</b>tail" * 60_000,
    "text behind what is hidden": "<b style='opacity:0'>x</b>tail" * 40_000,
    "text behind what is never shown": "<template>x</template>tail" * 60_000,
}


@pytest.mark.parametrize("style", STYLES.values(), ids=STYLES)
def test_a_style_is_judged_in_linear_time(style: str) -> None:
    element = parsed("<html><body><p>Any.</p></body></html>")
    assert element is not None
    begin = time.process_time()
    said = styles.declarations(style)
    inherited(TextStyle(), element, said)
    is_shut(element, said | {"overflow": "hidden"})
    is_invisible(said)
    assert time.process_time() - begin < SECONDS / 2


def test_what_bears_a_mark_is_found_in_linear_time() -> None:
    tree = parsed("<html><body>" + "<b class=a>x</b><b id=b class=c>x</b>" * 40_000)
    assert tree is not None
    begin = time.process_time()
    found = marked(tree, ("id", "class", "hidden"), ("dialog",))
    held = holders(values(tree, ("id", "class", "hidden")))
    assert time.process_time() - begin < SECONDS / 2
    assert len(found) == len(held) == 80_000
    assert set(found) == set(held)
    assert found == list(tree.iter("b"))


@pytest.mark.parametrize("body", PAGES.values(), ids=PAGES)
def test_hidden_text_is_taken_out_in_linear_time(body: str) -> None:
    source = f"<html><body><p>Seen.</p><b style='opacity:0'>Unseen.</b>{body}</body></html>"
    tree = parsed(source)
    assert tree is not None
    begin = time.process_time()
    lighten(tree)
    strip_hidden(tree, source, b"")
    assert time.process_time() - begin < SECONDS
    told = tree.text_content()
    assert "Seen." in told
    assert "Unseen." not in told
    assert ("tail" in told) == ("tail" in body)
