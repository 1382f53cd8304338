"""The structure of a page shown: as HTML, and as Markdown."""

from codexity.edges.structure.as_html import pieces
from codexity.edges.structure.as_markdown import markdown

__all__ = ["markdown", "pieces"]
