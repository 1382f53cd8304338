"""A run log that lives as long as its process."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from codexity.events import Done
from codexity.ports import Entry, RunRecord


class MemoryRunLog:
    """Port `RunLog` in memory."""

    def __init__(self) -> None:
        self._records: dict[str, RunRecord] = {}
        self._entries: dict[str, list[Entry]] = {}

    async def open(self, record: RunRecord) -> None:
        """Begins a run's log."""
        self._records[record.run] = record
        self._entries[record.run] = []

    async def append(self, run: str, owner: str, entries: Sequence[Entry]) -> bool:
        """Adds entries, unless the lease is somebody else's."""
        record = self._records.get(run)
        if record is None or record.owner != owner:
            return False
        self._entries[run].extend(entries)
        if any(isinstance(entry.event, Done) for entry in entries):
            self._records[run] = replace(record, closed=True)
        return True

    async def record(self, run: str) -> RunRecord | None:
        """The run, or None."""
        return self._records.get(run)

    async def entries(self, run: str, *, after: int = 0) -> Sequence[Entry]:
        """What is kept behind number `after`."""
        return tuple(entry for entry in self._entries.get(run, ()) if entry.seq > after)

    async def renew(self, owner: str, until: float) -> None:
        """Extends the leases of this owner's open runs."""
        for run, record in self._records.items():
            if record.owner == owner and not record.closed:
                self._records[run] = replace(record, lease_until=until)

    async def expired(self, now: float, new_owner: str, until: float) -> Sequence[RunRecord]:
        """Takes over the open runs whose lease has ended."""
        late = [one for one in self._records.values() if not one.closed and one.lease_until < now]
        taken = tuple(replace(one, owner=new_owner, lease_until=until) for one in late)
        self._records.update({one.run: one for one in taken})
        return taken

    async def trim(self, keep: int) -> None:
        """Forgets the oldest closed runs."""
        closed = [run for run, record in self._records.items() if record.closed]
        for run in closed[: max(0, len(closed) - keep)]:
            del self._records[run], self._entries[run]
