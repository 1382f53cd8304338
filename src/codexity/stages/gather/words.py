"""What is said of a gathering: each failure of a provider once, each step once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final

from codexity.errors import ProviderError, ProviderUnavailable, Unreadable
from codexity.events import PageRead, Skipped, SourcesPreview, Status, Step
from codexity.model import Page, Stage
from codexity.ports import Emit
from codexity.text import counted

_PREVIEW: Final = 5
_NOTHING: Final = "It found nothing."


class Words:
    """What is said of a gathering: each failure of a provider once, each step once."""

    def __init__(self, emit: Emit) -> None:
        self._emit = emit
        self.meant: dict[str, str] = {}
        self._failures: dict[str, dict[str, str]] = {}
        self._found: Counter[str] = Counter()
        self._notes: dict[str, str] = {}
        self._left_behind: list[str] = []
        self._filtered = 0
        self._steps: set[Step] = set()

    def found(self, provider: str, hits: int, note: str = "") -> None:
        """Counts the hits of a provider; where nothing comes of any, its note is told."""
        self._found[provider] += hits
        if note:
            self._notes[provider] = f"; {note}"

    def left_behind(self, provider: str) -> None:
        """Remembers a provider that was still out when the gathering ended."""
        self._left_behind.append(provider)

    async def unheard(self) -> None:
        """Tells which providers were left behind and had named nothing."""
        for provider in self._left_behind:
            if not self._found[provider]:
                message = "It had not answered when the answer began."
                await self.failed(provider, ProviderUnavailable(message, code="timeout"))

    async def failed(self, provider: str, error: ProviderError) -> None:
        """Tells a provider's failure, each code once."""
        told = self._failures.setdefault(provider, {})
        if error.code not in told:
            told[error.code] = error.message
            await self.skipped("search", provider, error)

    async def skipped(self, stage: Stage, what: str, error: ProviderError | Unreadable) -> None:
        """Tells what the run goes on without."""
        self._filtered += error.code == "filtered"
        skipped = Skipped(
            stage=stage, what=what, why=error.message, code=error.code, detail=error.detail
        )
        await self._emit(skipped)

    async def silent(self) -> None:
        """Tells which providers answered every query with nothing."""
        for provider, hits in self._found.items():
            if not hits and provider not in self._failures:
                error = ProviderUnavailable(_NOTHING, code="no_results")
                await self.skipped("search", provider, error)

    async def preview(self, urls: Sequence[str]) -> None:
        """Tells the first hits."""
        await self._emit(SourcesPreview(count=len(urls), urls=tuple(urls[:_PREVIEW])))

    async def searching(self) -> None:
        """Tells that searching has begun."""
        await self._step("searching")

    async def scraping(self) -> None:
        """Tells that reading has begun."""
        await self._step("scraping")

    async def _step(self, step: Step) -> None:
        if step not in self._steps:
            self._steps.add(step)
            await self._emit(Status(step=step))

    async def page(self, page: Page) -> None:
        """Tells that a page was read, and where that was in part only."""
        await self._emit(
            PageRead(url=page.url, title=page.title, chars=len(page.text), via=page.via)
        )
        if why := _in_part(page):
            await self.skipped("read", page.url, Unreadable(why, code="in_part"))

    def tried(self) -> tuple[tuple[str, str], ...]:
        """Each provider asked with what it said, and what the filters left out."""
        found = [
            (name, counted(hits, "hit") + self._notes.get(name, "") if hits else _NOTHING)
            for name, hits in self._found.items()
            if hits or name not in self._failures
        ]
        failed = [(name, why) for name, told in self._failures.items() for why in told.values()]
        late = [
            (name, "It had not answered yet.")
            for name in dict.fromkeys(self._left_behind)
            if name not in self._found and name not in self._failures
        ]
        out = (
            [("filters", f"Pages that they left out: {self._filtered}.")] if self._filtered else []
        )
        return (*found, *failed, *late, *out)


def _in_part(page: Page) -> str:
    """What was not read of a document; empty where all was."""
    if page.left_out:
        used, whole = len(page.text), len(page.text) + page.left_out
        return f"Only {used:,} of its {whole:,} characters were used: what speaks of the question."
    if page.unread:
        read = len(page.page_starts)
        return f"Only the first {read:,} of its {read + page.unread:,} pages were read."
    return ""
