"""The cleaner of citations in a stream of text: only numbers that name a source get through."""

from __future__ import annotations

import re
from typing import Final, Literal

from codexity.citations import brackets
from codexity.citations.spoken import Spoken

_HELD: Final = 64
"""The longest bracket, link target or run of backticks that is looked at before it is decided."""

_GAP: Final = 16
"""The longest white space that goes together with a removed number."""

_PLAIN = re.compile(rf"(?: ?[^\s{re.escape(brackets.OPENERS)}`~\\]++)++")
_SPACE = re.compile(rf"\s{{1,{_GAP + 1}}}")
_TICKS = re.compile(r"`+|~+")
_DIGITS_SO_FAR = re.compile(r"\[\d*\Z")
_CODE = re.compile(r"[^\[`~\r\n]+")
_SUBSCRIPT = re.compile(r"\[(\d+)\]")
_TARGET = re.compile(
    r"""\([^\S\n]*(?:<[^<>\n]*>|(?:[^\s()]|\([^\s()]*\))*+)"""
    r"""(?:\s+(?:"[^"]*"|'[^']*'|\([^()]*\)))?\s*\)"""
)
_TARGET_SO_FAR = re.compile(
    r"""\([^\S\n]*(?:<[^<>\n]*(?:>|\Z)|(?:[^\s()]|\([^\s()]*(?:\)|\Z))*+)"""
    r"""(?:\s+(?:"[^"]*(?:"|\Z)|'[^']*(?:'|\Z)|\([^()]*(?:\)|\Z)))?\s*\Z"""
)
_Mode = Literal["prose", "after", "target", "overlong", "span", "info", "fence", "shut"]


