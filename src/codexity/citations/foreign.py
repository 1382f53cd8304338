"""The numbers in brackets that a page brings along are made unlike those that name our sources."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from codexity.citations import brackets
from codexity.text import blocks, is_prose, is_wrapped

_CLOSERS: Final = "]］】〕"
_OTHERS: Final = str.maketrans(
    dict.fromkeys(brackets.OPENERS, "\u27e6") | dict.fromkeys(_CLOSERS, "\u27e7")
)
_OPENER = re.compile(rf"[{re.escape(brackets.OPENERS)}]")
_LONGEST: Final = 400
_FENCE: Final = "```"
_FENCES = re.compile("`{3}|~{3}")
_BEHIND_A_WORD = re.compile(r"""(?:\A|\s)[^\s=_<>{}/`]*[\w.,;:!?)"'’”»%…\]]\Z""")
_CODE_DOT = re.compile(r"\w[.(]\w+\Z")
_GOES_ON = re.compile(r"[\w(.=]\w")


def foreign(text: str) -> str:
    """A page's text without a bracket that the cleaner could take for a citation.

    A footnote's mark behind a word of a sentence goes. A block of code stands in a fence, in which
    nothing is a citation. Any other number keeps its place between brackets of another kind:
    `[1, 5]` becomes `⟦1, 5⟧`.
    """
    if not _OPENER.search(text):
        return text
    fenced = _FENCES.search(text) is None
    done: list[str] = []
    at = 0
    for start, end in blocks(text):
        block = text[start:end]
        done.append(text[at:start])
        at = end
        if fenced and "\n" in block and not is_wrapped(block):
            numbered = any(numbers for _, _, numbers in _brackets(block))
            done.append(f"{_FENCE}\n{block}\n{_FENCE}" if numbered else block)
        else:
            done.append(_changed(block))
    return "".join([*done, text[at:].translate(_OTHERS)])


def apart(text: str) -> str:
    """A text with each such bracket in another kind, and with all of its words: a question's."""
    done = ""
    at = 0
    for start, end, _ in _brackets(text):
        done += text[at:start] + text[start:end].translate(_OTHERS)
        at = end
    return done + text[at:]


def _changed(block: str) -> str:
    prose = is_prose(" ".join(block.split()))
    done = ""
    at = 0
    for start, end, whole in _brackets(block):
        done += block[at:start]
        group = block[start:end]
        if not (whole and prose and _is_mark(done, group, block[end : end + 2])):
            done += group.translate(_OTHERS)
        at = end
    return done + block[at:]


def _brackets(block: str) -> Iterator[tuple[int, int, bool]]:
    """Where numbers stand in brackets, and whether they are whole; a lone opener else."""
    at = 0
    while opener := _OPENER.search(block, at):
        at = opener.start()
        window = block[at : at + _LONGEST]
        seen = brackets.look(window)
        if seen.end and brackets.named(window[: seen.end], 0) is not None:
            yield at, at + seen.end, True
            at += seen.end
        else:
            if seen.viable or brackets.holds_digit(window[: brackets.overlong(window, 1)]):
                yield at, at + 1, False
            at += 1


def _is_mark(before: str, group: str, behind: str) -> bool:
    """Whether a bracket is the mark of a footnote, and no subscript: behind a word, before none."""
    word = before[-80:]
    if not _BEHIND_A_WORD.search(word) or _CODE_DOT.search(word):
        return False
    return not _GOES_ON.match(behind) and not group[1:-1].strip().startswith("0")
