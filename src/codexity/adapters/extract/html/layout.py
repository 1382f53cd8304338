"""The main text of a page as its own tree has it: what an extractor chose, with its structure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from codexity.adapters.extract.blocks import Draft
from codexity.adapters.extract.html.alignment import aligned
from codexity.adapters.extract.html.leaves import leaves_of
from codexity.adapters.extract.html.restoring import restored

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_FOUND: Final = 0.8
"""Of an extractor's text, found in the tree: with less it was made of something else."""


def laid_out(tree: HtmlElement, found: Sequence[str], *, sells: bool) -> list[Draft]:
    """The blocks of a tree that hold what an extractor found, and what belongs between them.

    `sells` says that the page is of a product. Where they are not found in the tree again, what was
    found is all that there is.
    """
    body = tree.find("body")
    leaves = leaves_of(tree if body is None else body)
    alignment = aligned(leaves, found)
    if alignment.share < _FOUND:
        return [_draft(one) for one in found]
    kept = restored(leaves, alignment.taken, sells=sells)
    return [leaf.draft for leaf, one in zip(leaves, kept, strict=True) if one]


def _draft(text: str) -> Draft:
    return Draft(text=text, kind="code" if "\n" in text else "paragraph")
