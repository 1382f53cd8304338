"""Python modules: docstrings, comments, signatures, constants and fields, by its own grammar."""

from __future__ import annotations

import ast
import inspect
import io
import tokenize
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Final

from codexity.adapters.extract import blocks
from codexity.adapters.extract.blocks import Draft
from codexity.adapters.extract.bounded import bounded
from codexity.adapters.extract.code.comments import DEEPEST, drafts_of, is_blank, is_order
from codexity.adapters.extract.code.languages import PYTHON_MARKS
from codexity.adapters.extract.code.source import MOST_CHARS, source_drafts
from codexity.adapters.extract.page_of_drafts import page_of
from codexity.model import Page

_MOST_LINES: Final = 20
"""Of a value that is set: a longer one is data."""
_LONGEST: Final = 400
_Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def read_python(text: str, url: str) -> Page:
    """What a module says of itself; where Python does not take it, what its lines look like."""
    source = blocks.visible(text)
    cut = len(source) > MOST_CHARS
    found, is_cut = bounded(_drafts(source[:MOST_CHARS]))
    return page_of(found, url, is_cut=is_cut or cut)


def _drafts(source: str) -> Iterator[Draft]:
    try:
        with warnings.catch_warnings():
            # Of its own text the parser warns as well.
            warnings.simplefilter("ignore")
            tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        yield from source_drafts(source, PYTHON_MARKS)
        return
    reader = _Reader(lines=source.split("\n"))
    reader.module(tree)
    reader.take_comments(source)
    if not reader.found:
        yield from source_drafts(source, PYTHON_MARKS)
        return
    yield from reader.drafts()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """What begins in a line: the blocks of a docstring, a signature, a comment (`is_comment`)."""

    line: int
    drafts: tuple[Draft, ...] = ()
    text: str = ""
    is_comment: bool = False
    level: int = 0


