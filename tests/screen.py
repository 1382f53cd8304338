"""What a terminal shows of the bytes that a program wrote: the least of one that is needed."""

from __future__ import annotations

import re

_PIECE = re.compile(
    r"\x1b\[([0-9;?]*)([A-Za-z])|\x1b\]8;[^;\x1b]*;([^\x1b]*)\x1b\\|\r|\n|[^\x1b\r\n]+"
)


class Screen:
    """The lines that were ever shown, those that left the window at its top too.

    `links` are the texts that lead somewhere, and where to. No cursor goes above the window. What
    is not known is refused: it would be shown wrongly.
    """

    def __init__(self, height: int) -> None:
        self._height = height
        self._rows = [""]
        self._row = self._column = 0
        self._target = ""
        self.links: set[tuple[str, str]] = set()

    @property
    def text(self) -> str:
        """All of the lines."""
        return "\n".join(row.rstrip() for row in self._rows)

    def show(self, written: str) -> None:
        """Shows some more."""
        for piece in _PIECE.finditer(written):
            if piece[0] == "\r":
                self._column = 0
            elif piece[0] == "\n":
                self._row, self._column = self._row + 1, 0
                self._rows += [""] * (self._row - len(self._rows) + 1)
            elif piece[2] is not None:
                self._control(piece[1], piece[2])
            elif piece[3] is not None:
                self._target = piece[3]
            else:
                if self._target:
                    self.links.add((piece[0], self._target))
                row = self._rows[self._row].ljust(self._column)
                end = self._column + len(piece[0])
                self._rows[self._row] = row[: self._column] + piece[0] + row[end:]
                self._column = end

    def _control(self, number: str, letter: str) -> None:
        if letter == "A":
            top = max(0, len(self._rows) - self._height)
            self._row = max(top, self._row - int(number or 1))
        elif letter == "K":
            self._rows[self._row] = "" if number == "2" else self._rows[self._row][: self._column]
        else:
            assert letter in "mhl", f"no terminal here knows {letter}"
