"""Text of others as a terminal may be given it: nothing in it steers, reorders or hides."""

from __future__ import annotations

import json
import re
from typing import Final

_EMOJI_TAGS: Final = "\U0001f3f4[\U000e0030-\U000e0039\U000e0061-\U000e007a]{1,8}\U000e007f"
"""A flag of a region, spelt in characters that are otherwise not seen. Source: UTS 51, 1.4.6."""
_UNSEEN: Final = (
    "\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u180e\u200b\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e007f"
)
_STEERING: Final = re.compile(f"({_EMOJI_TAGS})|[{_UNSEEN}\u2028\u2029\ud800-\udfff]")
_IN_JSON: Final = re.compile(f"[{_UNSEEN}\u2028\u2029\ud800-\udfff]")


def plain(text: str) -> str:
    """The text without controls, overrides and isolates of direction, and format characters.

    Line feeds and tabs stay, and so do ZWJ, ZWNJ and the marks of direction, with which Persian,
    Arabic, Hebrew and emoji are written. A line separator becomes a line feed, half a character
    U+FFFD. Source: UAX 9, "Explicit Directional Formatting Characters"; ECMA-48.
    """
    # Nothing that goes is printable.
    return text if text.isprintable() else _STEERING.sub(_instead, text)


def json_text(value: object, indent: int | None = None) -> str:
    """The value as JSON in UTF-8, in which all that `plain` takes out is escaped and so kept."""
    return _IN_JSON.sub(_escaped, json.dumps(value, ensure_ascii=False, indent=indent))


def _instead(found: re.Match[str]) -> str:
    if found[1]:
        return found[1]
    char = found[0]
    if char in "\u2028\u2029":
        return "\n"
    return "\ufffd" if "\ud800" <= char <= "\udfff" else ""


def _escaped(found: re.Match[str]) -> str:
    # Line feeds between its parts are JSON's own; what was in its strings is escaped already.
    return json.dumps(found[0])[1:-1]