@dataclass(slots=True, kw_only=True)
class _Reader:
    """Gathers what a module says, in whatever order, and says it line by line."""

    lines: Sequence[str]
    found: list[_Found] = field(default_factory=list[_Found])
    _shown: set[int] = field(default_factory=set[int])
    _levels: list[tuple[int, int]] = field(default_factory=list[tuple[int, int]])

    def module(self, tree: ast.Module) -> None:
        """Takes all but the comments; what stands deep within others is met in turn."""
        self._docstring(tree, 0)
        waiting: list[tuple[ast.stmt, int, bool]] = [(one, 0, True) for one in _rest(tree)]
        while waiting:
            node, level, is_open = waiting.pop()
            if isinstance(node, _Definition):
                self._definition(node, level + 1)
                opens = is_open and isinstance(node, ast.ClassDef)
                waiting += [(one, level + 1, opens) for one in _rest(node)]
            elif isinstance(node, ast.Assign | ast.AnnAssign) and is_open:
                self._assigned(node)
            elif isinstance(node, ast.Expr) and is_open:
                self._said(node, level)
            else:
                waiting += [(one, level, is_open) for one in _inner(node)]

    def take_comments(self, source: str) -> None:
        """Takes the comments that are not within what is shown as it stands."""
        tokens = tokenize.generate_tokens(io.StringIO(source).readline)
        try:
            comments = [one for one in tokens if one.type == tokenize.COMMENT]
        except (tokenize.TokenError, SyntaxError):
            comments = []
        for token in comments:
            line, column = token.start
            words = token.string.lstrip("#").removeprefix(":")
            if line in self._shown or is_order(token.string[1:]):
                continue
            if is_blank(words) and self.lines[line - 1][:column].strip():
                continue
            if self.lines[line - 1][:column].strip():
                code = self.lines[line - 1][:_LONGEST]
                self.found.append(_Found(line=line, text=code))
            else:
                self.found.append(_Found(line=line, text=words, is_comment=True))
                self._line_below(line + 1)

    def _line_below(self, number: int) -> None:
        """Takes the line of code right below a comment, which that is about."""
        line = self.lines[number - 1][:_LONGEST] if number <= len(self.lines) else ""
        if number not in self._shown and line.strip() and line.lstrip()[0] != "#":
            self._shown.add(number)
            self.found.append(_Found(line=number, text=line))

    def drafts(self) -> Iterator[Draft]:
        """All of it in the order of the lines; comments and code below each other are one."""
        told = sorted(self.found, key=lambda one: one.line)
        levels = sorted(self._levels)
        at = level = 0
        for (kind, _), group in groupby(_numbered(told), key=lambda one: one[0]):
            run = [one for _, one in group]
            while at < len(levels) and levels[at][0] <= run[0].line:
                level = levels[at][1]
                at += 1
            if kind == "drafts":
                yield from (draft for one in run for draft in one.drafts)
            elif kind == "comment":
                yield from drafts_of(inspect.cleandoc("\n".join(one.text for one in run)), level)
            else:
                yield Draft(text=blocks.code("\n".join(one.text for one in run)), kind="code")

    def _docstring(self, node: ast.Module | _Definition, level: int) -> None:
        text = ast.get_docstring(node)
        if text and isinstance(node.body[0], ast.Expr):
            self.found.append(
                _Found(line=node.body[0].lineno, drafts=tuple(drafts_of(text, level)))
            )

    def _definition(self, node: _Definition, level: int) -> None:
        first = min([node.lineno, *(one.lineno for one in node.decorator_list)])
        body = node.body[0]
        inner = body.decorator_list if isinstance(body, _Definition) else []
        end = min([body.lineno, *(one.lineno for one in inner)]) - 1
        last = max(end, node.lineno)
        while last > node.lineno and self.lines[last - 1].lstrip()[:1] in {"", "#"}:
            last -= 1
        name = f"class {node.name}" if isinstance(node, ast.ClassDef) else f"{node.name}()"
        heading = Draft(text=name, kind="heading", level=min(DEEPEST, level))
        code = Draft(text=self._code(first, last), kind="code")
        self.found.append(_Found(line=first, drafts=(heading, code)))
        self._levels.append((first, min(DEEPEST, level)))
        self._docstring(node, level)

    def _assigned(self, node: ast.Assign | ast.AnnAssign) -> None:
        last = min(node.end_lineno or node.lineno, node.lineno + _MOST_LINES - 1)
        self.found.append(_Found(line=node.lineno, text=self._code(node.lineno, last)))

    def _said(self, node: ast.Expr, level: int) -> None:
        """A text that stands for itself: the docstring of what was set above it."""
        value = node.value
        if isinstance(value, ast.Constant) and isinstance(value.value, str):
            text = inspect.cleandoc(value.value)
            self.found.append(_Found(line=node.lineno, drafts=tuple(drafts_of(text, level))))

    def _code(self, first: int, last: int) -> str:
        """Lines as they stand, comments too."""
        self._shown.update(range(first, last + 1))
        return blocks.code("\n".join(one[:_LONGEST] for one in self.lines[first - 1 : last]))


def _rest(node: ast.Module | _Definition) -> list[ast.stmt]:
    """What stands in a body behind its docstring."""
    return node.body[1:] if ast.get_docstring(node, clean=False) is not None else node.body


def _inner(node: ast.stmt) -> Iterator[ast.stmt]:
    for name in ("body", "orelse", "finalbody"):
        yield from getattr(node, name, ())
    for around in (*getattr(node, "handlers", ()), *getattr(node, "cases", ())):
        yield from around.body


def _numbered(found: Sequence[_Found]) -> Iterator[tuple[tuple[str, int], _Found]]:
    """What was found with its kind and, for lines below each other, the same number."""
    run = 0
    last = -1
    for one in found:
        kind = "drafts" if one.drafts else "comment" if one.is_comment else "code"
        run += one.line != last + 1
        last = one.line + one.text.count("\n")
        yield (kind, run), one
