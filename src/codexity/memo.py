"""What was worked out of the last pages: the next question that reads them has it at once."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import Final, Generic, TypeVar

from codexity.model import Page

T = TypeVar("T")

_MOST_CHARS: Final = 2_000_000
"""The text of pages that is remembered in all: of each character some ten bytes."""
_PAGE: Final = 1_000
"""So many characters an entry counts more than its text has: what has none takes room as well."""


class Memo(Generic[T]):
    """Remembers what was worked out of pages, of those last used.

    They have at most `most_chars` characters together; a longer page is not remembered. A page that
    was removed stays until others have its place, and is given to nobody who does not bring it.
    Threads may ask at once: what two ask for at the same time both work out.
    """

    def __init__(self, most_chars: int = _MOST_CHARS) -> None:
        self._most = self._left = most_chars
        self._known: OrderedDict[tuple[Page, object], T] = OrderedDict()
        self._lock = Lock()

    def of(self, page: Page, work: Callable[[], T], given: object = None) -> T:
        """What `work` makes of a page, or made of an equal one; `given` is what else it hangs on.

        What `work` raises is raised, and nothing remembered.
        """
        key = (page, given)
        with self._lock:
            if key in self._known:
                self._known.move_to_end(key)
                return self._known[key]
        made = work()
        with self._lock:
            if key not in self._known and _size(page) <= self._most:
                self._known[key] = made
                self._left -= _size(page)
                while self._left < 0:
                    (old, _), _ = self._known.popitem(last=False)
                    self._left += _size(old)
        return made


def _size(page: Page) -> int:
    return len(page.text) + _PAGE
