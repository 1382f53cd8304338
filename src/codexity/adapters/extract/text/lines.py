"""What the lines of a plain text are: one paragraph that was wrapped, or lines of their own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Final
from unicodedata import east_asian_width

_PAIR = re.compile(r"([^\W_][^:=\n]{0,39}?)\s*(?::|=(?!=))(?:\s+|(?<==))(\S.*)")
_STAMP = re.compile(
    r"[\[(<]?(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}"
    r"|\d{1,2}:\d{2}(?::\d{2})?"
    r"|(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\w*\.? +\d{1,2}\b|\d{10,13}\b)"
)
_CODE = re.compile(
    r"\s*(?:(?:async )?(?:def|class|for|while|with|if|elif|else|try|except|finally"
    r"|switch|match|case|fn|func|function)\b.*[:{]\s*\Z"
    r"|(?:import|from|using|package|#include|return|const|let|var|public|private|static|export"
    r"|echo|sudo)\s\S.*(?<![.!?])\Z"
    r"|[\w.\[\]]+ ?[-+*/:]?= ?\S|[\w.]+\(.*\)\s*;?\Z|[})\]]+[;,]?\s*\Z|//|/\*|<\/?\w[^<>]*>\Z"
    r"|>>> |\$ |\"[^\"]*\"\s*:|SELECT\b|INSERT\b|(?:do|then|done|fi|esac)\Z)"
)
"""How a line of a program begins, as far as its end has a say."""
_CODE_ENDS: Final = (
    *(";", "{", "}", "(", "[", "\\", "=>", "->"),
    *(";do", ";then", ";done", ";fi", ";esac", "; do", "; then", "; done", "; fi", "; esac"),
)
_VARIABLE = re.compile(r"\$\w")
_CODED_LINES: Final = 0.6
_CODED_WHERE_INDENTED: Final = 0.34
_NARROWEST: Final = 40
_NARROWEST_OF_TWO: Final = 56
_WIDEST: Final = 132
_SLACK: Final = 0.14
_FULL: Final = 0.85
_GOES_ON: Final = 0.25
_MOSTLY: Final = 0.65
_LOOKED_AT: Final = 400
"""So many lines of a run say what it is."""


def is_wrapped(lines: Sequence[str]) -> bool:
    """Whether lines are one paragraph, broken only where a line was full.

    Every line but the last has no room for the next one's first word, and some of them begin in
    lower case, or in a script that has none. Lines that begin with a time, or are pairs of a key
    and a value, are no paragraph however full they are.
    """
    seen = [line.strip() for line in lines[:_LOOKED_AT]]
    if len(seen) < 2:
        return True
    if len(seen) == 2 and _is_one_sentence(*seen):
        return True
    widths = [width(line) for line in seen]
    widest = max(widths)
    narrowest = _NARROWEST_OF_TWO if len(seen) == 2 else _NARROWEST
    if not narrowest <= widest <= _WIDEST or are_records(seen):
        return False
    room = widest * (1 - _SLACK)
    breaks = [
        (before, behind, wide + 1 + _first_word(behind) > room)
        for (before, behind), wide in zip(pairwise(seen), widths, strict=False)
    ]
    full = sum(one[2] for one in breaks)
    goes_on = sum(_goes_on(before, behind) for before, behind, _ in breaks)
    return full >= _FULL * len(breaks) and goes_on >= max(1, _GOES_ON * len(breaks))


def are_records(lines: Sequence[str]) -> bool:
    """Whether most of the lines begin with a time, or are a key and its value."""
    most = _MOSTLY * len(lines)
    stamped = sum(is_stamped(line) for line in lines)
    paired = sum(key_and_value(line) is not None for line in lines)
    return stamped >= most or (paired >= most and len(lines) > 1)


def is_stamped(line: str) -> bool:
    """Whether a line begins with a day or a time, as those of logs and chats do."""
    return _STAMP.match(line) is not None


def key_and_value(line: str) -> tuple[str, str] | None:
    """The two of `Phone: 555 0182` or `timeout = 30s`; None for any other line."""
    if ":" not in line and "=" not in line:
        return None
    match = _PAIR.fullmatch(line.strip())
    if match is None or is_stamped(line) or match[1].count(" ") > 4:
        return None
    return match[1].strip(), match[2].strip()


def is_code(lines: Sequence[str]) -> bool:
    """Whether lines are of a program, a configuration or a data format that indents its lines."""
    seen = lines[:_LOOKED_AT]
    coded = sum(is_coded(line) for line in seen)
    deeper = sum(_indent(behind) > _indent(before) for before, behind in pairwise(seen))
    if deeper and _indent(seen[0]) == 0:
        keys = sum(_is_key(line) for line in seen)
        return coded >= _CODED_WHERE_INDENTED * len(seen) or keys > len(seen) / 2
    # Settings are pairs, though they look like assignments.
    settings = sum(key_and_value(line) is not None and line[-1] not in ";,)" for line in seen)
    return len(seen) > 1 and coded - settings >= _CODED_LINES * len(seen)


def is_coded(line: str) -> bool:
    """Whether a line looks like one of a program."""
    seen = line[:200]
    # What is told by its end is not searched for: most of the lines of a large file are none.
    if seen.rstrip().endswith(_CODE_ENDS) or _CODE.match(seen) is not None:
        return True
    return "$" in seen and _VARIABLE.search(seen) is not None


def width(text: str) -> int:
    """How many columns a text takes: characters of Chinese, Japanese and Korean take two."""
    if text.isascii():
        return len(text)
    return len(text) + sum(east_asian_width(one) in "WF" for one in text[: 2 * _WIDEST])


def joined(lines: Sequence[str]) -> str:
    """The lines of a paragraph as one; scripts that write no spaces are joined without."""
    pieces: list[str] = []
    for line in (one.strip() for one in lines):
        wide = pieces and line and _is_wide(pieces[-1][-1:]) and _is_wide(line[0])
        pieces += [line] if not pieces or wide else [" ", line]
    return "".join(pieces)


def _is_wide(sign: str) -> bool:
    return sign > "\u2e80" and east_asian_width(sign) in "WF" and not "\uac00" <= sign <= "\ud7af"


def _is_key(line: str) -> bool:
    bare = line.strip().removeprefix("- ")
    return bare.endswith(":") or key_and_value(bare) is not None


def _is_one_sentence(first: str, last: str) -> bool:
    """Whether two lines are one sentence, however short."""
    begins = first[:1].isupper() and first[-1:].isalnum() and key_and_value(first) is None
    return begins and last[:1].islower() and last.endswith((".", "!", "?"))


def _goes_on(before: str, behind: str) -> bool:
    """Whether a line may well be the middle of the sentence that the line before began."""
    if not before or not behind:
        return False
    first = next((one for one in behind[:8] if one.isalpha()), "")
    if first and not first.isupper() and not first.islower():
        return True
    return behind[0].islower() or (before[-1] in ",-" and not behind[0].isdigit())


def _first_word(line: str) -> int:
    first = line[:1]
    return 2 if _is_wide(first) else len(line[:60].split(maxsplit=1)[0]) if line else 0


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())
