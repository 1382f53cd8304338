"""Stylesheets that are made to cost time are read in time that grows with their size alone."""

from __future__ import annotations

import time

import pytest

from codexity.adapters.extract.hidden_text.cascade import write_sheets
from codexity.adapters.extract.hidden_text.sheets import own_sheets
from codexity.adapters.extract.html.markup import parsed

_SIZE = 32_000
_SLOWEST = 5.0
_HIT = ".kx{opacity:0}"
HOSTILE = {
    "open braces": "{" * _SIZE,
    "closed braces": "}" * _SIZE,
    "no braces": "a" * _SIZE,
    "backslashes": "\\" * _SIZE,
    "open parentheses": f".kx{'(' * _SIZE}{{opacity:0}}",
    "open comments": "/*" * _SIZE,
    "quotes": "'\"" * (_SIZE // 2),
    "open attributes": f".kx{'[' * _SIZE}{{opacity:0}}",
    "colons": ":" * _SIZE,
    "colours": "{" + "color:" * (_SIZE // 6),
    "backgrounds": "{" + "background:x;" * (_SIZE // 13),
    "declarations": "{" + "opacity:0;" * (_SIZE // 10),
    "selectors": f"{'.kx,' * (_SIZE // 4)}p{{opacity:0}}",
    "a long name": f".{'a' * _SIZE}>.kx{{opacity:0}}",
    "many rules of one class": ".kx{opacity:0}" * (_SIZE // 14),
    "many rules of any": "*{opacity:0}" * (_SIZE // 12),
    "many states": ".kx{opacity:0}.kx:hover{opacity:0}" * (_SIZE // 34),
    "long ways up": ".no div .kx{opacity:0}.kx p{opacity:0}" * (_SIZE // 40),
    "media": f"@media {'screen,' * (_SIZE // 7)}{{.kx{{opacity:0}}}}",
}


@pytest.mark.parametrize("css", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_sheets_take_no_longer_than_their_size(css: str) -> None:
    deep = f"{'<div class=kx>' * 200}<p class=kx>x</p>{'</div>' * 200}" * 10
    tree = parsed(f"<html><body><style>{_HIT}{css}</style>{deep}</body></html>")
    assert tree is not None
    began = time.process_time()
    write_sheets(tree, own_sheets(tree))
    assert time.process_time() - began < _SLOWEST


def test_what_is_behind_the_bound_is_not_read() -> None:
    for size, hidden in ((30_000, True), (40_000, False)):
        tree = parsed(f"<html><style>{' ' * 9}{'a{b:c}' * (size // 6)}{_HIT}</style><p class=kx>x")
        assert tree is not None
        write_sheets(tree, own_sheets(tree))
        assert (tree.find(".//p[@style]") is not None) == hidden
