"""Python's own documentation text (reStructuredText and its plain rendering) as clean blocks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby

from codexity.adapters.extract.blocks import visible

_UNDERLINE = re.compile(r"([=\-~*^\"'`#+.])\1{2,}")
_BULLET = re.compile(r"(?:[*•+\-]|\[\d+\]|\(?\d{1,2}[.)])\s+(?=\S)")
_MARK = re.compile(r"[*•+\-]\s+")
_ADMONITIONS = frozenset({"See also:", "Note:", "Warning:", "Caution:", "Tip:", "Important:"})
_CODE_START = re.compile(
    r"(?:>>>|\.\.\.(?: |$)|\$ |#|@\w|(?:async )?(?:def|for|with) .*:$|class \w+.*:$"
    r"|(?:if|elif|while|except|try|else|finally)\b.*:$|import \w|from [\w.]+ import\b"
    r"|[\w.\[\]]+ = \S|(?:return|raise|yield|del|assert)\b(?!.*\.$)|\w+\(.*\)$)"
)
# Columns, or a comment behind code: the text builder puts two blanks only behind a sentence.
_COLUMNS = re.compile(r"\S\s{3,}\S|[^\s.!?:)\"”]\s{2}\S|\S\s+# ")
_SIGNS = re.compile(r"[()\[\]{}=<>_:;#|\\/+*%]")
_INLINE = (
    (re.compile(r":[a-z:]+:`~?([^`<]+?)(?:\s*<[^`>]*>)?`"), r"\1"),
    (re.compile(r"``(.+?)``"), r"\1"),
    (re.compile(r"`([^`<]+?)\s*<[^`>]*>`_{1,2}"), r"\1"),
    (re.compile(r"(?<![\w`'\"])`([^`']+)`_{0,2}(?!\w)"), r"\1"),
    (re.compile(r"(?<![\w*\"'(])\*\*([^\s*](?:[^*]*[^\s*])?)\*\*(?![\w*\"'])"), r"\1"),
    (re.compile(r"(?<![\w*\"'\\])\*([^\s*](?:[^*\n]*[^\s*])?)\*(?![\w*\"'(])"), r"\1"),
    (re.compile(r"(\[\d+\])_"), r"\1"),
)


def plain(text: str) -> str:
    """The text in blocks parted by blank lines, without markup.

    Paragraphs, headings, list items and table rows are one line each; code keeps its lines and is
    one block. Source: reStructuredText Markup Specification, and the text builder of Sphinx.
    """
    lines = [line.rstrip() for line in visible(text).expandtabs().splitlines()]
    return "\n\n".join(one for one in _blocks(lines) if one.strip())


def inline(text: str) -> str:
    """A line of prose without the marks of emphasis, code, roles and references."""
    for pattern, into in _INLINE:
        text = pattern.sub(into, text)
    return text.replace("::", ":") if text.endswith("::") else text


def _blocks(lines: list[str]) -> Iterator[str]:
    code: list[str] = []
    margin = after_colon = -1
    for group in _groups(lines):
        depth = _depth(group)
        if code and (depth > margin or (depth == margin and _is_code(group, told=False))):
            code.extend(group)
            continue
        if code:
            yield _code(code, margin)
            code = []
        if _is_table(group):
            yield from _table(group)
        elif _is_code(group, told=-1 < after_colon < depth):
            code, margin = list(group), depth
            continue
        else:
            yield from _prose(group)
        tells = group[-1].endswith(":") and group[-1].strip() not in _ADMONITIONS
        after_colon = depth if tells else -1
    if code:
        yield _code(code, margin)


def _groups(lines: list[str]) -> Iterator[list[str]]:
    """Runs of lines without a blank one; a session at the prompt is a run of its own."""
    for blank, run in groupby(lines, key=lambda line: not line.strip()):
        if blank:
            continue
        group = list(run)
        session = next((at for at, line in enumerate(group) if line.lstrip()[:3] == ">>>"), 0)
        if session:
            yield group[:session]
        yield group[session:]


def _depth(group: list[str]) -> int:
    return min(_indent(line) for line in group)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _is_table(group: list[str]) -> bool:
    return group[0].lstrip().startswith("+-") and group[-1].rstrip().endswith("-+")


def _is_code(group: list[str], *, told: bool) -> bool:
    """Whether a group is code; `told` when the paragraph before it ends in a colon."""
    first = group[0].strip()
    if first.startswith(">>>") or any("::=" in line for line in group):
        return True
    depth = _depth(group)
    if depth == 0 or _BULLET.match(first):
        return False
    if told and (_CODE_START.match(first) or all(_COLUMNS.search(line.strip()) for line in group)):
        return True
    text = inline(" ".join(line.strip() for line in group))
    if text.endswith((".", ":", "!", "?", ".)")) and len(text.split()) > 4:
        return False
    dense = len(_SIGNS.findall(text)) / len(text) > 0.06
    return dense if told else dense and len(group) > 1 and len(_CODE_START.findall(text)) > 0


def _code(lines: list[str], margin: int) -> str:
    return "\n".join(line[margin:] for line in lines)


def _table(group: list[str]) -> Iterator[str]:
    """The rows of a grid table, one line each, their cells parted by a colon."""
    for ruled, run in groupby(group, key=lambda line: line.lstrip()[:2] in {"+-", "|=", "+="}):
        if ruled:
            continue
        rows = [line.strip().strip("|").split("|") for line in run]
        width = max(len(row) for row in rows)
        cells = [_joined([row[at] for row in rows if at < len(row)]) for at in range(width)]
        yield inline(": ".join(cell for cell in cells if cell))


def _prose(group: list[str]) -> Iterator[str]:
    """The headings, list items, definitions and paragraphs of a group, one line each."""
    held: list[str] = []
    in_columns = sum(_COLUMNS.search(line.strip()) is not None for line in group) > 1
    base, within = _indent(group[0]), False
    for line in group:
        bare, depth = line.strip(), _indent(line)
        # Definitions stand under their term, further in; where the text comes back is the next.
        starts = within and depth <= base
        if depth > base and held and held[-1].endswith(":"):
            starts, base = True, depth
        within = depth > base
        if _UNDERLINE.fullmatch(bare) or set(bare) <= set("= -") or bare.startswith("-[ "):
            # What stood over the line is a heading; the line itself says nothing.
            yield _line(held)
            held = []
        elif _BULLET.match(bare) and (not held or line != line.lstrip() or _listed(group)):
            yield _line(held)
            held = [_MARK.sub("", bare, count=1)]
        elif starts or (in_columns and _COLUMNS.search(bare)):
            yield _line(held)
            held = [bare]
        else:
            held.append(bare)
    yield _line(held)


def _listed(group: list[str]) -> bool:
    return _BULLET.match(group[0].strip()) is not None


def _line(held: list[str]) -> str:
    return inline(_joined(held))


def _joined(lines: list[str]) -> str:
    """Lines as one; a word that the text builder broke at its hyphen is whole again."""
    text = " ".join(" ".join(line.split()) for line in lines if line.strip())
    return re.sub(r"(?<=\w)- (?=[a-z]{2})", "-", text) if len(lines) > 1 else text
