"""What is wanted of runs, told to whoever owns them; and whose a run is."""

from __future__ import annotations

from codexity.errors import Elsewhere, UnknownRun
from codexity.ports import Control, RunRecord, Wish

from .held import Held
from .leaving import end
from .ledger import Ledger
from .run import Run


class Wishes:
    """Tells runs of this process, and the owners of others, what is wanted of them."""

    def __init__(self, control: Control, ledger: Ledger, runs: Held) -> None:
        self._control = control
        self._ledger = ledger
        self._runs = runs

    def own(self, run: Run, principal: str) -> Run:
        """The run, where it is the principal's.

        Raises:
            UnknownRun: it is not.
        """
        if run.record.principal == principal:
            return run
        raise UnknownRun("There is no such run.")

    async def stored(self, run: str, principal: str) -> RunRecord:
        """The record of a run of the principal's.

        Raises:
            UnknownRun: there is none of this id for this principal, or it is no longer kept.
        """
        record = await self._ledger.current(run)
        if record is None or record.principal != principal:
            raise UnknownRun("There is no such run.")
        return record

    async def tell(self, run: str, principal: str, wish: Wish) -> None:
        """Tells the owner of a run of the principal's.

        Raises:
            UnknownRun: there is none of this id for this principal.
            Elsewhere: it is the run of a process that cannot be told.
        """
        known = self._runs.get(run)
        if known is not None:
            await self.told(self.own(known, principal).id, wish)
            return
        record = await self.stored(run, principal)
        if not record.closed and not await self._control.tell(record.owner, run, wish):
            message = (
                "This run belongs to another process on this machine: stop it there. If that has "
                "ended, the run ends by itself within fifteen seconds."
            )
            raise Elsewhere(message)

    async def told(self, run: str, wish: Wish) -> None:
        """Does what is wanted of a run of this process."""
        known = self._runs.get(run)
        if known is None:
            return
        if wish == "finish":
            known.enough.set()
        else:
            await end(known, "stopped")