class CitationCleaner:
    r"""Passes an answer on, piece by piece, without the numbers that name none of its sources.

    In all that was returned, every match of `\[\d+\]` is a citation: a number from 1 to `sources`,
    in ASCII digits without leading zeros, outside code. Lists, ranges and the foreign spellings of
    a citation become `[n]`; a bracket that names no source goes, with the white space before it.
    In code (CommonMark's spans and fences) `a[5]` becomes `a[ 5 ]`. The result does not depend on
    where the input was cut, and at most 80 characters of it are held back.
    """

    def __init__(self, sources: int) -> None:
        self._sources = sources
        self._mode: _Mode = "prose"
        self._buffer = ""
        self._final = False
        self._said = Spoken()
        self._fence = ""
        self._depth = 0
        self._cited = False
        self._cited_at_line_start = False

    def feed(self, text: str) -> str:
        """What may be said now that the stream has gone on with this text."""
        if not self._buffer and self._mode == "prose" and self._said.flows:
            plain = _PLAIN.fullmatch(text)
            if plain:
                self._said.passed(text)
                return text
        self._buffer += text
        return self._clean()

    def close(self) -> str:
        """The rest. A bracket left open at the end of the stream loses its last number."""
        self._final = True
        return self._clean()

    @property
    def held(self) -> int:
        """How many characters wait until it is clear whether they are said."""
        return len(self._buffer) + len(self._said.gap)

    def _clean(self) -> str:
        at = 0
        while at < len(self._buffer):
            mode = self._mode
            end = self._step(at)
            if end == at and self._mode == mode:
                break
            at = end
        self._buffer = self._buffer[at:]
        return self._said.take()

    def _step(self, at: int) -> int:
        match self._mode:
            case "prose":
                return self._prose(at)
            case "after":
                return self._after(at)
            case "target":
                return self._target(at)
            case "overlong":
                return self._overlong(at)
            case _:
                return self._code(at)

    def _waits(self, length: int) -> bool:
        return not self._final and length < _HELD

    # --- prose ---------------------------------------------------------------

    def _prose(self, at: int) -> int:
        plain = _PLAIN.match(self._buffer, at)
        if plain:
            self._said.say(plain.group())
            return plain.end()
        char = self._buffer[at]
        if char in "`~":
            return self._opening(at)
        if char == "\\":
            return self._escape(at)
        return self._bracket(at) if char in brackets.OPENERS else self._space(at)

    def _space(self, at: int) -> int:
        space = _SPACE.match(self._buffer, at)
        end = space.end() if space else at
        if end - at > _GAP:
            self._said.say(self._buffer[at : at + _GAP])
            return at + _GAP
        if end == len(self._buffer) and not self._final:
            return at
        self._said.gap = self._buffer[at:end]
        if self._buffer[end : end + 1] not in (*brackets.OPENERS, "\\"):
            self._said.say("")
        return end

    def _escape(self, at: int) -> int:
        escaped = self._buffer[at + 1 : at + 2]
        if not escaped and not self._final:
            return at
        if escaped and escaped in brackets.OPENERS:
            return self._bracket(at)
        self._said.say("\\" if escaped.isspace() else "\\" + escaped)
        return at + 1 if escaped.isspace() else at + 1 + len(escaped)

    def _opening(self, at: int) -> int:
        run = self._ticks(at)
        if run:
            if self._said.line_start and len(run) >= 3:
                self._mode, self._fence = "info", run
            elif run[0] == "`":
                self._mode, self._fence = "span", run
            self._said.say(run)
        return at + len(run)

    def _bracket(self, at: int) -> int:
        window = self._buffer[at : at + _HELD]
        seen = brackets.look(window)
        if seen.end:
            named = brackets.named(window[: seen.end], self._sources)
            end = at + seen.end
        elif not seen.viable:
            return self._literal(at)
        elif not seen.deep and self._waits(len(window)):
            return at
        else:
            window = window[: seen.deep or None]
            named = brackets.named_so_far(window, self._sources)
            end = at + len(window)
        if named is None:
            whole = not seen.end and not brackets.holds_digit(window)
            return self._literal(at, len(window) if whole else 1)
        self._cite(named)
        if not seen.end:
            self._mode = "overlong"
            self._depth = brackets.rise(window)
        return end

    def _literal(self, at: int, length: int = 1) -> int:
        end = at + max(length, 2 if self._buffer[at] == "\\" else 1)
        self._said.say(self._buffer[at:end])
        return end

    def _cite(self, named: tuple[int, ...]) -> None:
        self._mode = "after"
        self._cited = bool(named)
        if named:
            self._cited_at_line_start = self._said.line_start or "\n" in self._said.gap
            self._said.say("".join(f"[{number}]" for number in named))
        else:
            self._said.remove()

    # --- behind a bracket ----------------------------------------------------

    def _after(self, at: int) -> int:
        if self._buffer[at] == "(" and not self._said.open:
            return self._link(at)
        if self._buffer[at] == ":" and self._cited and self._cited_at_line_start:
            # Markdown would take `[1]: address` for a definition and make links of every `[1]`.
            self._said.say(" ")
        self._mode = "prose"
        return at

    def _link(self, at: int) -> int:
        window = self._buffer[at : at + _HELD]
        target = _TARGET.match(window)
        if target:
            return at + target.end()
        if _TARGET_SO_FAR.match(window):
            if self._waits(len(window)):
                return at
            if not _SPACE.search(window):
                self._mode = "target"
                self._depth = window.count("(") - window.count(")")
                return at + len(window)
        if self._cited:
            self._said.say(" ")
        self._mode = "prose"
        return at

    def _target(self, at: int) -> int:
        char = self._buffer[at]
        if char.isspace():
            self._mode = "prose"
            return at
        self._depth += (char == "(") - (char == ")")
        if not self._depth:
            self._mode = "after"
        return at + 1

    def _overlong(self, at: int) -> int:
        end = brackets.overlong(self._buffer, at)
        if end > at:
            return end
        rise = brackets.rise(self._buffer[at])
        if not rise:
            self._mode = "prose"
            return at
        self._depth += rise
        if not self._depth:
            self._mode = "after"
        return at + 1

    # --- code ----------------------------------------------------------------

    def _ticks(self, at: int) -> str:
        ticks = _TICKS.match(self._buffer, at)
        run = ticks.group()[:_HELD] if ticks else ""
        return "" if at + len(run) == len(self._buffer) and self._waits(len(run)) else run

    def _code(self, at: int) -> int:
        char = self._buffer[at]
        if char in "\r\n":
            self._mode = "fence" if self._mode in {"info", "fence"} else "prose"
            self._said.say(char)
            return at + 1
        if char in "`~":
            return self._closing(at)
        code = _CODE.match(self._buffer, at)
        text = code.group() if code else ""
        if self._mode == "shut" and (not text or not text.isspace()):
            self._mode = "fence"
        if not text:
            return self._subscript(at)
        self._said.say(text)
        return at + len(text)

    def _closing(self, at: int) -> int:
        run = self._ticks(at)
        if not run:
            return at
        if self._mode == "info" and run[0] == self._fence[0] == "`":
            self._mode = "span"
        if self._mode == "span" and run == self._fence:
            self._mode = "prose"
        elif self._mode == "shut":
            self._mode = "fence"
        elif self._mode == "fence" and self._said.line_start and run.startswith(self._fence):
            self._mode = "shut"
        self._said.say(run)
        return at + len(run)

    def _subscript(self, at: int) -> int:
        window = self._buffer[at : at + _HELD]
        whole = _SUBSCRIPT.match(window)
        if whole:
            self._said.say(f"[ {whole[1]} ]")
            return at + whole.end()
        so_far = _DIGITS_SO_FAR.match(window)
        if so_far and self._waits(len(window)):
            return at
        self._said.say("[ " if so_far and not self._final else "[")
        return at + 1
