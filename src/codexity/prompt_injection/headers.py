"""Role words and the headers of our own prompts, where a text of others would forge one."""

from __future__ import annotations

import re
from typing import Final

from codexity.prompt_injection.invisible import skeleton, visible
from codexity.prompt_injection.special_tokens import escaped

COLON: Final = "\u2236"
"""Reads as a colon, is not one, and stays what it is under NFKC."""
_WORDS: Final = """system user assistant human ai bot model developer tool function observation
instructions? responses? prompt input output questions? answers? sources? key""".split()
_WORD: Final = rf"(?:{'|'.join(_WORDS)})"
_KINDS: Final = r"(?:[ \t\u200c]{1,4}(?i:prompt|messages?|instructions?|turn|role|override|note))?"
_BEHIND: Final = r"[*_`)\]⟩⟧ \t\u200c]{0,8}"
_LINE: Final = r"(?:\A|(?<=[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]))[^\w\n\r]{0,16}"
_AT_START: Final = re.compile(rf"{_LINE}\b{_WORD}{_KINDS}{_BEHIND}:", re.IGNORECASE)
_CAPITAL: Final = "|".join(f"{word.capitalize()}|{word.upper()}" for word in _WORDS)
_INLINE: Final = re.compile(
    rf"(?<=[.!?…。！？)\]>»”\"'|⟩⟧*:;][ \t])[*_]{{0,3}}(?:{_CAPITAL}){_KINDS}{_BEHIND}:"
    rf"|(?<=[。！？\]>⟩⟧|*])(?:{_CAPITAL}){_KINDS}{_BEHIND}:"
)
_ANYWHERE: Final = re.compile(rf"(?<!\w){_WORD}{_KINDS}{_BEHIND}:", re.IGNORECASE)
_HEADING: Final = re.compile(
    r"(?:\A|(?<=[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]))(?P<before>[ \t>\u200c]{0,8})"
    rf"(?=#{{1,6}}[ \t*_\u200c]{{0,8}}{_WORD}{_KINDS}[ \t*_#\u200c]*(?:[\n\r]|\Z))",
    re.IGNORECASE,
)


def neutral(text: str) -> str:
    r"""A text of others as a model may be given it; it reads as before, and does so again.

    What is not seen goes; special tokens are `escaped`; the colon behind a role word or a header of
    ours at the start of a line, or in capitals at that of a sentence, is written `∶`, and a heading
    that is but such a word has a backslash before it (`\### Response`).
    """
    text = escaped(visible(text))
    plain = skeleton(text)
    ends = {found.end() - 1 for kind in (_AT_START, _INLINE) for found in kind.finditer(plain)}
    text = _apart(text, ends)
    starts = [found.end("before") for found in _HEADING.finditer(plain)]
    for start in reversed(starts):
        text = f"{text[:start]}\\{text[start:]}"
    return text


def neutral_line(text: str) -> str:
    """As `neutral`, for a title or a name: one line, in which no place is but the middle of it."""
    line = neutral(" ".join(visible(text).split()))
    return _apart(line, {found.end() - 1 for found in _ANYWHERE.finditer(skeleton(line))})


def _apart(text: str, ends: set[int]) -> str:
    done = list(text) if ends else []
    for end in ends:
        done[end] = COLON
    return "".join(done) or text
