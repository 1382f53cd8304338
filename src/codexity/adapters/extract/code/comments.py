"""The words of comments and docstrings, without the marks that languages put around them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from codexity.adapters.extract import blocks
from codexity.adapters.extract.blocks import Draft
from codexity.adapters.extract.text.markdown import MarkdownText
from codexity.adapters.extract.text.rst import rst_drafts

_OPENING = re.compile(
    r"\s*(?:/\*+!?|//[/!]?|--\[\[|--+|#[=|!]|<#|\{-[|^]?|#+'?|;+|%+|!|'|=begin|"
    r"@(?:module)?doc\s+\"\"\")[ \t]?"
)
_CLOSINGS: Final = ("*/", "]]", "=#", "#>", "-}", "|#", '"""')
_STAR = re.compile(r"[ \t]*\*(?![*/])[ \t]?")
_ORDERS = re.compile(
    r"!|\s*-\*-|\s*(?:noqa|type:|pylint:|pragma\b|fmt:|isort:|pyright:|mypy:|ruff:|eslint\b|"
    r"eslint-|tslint:|prettier-|@ts-|istanbul |c8 |v8 |NOLINT|clang-format|shellcheck |rubocop:|"
    r"#?(?:end)?region(?=\s*\Z)|#(?:end)?region\b|vim?:|coding[:=]|nosec|yapf:|"
    r"spell-?checker:|\+build |go:)",
    re.IGNORECASE,
)
"""What a comment orders a tool to do; it tells a reader nothing."""
_NO_WORDS = re.compile(r"[\W_]*")
_TAG = re.compile(r"@(\w{2,20})(?:\s+\{[^{}]{0,120}\})?(?:\s+(.*))?")
_NAMED: Final = frozenset(
    {"param", "arg", "argument", "property", "throws", "exception", "typedef"}
)
_MARK = re.compile(r"[^\w\s]{1,4}")
_TITLE = re.compile(r"^[ \t]{0,8}(#{1,4} \S.*)$", re.MULTILINE)
_FIELD = re.compile(
    r"(?:param|parameter|arg|argument|key|keyword|raises?|type|ivar|cvar|var) (\S.*)"
)
_BEFORE_TAG = re.compile(r"\n(?=[ \t]*@\w)")
_OF_XML = re.compile(
    r"</?(?:summary|remarks|para|c|code|see|seealso|returns|example|value|b|i|p|pre|ul|li)\b[^<>]{0,200}>"
)
_PARAMETER = re.compile(r"<(?:param|typeparam|exception) (?:name|cref)=\"([^\"<>]{1,80})\">")
_LONGEST_PAIR: Final = 300
DEEPEST: Final = 6


def drafts_of(text: str, level: int) -> Iterator[Draft]:
    """The blocks of a comment's words; their headings stand below one of this level."""
    shown = MarkdownText(own=False).drafts(text) if "```" in text else rst_drafts(text)
    for one in shown:
        if one.kind == "heading":
            yield replace(one, level=min(DEEPEST, level + 1))
        elif one.kind == "paragraph" and (match := _TAG.fullmatch(one.text)):
            yield _tagged(match)
        elif one.kind == "pair" and (match := _FIELD.fullmatch(one.cells[0])):
            yield blocks.pair(match[1], one.cells[1])
        else:
            yield one


def is_order(comment: str) -> bool:
    """Whether a comment without its mark speaks to a tool."""
    return _ORDERS.match(comment) is not None


def is_blank(comment: str) -> bool:
    """Whether a comment without its mark says nothing: a rule, a line between paragraphs."""
    return _NO_WORDS.fullmatch(comment) is not None


def words_of(comment: str) -> str:
    """The words of one comment, their lines as they stand."""
    comment = comment.rstrip()
    if comment.startswith("=begin"):
        comment = comment.rpartition("\n=end")[0] or comment
    closing = next((one for one in _CLOSINGS if comment.endswith(one)), "")
    comment = comment.removesuffix(closing).rstrip(" \t*")
    opening = _OPENING.match(comment)
    comment = comment[opening.end() :] if opening else comment
    lines = comment.split("\n")
    if len(lines) > 1 and all(_STAR.match(line) or not line.strip() for line in lines[1:]):
        lines = [lines[0], *(_STAR.sub("", line, count=1) for line in lines[1:])]
    text = "\n".join(lines)
    if "<" in text:
        text = _PARAMETER.sub(r"@param \1 ", text).replace("</param>", "")
        text = _OF_XML.sub("", text)
    text = _TITLE.sub(r"\n\1\n", text) if "# " in text else text
    return _BEFORE_TAG.sub("\n\n", text) if "@" in text else text


def mark_of(comment: str) -> str:
    """The mark of a comment of one line: those below each other with the same are one."""
    match = _MARK.match(comment)
    return match[0] if match else ""


def _tagged(match: re.Match[str]) -> Draft:
    """What a tag tells: `@param speed how fast` is a pair of a name and its value."""
    name, said = match[1], match[2] or ""
    if name in _NAMED:
        name, _, said = said.partition(" ")
    said = said.removeprefix("- ").strip()
    if name and said and len(said) <= _LONGEST_PAIR:
        return blocks.pair(name, said)
    return Draft(text=blocks.prose(f"{name} {said}"))
