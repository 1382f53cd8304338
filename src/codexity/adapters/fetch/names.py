"""What a resolver said of a host's name, remembered for a minute."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Final

import anyio

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
"""Names the IP addresses of a host; may raise OSError when there is none."""

_KEPT_SECONDS: Final = 60.0
"""As long as browsers do: a run is over by then, and a host that moves is found again."""
_FAILED_SECONDS: Final = 1.0
_MOST_HOSTS: Final = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """What was said of a host until `until`: its addresses, or why it has none."""

    until: float
    addresses: tuple[str, ...] = ()
    failure: str = ""


class Names:
    """Asks `resolver` for each host once at a time, and uses for a minute what it said.

    Who connects to remembered addresses goes where the first one went: a name that leads elsewhere
    meanwhile leads nobody there. A failure is remembered for a second.
    """

    def __init__(self, resolver: Resolve, *, now: Callable[[], float]) -> None:
        self._resolver = resolver
        self._now = now
        self._known: OrderedDict[str, _Known] = OrderedDict()
        self._asking: dict[str, tuple[anyio.Lock, list[None]]] = {}

    async def addresses(self, host: str, port: int) -> tuple[str, ...]:
        """The addresses of a host, which are the same for each of its ports.

        Raises:
            OSError: there is none.
        """
        known = self._remembered(host) or await self._asked(host, port)
        if known.failure:
            raise OSError(known.failure)
        return known.addresses

    def forget(self, host: str) -> None:
        """Asks anew for the next connection: these addresses are of no use."""
        self._known.pop(host, None)

    def _remembered(self, host: str) -> _Known | None:
        known = self._known.get(host)
        return known if known is not None and self._now() < known.until else None

    async def _asked(self, host: str, port: int) -> _Known:
        lock, waiting = self._asking.setdefault(host, (anyio.Lock(), []))
        waiting.append(None)
        try:
            async with lock:
                known = self._remembered(host)
                if known is None:
                    known = await self._resolved(host, port)
                    self._keep(host, known)
                return known
        finally:
            waiting.pop()
            if not waiting:
                self._asking.pop(host, None)

    async def _resolved(self, host: str, port: int) -> _Known:
        try:
            found = tuple(await self._resolver(host, port))
        except OSError as error:
            return _Known(until=self._now() + _FAILED_SECONDS, failure=str(error) or "no address")
        if not found:
            failure = f"{host} resolves to nothing"
            return _Known(until=self._now() + _FAILED_SECONDS, failure=failure)
        return _Known(until=self._now() + _KEPT_SECONDS, addresses=found)

    def _keep(self, host: str, known: _Known) -> None:
        self._known.pop(host, None)
        self._known[host] = known
        while len(self._known) > _MOST_HOSTS:
            self._known.popitem(last=False)
