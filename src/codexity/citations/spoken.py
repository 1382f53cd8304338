"""What the cleaner has said: the white space around what it removes, and how the text ends."""

from __future__ import annotations

import re

_LINE_START = re.compile(r"[\s>*+\-\d.)]*")
_OPEN_END = re.compile(r"\[[\s\d]*\Z")


class Spoken:
    """Gathers what may be said, and keeps the white space before a bracket until that is decided.

    `line_start` is whether the line holds nothing yet but indentation and marks of lists and
    quotes; `open` whether the text ends in an opening bracket and digits, so that what is said
    next could close it.
    """

    def __init__(self) -> None:
        self.gap: str = ""
        self.line_start = True
        self.open = False
        self._pieces: list[str] = []
        self._last: str = ""
        self._removed_gap: str | None = None
        self._swallow_space = False

    @property
    def flows(self) -> bool:
        """Whether plain text can be said as it is, without coming through here."""
        return not (
            self.gap
            or self.line_start
            or self.open
            or self._swallow_space
            or self._removed_gap is not None
        )

    def passed(self, text: str) -> None:
        """Takes note of plain text that was said as it is."""
        self._last = text[-1]

    def say(self, text: str) -> None:
        """Says the gap and the text, which together are not empty."""
        text = self.gap + text
        self.gap = ""
        if self._swallow_space:
            text = text.lstrip(" \t")
            if not text:
                return
            self._swallow_space = False
        if self._removed_gap is not None:
            text = _joint(self._last, self._removed_gap, text[0]) + text
            self._removed_gap = None
        line = max(text.rfind("\n"), text.rfind("\r")) + 1
        if line or self.line_start:
            self.line_start = _LINE_START.fullmatch(text, line) is not None
        if "[" in text:
            self.open = _OPEN_END.search(text) is not None
        elif self.open:
            self.open = _OPEN_END.fullmatch("[" + text) is not None
        self._last = text[-1]
        self._pieces.append(text)

    def remove(self) -> None:
        """Says nothing where a bracket stood, and leaves out the gap before it.

        At a line's start the gap stays, and the white space behind the bracket goes.
        """
        if "\n" in self.gap or (self._last in {"", "\n"} and self._removed_gap is None):
            if self.gap:
                self.say("")
            self._swallow_space = True
        else:
            self._removed_gap = self._removed_gap or self.gap
            self.gap = ""

    def take(self) -> str:
        """All that was said since the last time."""
        text = "".join(self._pieces)
        self._pieces.clear()
        return text


def _joint(before: str, gap: str, after: str) -> str:
    """What stands where a number was removed: enough to keep apart what it kept apart."""
    if after.isalnum() or after in "`[(":
        spaced = after.isalnum() and before.isalnum() and max(before, after) < "\u2e80"
        return gap or (" " if spaced or before == after == "`" else "")
    return ""
