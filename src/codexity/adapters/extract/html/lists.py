"""What stands before an item of a numbered list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from lxml.etree import (
        _Element as Element,  # pyright: ignore[reportPrivateUsage]  it has no public name
    )

_ROMAN: Final = (
    *((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc")),
    *((50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")),
)
_LETTERS: Final = 26
_HIGHEST: Final = 3_999


class Numbers:
    """Counts the items of the numbered lists of one page, each list by itself."""

    def __init__(self) -> None:
        self._last: dict[Element, int] = {}

    def marker(self, item: Element) -> str:
        """`3.`, `c.` or `iv.`, as the list is numbered; empty where it has no numbers."""
        around = item.getparent()
        if around is None or around.tag != "ol":
            return ""
        step = -1 if around.get("reversed") is not None else 1
        last = self._last.get(around)
        if last is None:
            first = _number(around.get("start"))
            if first is None:
                first = len(around.findall("li")) if step < 0 else 1
            last = first - step
        own = _number(item.get("value"))
        number = last + step if own is None else own
        self._last[around] = number
        return f"{_written(number, around.get('type', '1'))}."


def _number(said: str | None) -> int | None:
    try:
        return int(said[:9]) if said else None
    except ValueError:
        return None


def _written(number: int, kind: str) -> str:
    if not 0 < number <= _HIGHEST or kind not in "aAiI":
        return str(number)
    found = _roman(number) if kind in "iI" else _lettered(number)
    return found.upper() if kind.isupper() else found


def _roman(number: int) -> str:
    pieces: list[str] = []
    for worth, letters in _ROMAN:
        count, number = divmod(number, worth)
        pieces.append(letters * count)
    return "".join(pieces)


def _lettered(number: int) -> str:
    found = ""
    while number:
        number, rest = divmod(number - 1, _LETTERS)
        found = chr(ord("a") + rest) + found
    return found
