"""Leaves out what a reasoning model thinks aloud before it answers."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

from codexity.adapters.llm.thought_tags import (
    ALOUD,
    CLOSING,
    FINAL,
    FINAL_CHARS,
    HARMONY,
    LONGEST,
    OPENING,
    SPOKEN,
    SPOKEN_FINAL,
    STOPS,
    THINKER,
    WRAPPING,
    begins,
    is_aloud,
    is_spoken,
    tags,
)

_QUOTES: Final = "`\"'“‘«"
_ABOUT: Final = re.compile(r"[ \t]+[a-z]|[`'\"’”,.;:)]")
_SHOWN: Final = 4
"""So many characters behind a tag show whether it is one or is written about."""
_MOST_HELD: Final = 200_000
_AT_START: Final = (*OPENING, *HARMONY, *CLOSING)
_FENCE: Final = "\n```"


@dataclass(slots=True)
class Habit:
    """What the replies of one model have shown so far.

    `closes_only` says whether they close thinking that they have not opened, as they do where the
    server's prompt opens it; None before one has shown it.
    """

    closes_only: bool | None = None


class Thinking:
    """Drops from the start of a reply what is thought, white space, and what wraps the answer.

    Works piece by piece. A reply that begins with a tag of thinking is thinking up to the tag that
    closes it: in any case, nested, several times in a row; where only another tag closes, that one
    counts. One that begins as thinking aloud does, or whose model is known to think unopened (by
    its `habit`, or by its `name` as long as that has shown nothing), is held back up to a closing
    tag, or to its end where none comes. Any other is given at once, but for an end that may still
    become a tag. A tag further on, in quotes, or in a block of code of what is held back, is part
    of the text. Thinking that never ends leaves an empty reply.
    """

    def __init__(self, habit: Habit, name: str = "", *, whole: bool = False) -> None:
        self._habit = habit
        told = habit.closes_only
        self._waits = whole or (THINKER.search(name) is not None if told is None else told)
        self._sure = told is True
        self._held = ""
        self._looked = 0
        self._opened = ""
        self._closes: tuple[str, ...] = ()
        self._is_code = self._has_begun = False
        self._in_code = 0
        self._tags = tags(())
        self._depth = 0
        self._unsure = False
        self._apart = False
        self._thought = False
        self._tail = "\n"
        self._ends: tuple[str, ...] = ()
        self._place: Literal["start", "thinking", "aloud", "harmony", "answer", "over"] = "start"

    def apart(self) -> None:
        """The server tells the thinking apart: what it calls the answer is none."""
        self._waits = False
        self._apart = True

    def feed(self, text: str) -> str:
        """What of the text so far belongs to the answer and was not given yet."""
        if self._place == "over":
            return ""
        self._held += text
        while self._step():
            pass
        return self._release() if self._place == "answer" else ""

    def end(self, *, whole: bool = True) -> str:
        """What was held back and is no thinking, now that the reply is over; or was cut short."""
        held, self._held = self._held, ""
        if self._place == "aloud":
            return self._end_aloud(held, whole=whole)
        match self._place:
            case "thinking" if self._about(held):
                return self._opened + held
            case "thinking" if self._depth and self._thought and whole:
                return held.lstrip()
            case "start" if held.lower().startswith(CLOSING):
                return tags(CLOSING).sub("", held, count=1).lstrip()
            case "start" | "answer":
                return held
            case _:
                return ""

    def _end_aloud(self, held: str, *, whole: bool) -> str:
        if whole or self._in_code:
            self._habit.closes_only = self._in_code > 0
        if self._in_code:
            # No block of code, which would end.
            return held[self._in_code :].lstrip()
        return held if whole or not (self._sure or is_aloud(held)) else ""

    def _step(self) -> bool:
        """Goes on from one place to the next where what is held allows it."""
        match self._place:
            case "start":
                return self._begin()
            case "thinking" | "aloud":
                return self._close()
            case "harmony":
                return self._find_final()
            case _:
                return False

    def _begin(self) -> bool:
        self._held = self._held.lstrip()
        low = self._held[: LONGEST + 1].lower()
        opened = next((tag for tag in _AT_START if low.startswith(tag)), "")
        if opened:
            return self._open(opened, low)
        wrapping = next((tag for tag in WRAPPING if self._thought and low.startswith(tag)), "")
        if wrapping:
            self._ends = (WRAPPING[wrapping],)
            self._held = self._held[len(wrapping) :].lstrip()
            self._place = "answer"
        elif is_spoken(self._held):
            self._think(SPOKEN, (SPOKEN_FINAL,), nested=False)
        elif self._may_become(low):
            return False
        elif not self._thought and (self._waits or (not self._apart and is_aloud(low))):
            self._closes = (*CLOSING, HARMONY[0])
            self._tags = tags((*self._closes, _FENCE))
            self._place = "aloud"
        else:
            self._place = "answer"
        return True

    def _may_become(self, low: str) -> bool:
        """Whether what is held may still be the beginning of what the start looks for."""
        if low.rstrip() == SPOKEN and len(low) <= LONGEST:
            return True
        wanted: Iterable[str] = (*_AT_START, SPOKEN)
        if self._thought:
            wanted = (*wanted, *WRAPPING)
        elif not self._apart:
            wanted = (*wanted, *ALOUD)
        return begins(low, wanted)

    def _open(self, tag: str, low: str) -> bool:
        if tag in HARMONY:
            self._place = "harmony"
            return True
        if tag in CLOSING:
            return self._pass(tag)
        behind = low[len(tag) :][:1]
        if tag[0] == "[" and not behind:
            return False
        if tag[0] == "[" and behind == "(":  # a link
            self._place = "answer"
        else:
            self._think(self._held[: len(tag)], OPENING[tag])
        return True

    def _pass(self, tag: str) -> bool:
        """Drops a tag that closes nothing, where it is none that the answer is about."""
        behind = self._held[len(tag) :]
        if len(behind) < _SHOWN:
            return False
        if _ABOUT.match(behind):
            self._place = "answer"
        else:
            self._held = behind
            self._thought = True
        return True

    def _think(self, opened: str, closes: tuple[str, ...], *, nested: bool = True) -> None:
        self._held = self._held[len(opened) :]
        self._opened = opened
        self._looked = 0
        self._depth = 1
        self._unsure = True
        self._thought = False
        self._closes = closes
        self._tags = tags((opened.lower(), *closes, *CLOSING) if nested else closes)
        self._place = "thinking"

    def _close(self) -> bool:
        """Looks for the tag that closes, and lets go what is thought."""
        for found in self._tags.finditer(self._held, self._looked):
            self._looked = found.end()
            before = self._held[found.start() - 1 : found.start()]
            tag = found.group().lower()
            if tag == _FENCE:
                self._is_code, self._in_code = not self._is_code, 0
            elif before and before in _QUOTES:
                continue
            elif self._is_code:
                self._in_code = self._in_code or found.end()
            elif tag == self._opened.lower():
                self._depth += 1
            else:
                self._end_thought(found, tag)
                return True
        self._looked = max(self._looked, len(self._held) - LONGEST)
        self._forget()
        return False

    def _end_thought(self, found: re.Match[str], tag: str) -> None:
        """Goes on behind a tag that closes, and before one that begins the answer too."""
        if self._place == "aloud":
            self._habit.closes_only = True
        if tag in self._closes:
            self._depth -= 1
        self._thought, self._unsure = True, False
        is_begin = tag in WRAPPING or tag in HARMONY
        self._held = self._held[found.start() if is_begin else found.end() :]
        self._looked = 0
        self._place = "start" if self._depth < 1 else self._place

    def _forget(self) -> None:
        """Lets go what is surely thinking, and what goes beyond the bound of what is held."""
        aloud = self._place == "aloud"
        kept = aloud or self._thought or len(self._held) < _SHOWN or self._about(self._held)
        if not kept or len(self._held) > _MOST_HELD:
            self._held = self._held[self._looked :]
            self._looked = 0
            self._unsure = self._thought = False
            self._place = "thinking"

    def _about(self, held: str) -> bool:
        """Whether the text speaks of the tag that it begins with."""
        return self._unsure and _ABOUT.match(held) is not None

    def _find_final(self) -> bool:
        found = FINAL.search(self._held)
        if found is None:
            self._held = self._held[-FINAL_CHARS:]
            return False
        self._held = self._held[found.end() :].lstrip()
        self._ends = STOPS
        self._place = "answer"
        return True

    def _release(self) -> str:
        """What of the answer is held, up to what may become the end of its wrapping."""
        held, self._held = self._held, ""
        held = held if self._has_begun else held.lstrip()
        self._has_begun = self._has_begun or bool(held)
        if not self._ends:
            self._look(held)
            return held
        if found := tags(self._ends).search(held):
            rest = "" if self._ends is STOPS else held[found.end() :]
            self._place = "over" if self._ends is STOPS else self._place
            self._ends = ()
            return held[: found.start()] + rest
        low = held[-LONGEST:].lower()
        most = next((n for n in range(len(low), 0, -1) if begins(low[-n:], self._ends)), 0)
        self._held = held[len(held) - most :]
        return held[: len(held) - most]

    def _look(self, given: str) -> None:
        """Learns for the next reply of a line that closes what was never opened."""
        if self._thought or self._apart:
            return
        seen = self._tail + given
        if any(seen[one.start() - 1] == "\n" for one in tags(CLOSING).finditer(seen, 1)):
            self._habit.closes_only = True
        self._tail = seen[-LONGEST - 1 :]


def answer_in(reply: str, habit: Habit) -> str:
    """The answer of a whole reply, in which a tag closes what was never opened wherever it stands.

    What begins as JSON does is no thinking. The habit learns of such a tag.
    """
    here = Habit()
    thinking = Thinking(here, whole=reply.lstrip()[:1] not in {"{", "["})
    text = thinking.feed(reply) + thinking.end()
    if here.closes_only:
        habit.closes_only = True
    return text
