"""Somebody who waits in the queue in front of the work."""

from __future__ import annotations

import anyio
from anyio.abc import TaskGroup

from codexity.ports import Admission, Slots


class Waiter:
    """Somebody who waits for a turn, and what was heard meanwhile."""

    def __init__(self, slots: Slots, name: str, principal: str = "local") -> None:
        self.name = name
        self.places: list[int] = []
        self.begun = False
        self.admission: Admission = slots.admit(principal)
        self.scope = anyio.CancelScope()

    async def wait(self, begun: list[str] | None = None) -> None:
        with self.scope:
            await self.admission.turn(self._moved)
            self.begun = True
            if begun is not None:
                begun.append(self.name)

    async def _moved(self, place: int) -> None:
        self.places.append(place)


def several(slots: Slots, tasks: TaskGroup, *principals: str) -> list[Waiter]:
    waiters = [Waiter(slots, f"{name}{n}", name) for n, name in enumerate(principals)]
    for one in waiters:
        tasks.start_soon(one.wait)
    return waiters


async def settled() -> None:
    with anyio.fail_after(5):
        await anyio.wait_all_tasks_blocked()
