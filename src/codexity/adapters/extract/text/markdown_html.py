"""HTML within Markdown hides what it would hide on a page."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from codexity.adapters.extract.hidden_text.hidden import strip_hidden
from codexity.adapters.extract.hidden_text.sheets import own_sheets
from codexity.adapters.extract.html.markup import lighten, parsed

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

_TAG = re.compile(r"(<!--.*?(?:-->|\Z)|<[^<>]*>)", re.DOTALL)
_MARK = re.compile("\ue000(\\d+)\ue001")
_HTML: Final = frozenset({"html_block", "html_inline"})
_TEXT: Final = frozenset({"text", "code_inline", "text_special", "fence", "code_block", "image"})


def empty_hidden(parser: MarkdownIt, tokens: Sequence[Token]) -> None:
    """Empties the tokens whose text the document's own HTML hides, and what of HTML it hides.

    The document is drawn with a number in the place of each text; what is gone when the drawing's
    hidden text is taken out was hidden.
    """
    held = list(_leaves(tokens))
    if not any(token.type in _HTML for token in held):
        return
    texts: list[tuple[Token, list[str]]] = []
    pictures: list[Token] = []
    count = 0
    for token in held:
        pieces = _TAG.split(token.content) if token.type in _HTML else [token.content]
        if token.type == "image":
            # Drawn as what it says: of a picture itself no text would be left to be looked for.
            token.type = "text"
            pictures.append(token)
        texts.append((token, pieces))
        marked = list(pieces)
        for at in range(0, len(pieces), 2):
            marked[at] = f"\ue000{count}\ue001" if pieces[at].strip() else pieces[at]
            count += 1
        token.content = "".join(marked)
    seen = _seen(parser.renderer.render(tokens, parser.options, {}))
    for token in pictures:
        token.type = "image"
    count = 0
    for token, pieces in texts:
        for at in range(0, len(pieces), 2):
            if pieces[at].strip() and count not in seen:
                pieces[at] = " "
            count += 1
        token.content = "".join(pieces).strip("\n") if token.type in _HTML else pieces[0]


def _leaves(tokens: Sequence[Token]) -> Iterator[Token]:
    for token in tokens:
        if token.type in _TEXT or token.type in _HTML:
            yield token
        elif token.type == "inline":
            yield from _leaves(token.children or ())


def _seen(drawn: str) -> frozenset[int]:
    """The numbers that can be seen on a page."""
    tree = parsed(f"<html><body>{drawn}</body></html>")
    if tree is None:
        return frozenset()
    css = own_sheets(tree)
    lighten(tree)
    strip_hidden(tree, drawn, css)
    return frozenset(int(number) for number in _MARK.findall(tree.text_content()))
