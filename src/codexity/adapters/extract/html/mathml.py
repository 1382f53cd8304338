"""Formulas become plain text on one line: `F = mg/4`, `E = mc²`, `√(a + b)`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from codexity.adapters.extract.alterations import altered
from codexity.adapters.extract.figures import in_lower, in_upper
from codexity.adapters.extract.html.neighbours import (
    has_few,
    replace_text,
    text_before,
    text_behind,
)

if TYPE_CHECKING:
    from lxml.etree import (
        _Element as Element,  # pyright: ignore[reportPrivateUsage]  it has no public name
    )
    from lxml.html import HtmlElement

_DEEPEST: Final = 40
_LONGEST: Final = 2_000
_SPACED: Final = frozenset("=<>≤≥≠≈≡±∓×÷⋅·→⇒⇔↔∈∉⊂⊆∪∩∧∨∝∼") | {":=", "<=", ">=", "->", "&lt;"}
_SIGNS: Final = frozenset("+-−–")
_ENDS: Final = frozenset(")]²³⁴")
_UNSEEN: Final = {ord(one): None for one in "\u2061\u2062\u2063\u2064\u200b"}
_ONE: Final = re.compile(r"[\w.,]+|\([^()]*\)|√\w")
_DOUBLED: Final = frozenset({"katex-html", "MathJax_Preview"})
_PICTURE: Final = re.compile(r"\b(?:math|tex|latex|equation|formula)|mwe-math", re.IGNORECASE)
_STYLE: Final = re.compile(r"^\{?\s*\\(?:display|text|script)style\s*(.*?)\s*\}?$", re.DOTALL)


def spell_formulas(tree: HtmlElement) -> None:
    """Writes what MathML says on one line, and the words of pictures that are formulas.

    What KaTeX and MathJax draw beside their MathML is taken out: it says the same again.
    """
    for math in list(tree.iter("math")):
        _take_out_doubles(math)
        spelt = " ".join(_spelt(math, 0)[:_LONGEST].split())
        if spelt:
            replace_text(math, altered(_parted(math, spelt)))
    for picture in list(tree.iter("img")):
        words = picture.get("alt", "")
        if words and _PICTURE.search(picture.get("class", "")):
            replace_text(picture, altered(_without_style(words)))


def _parted(math: Element, spelt: str) -> str:
    """A formula with a space where letters of the line would run into it."""
    before, behind = text_before(math)[-1:], text_behind(math)[:1]
    start = " " if before.isalnum() and spelt[0].isalnum() else ""
    return start + spelt + (" " if behind.isalnum() and spelt[-1].isalnum() else "")


def _take_out_doubles(math: Element) -> None:
    around = math
    for _ in range(3):
        parent = around.getparent()
        if parent is None:
            return
        for sibling in list(parent) if has_few(parent, 3) else ():
            name = sibling.get("class", "")
            if sibling is not around and (name in _DOUBLED or sibling.tag == "mjx-math"):
                replace_text(sibling, "")
        around = parent


def _without_style(words: str) -> str:
    found = _STYLE.match(words.strip())
    return " ".join((found[1] if found else words).split())


def _spelt(node: Element, depth: int) -> str:
    """What a node of a formula says; the text of all below it where it stands too deep."""
    if depth > _DEEPEST:
        return "".join(node.itertext())
    name = node.tag.rpartition(":")[2] if isinstance(node.tag, str) else ""
    parts = [child for child in node if isinstance(child.tag, str)]
    if name == "semantics":
        parts = parts[:1]
    said = [_spelt(part, depth + 1) for part in parts]
    return _composed(name, node, parts, said) if parts else _token(name, node)


def _composed(name: str, node: Element, parts: Sequence[Element], said: Sequence[str]) -> str:
    bare = [one.strip() for one in said]
    if name in _SCHEMAS and len(said) > 1:
        return _SCHEMAS[name](*bare[:3])
    match name:
        case "mtable":
            return "; ".join(filter(None, bare))
        case "mtr" | "mlabeledtr":
            return " ".join(filter(None, bare))
        case "msqrt":
            return f"√{_grouped(_row(parts, said))}"
        case "mfenced":
            return f"{node.get('open', '(')}{', '.join(bare)}{node.get('close', ')')}"
        case _:
            return _row(parts, said)


def _token(name: str, node: Element) -> str:
    text = " ".join((node.text or "").translate(_UNSEEN).split())
    if name == "mspace":
        return " "
    if name == "mo" and text in _SPACED:
        return f" {text} "
    return f" {text} " if name == "mtext" and text else text


def _row(parts: Sequence[Element], said: Sequence[str]) -> str:
    """Nodes one behind the other; a sign between two terms stands apart from both."""
    row = ""
    for part, piece in zip(parts, said, strict=True):
        before = row.rstrip()[-1:]
        if part.tag == "mo" and piece in _SIGNS and (before.isalnum() or before in _ENDS):
            row += f" {piece} "
        elif piece[:1].isdigit() and row[-1:].isdigit():
            row += f" {piece}"
        else:
            row += piece
    return row[:_LONGEST]


def _grouped(said: str) -> str:
    return said if _ONE.fullmatch(said) else f"({said})"


def _divided(above: str, below: str, *_: str) -> str:
    over = above if not re.search(r"\s", above) else f"({above})"
    return f"{over}/{_grouped(below) if len(below) == 1 or below.isdigit() else f'({below})'}"


def _power(base: str, raised: str, *_: str) -> str:
    if raised in {"′", "'", "″", "*", "°", "∘"}:
        return base + raised.replace("∘", "°")
    return (base if _ONE.fullmatch(base) or len(base) < 2 else f"({base})") + in_upper(raised)


def _index(base: str, lowered: str, *_: str) -> str:
    return base + in_lower(lowered)


def _both(base: str, lowered: str, raised: str = "", *_: str) -> str:
    return base + in_lower(lowered) + (in_upper(raised) if raised else "")


def _rooted(inner: str, degree: str, *_: str) -> str:
    return f"{in_upper(degree) if degree.isdigit() else f'{degree}-'}√{_grouped(inner)}"


def _over(base: str, mark: str, *_: str) -> str:
    return base + (in_upper(mark) if any(one.isalnum() for one in mark) else "")


_SCHEMAS: Final = {
    "mfrac": _divided,
    "msup": _power,
    "msub": _index,
    "msubsup": _both,
    "munderover": _both,
    "munder": _index,
    "mover": _over,
    "mroot": _rooted,
}
