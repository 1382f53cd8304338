"""Telling the runs of this process what is wanted of them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Generator
from contextlib import contextmanager

from codexity.ports import Wish


class LocalControl:
    """Port `Control` among the engines of one process."""

    def __init__(self) -> None:
        self._owners: dict[str, Callable[[str, Wish], Awaitable[None]]] = {}

    @contextmanager
    def hear(self, owner: str, does: Callable[[str, Wish], Awaitable[None]]) -> Generator[None]:
        """Calls `does` for the owner as long as the block lasts."""
        self._owners[owner] = does
        try:
            yield
        finally:
            del self._owners[owner]

    async def tell(self, owner: str, run: str, wish: Wish) -> bool:
        """Tells an owner of this process; no other can be reached."""
        does = self._owners.get(owner)
        if does is None:
            return False
        await does(run, wish)
        return True
