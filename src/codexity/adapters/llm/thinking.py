"""Leaves out what a reasoning model thinks aloud before it answers."""

from __future__ import annotations

from typing import Literal

_OPEN = "<think>"
_CLOSE = "</think>"


class Thinking:
    """Drops one `<think>...</think>` block, and white space, from the start of a reply.

    Works piece by piece and holds back no more than the length of a tag. A tag further on is part
    of the answer. A block that never ends leaves an empty reply.
    """

    def __init__(self) -> None:
        self._held = ""
        self._place: Literal["start", "thinking", "behind", "answer"] = "start"

    def feed(self, text: str) -> str:
        """What of the text so far belongs to the answer and was not given yet."""
        if self._place == "answer":
            return text
        self._held += text
        if self._place == "start":
            self._held = self._held.lstrip()
            if self._held.startswith(_OPEN):
                self._held = self._held[len(_OPEN) :]
                self._place = "thinking"
            elif not _OPEN.startswith(self._held):
                self._place = "answer"
        if self._place == "thinking":
            _, closed, behind = self._held.partition(_CLOSE)
            self._held = behind if closed else self._held[1 - len(_CLOSE) :]
            self._place = "behind" if closed else "thinking"
        if self._place == "behind":
            self._held = self._held.lstrip()
            self._place = "answer" if self._held else "behind"
        return self._release() if self._place == "answer" else ""

    def end(self) -> str:
        """What was held back and turned out to be no tag, now that the reply is over."""
        return self._release() if self._place == "start" else ""

    def _release(self) -> str:
        held, self._held = self._held, ""
        return held
