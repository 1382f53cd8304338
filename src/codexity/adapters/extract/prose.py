"""The text of Markdown and plain text documents."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from codexity.adapters.extract import blocks
from codexity.adapters.extract.markdown_html import empty_hidden
from codexity.links import site
from codexity.model import Page

if TYPE_CHECKING:
    from markdown_it.token import Token

_FRONT_MATTER = re.compile(r"\A---\n(.*?)\n(?:---|\.\.\.)\n", re.DOTALL)
_FIELD = re.compile(r"^(title|date):[ \t]*[\"']?(.*?)[\"']?[ \t]*$", re.MULTILINE)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_TAG = re.compile(r"<!--.*?-->|<[^<>]*>", re.DOTALL)
_BULLET = re.compile(r"^\s*(?:[-*+•]|\d{1,3}[.)])\s+(?=\S)")
_RULE = re.compile(r"^\s*([^\w\s])\1{2,}\s*$")
_INDENTED = re.compile(r"^(?: {4}|\t)")
_LONGEST_TITLE = 120


def read_markdown(text: str, url: str) -> Page:
    """A Markdown document as plain text: no asterisks, pipes or link targets.

    What its own HTML hides is left out.

    Source: CommonMark, with the tables and strike-through of GitHub.
    """
    from markdown_it import MarkdownIt

    source = blocks.visible(text)
    front = _FRONT_MATTER.match(source)
    fields = dict(_FIELD.findall(front.group(1))) if front else {}
    parser = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    tokens = parser.parse(source[front.end() :] if front else source)
    empty_hidden(parser, tokens)
    headings = filter(None, _headings(tokens))
    date = _DATE.match(fields.get("date", ""))
    return Page(
        url=url,
        title=fields.get("title") or next(headings, "") or _name(url),
        text=blocks.joined(_blocks(tokens)),
        site=site(url),
        published=date.group() if date else None,
    )


def read_plain(text: str, url: str) -> Page:
    """A plain text document: hard-wrapped lines become paragraphs, indented ones stay as code."""
    done: list[str] = []
    for part in re.split(r"\n[ \t]*\n", blocks.visible(text)):
        done += _paragraphs(part.strip("\n"))
    done = [block for block in done if block]
    first = done[0] if done and len(done[0]) <= _LONGEST_TITLE and "\n" not in done[0] else ""
    return Page(url=url, title=first or _name(url), text=blocks.joined(done), site=site(url))


def _headings(tokens: Sequence[Token]) -> Iterator[str]:
    for opening, inline in pairwise(tokens):
        if opening.type == "heading_open":
            yield _inline(inline)


def _blocks(tokens: Sequence[Token]) -> Iterator[str]:
    cells: list[str] | None = None
    for token in tokens:
        match token.type:
            case "tr_open":
                cells = []
            case "tr_close":
                yield " ".join(cells or ())
                cells = None
            case "inline" if cells is not None:
                cells.append(_inline(token))
            case "inline":
                yield _inline(token)
            case "fence" | "code_block":
                yield blocks.code(token.content)
            case "html_block":
                yield _without_tags(token.content)
            case _:
                pass


def _inline(token: Token) -> str:
    pieces: list[str] = []
    for child in token.children or ():
        if child.type in {"text", "code_inline", "text_special"}:
            pieces.append(child.content)
        elif child.type in {"softbreak", "hardbreak"}:
            pieces.append(" ")
    return blocks.prose("".join(pieces))


def _without_tags(text: str) -> str:
    from html import unescape

    return blocks.prose(unescape(_TAG.sub(" ", text)))


def _paragraphs(part: str) -> Iterator[str]:
    lines = [line for line in part.split("\n") if line.strip() and not _RULE.match(line)]
    if lines and all(_INDENTED.match(line) for line in lines) and not _BULLET.match(lines[0]):
        yield blocks.code("\n".join(lines))
        return
    paragraph: list[str] = []
    for line in lines:
        if _BULLET.match(line) and paragraph:
            yield blocks.prose(" ".join(paragraph))
            paragraph.clear()
        paragraph.append(_BULLET.sub("", line))
    yield blocks.prose(" ".join(paragraph))


def _name(url: str) -> str:
    return unquote(PurePosixPath(urlsplit(url).path).name) or site(url)
