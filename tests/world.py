"""A small world behind the ports for tests of the core: it does what it is told."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import anyio

from codexity.adapters.rank.bm25 import Bm25
from codexity.errors import CodexityError, UnknownDocument, Unreadable
from codexity.events import Skipped
from codexity.model import Hit, Page, Query, Usage
from codexity.ports import Ending, Fetched, LanguageModel, Message, SearchProvider, Toolbox

WORDS = (
    "A kestrel hovers in one place by flying into the wind at exactly the speed of the wind. "
    "The bird spreads its tail feathers and keeps its head still while it looks for voles."
)


@dataclass(slots=True)
class Provider:
    """Answers with `hits`, raises `error`, or waits until `release` is set."""

    name: str
    hits: tuple[Hit, ...] = ()
    error: CodexityError | None = None
    release: anyio.Event | None = None
    asked: list[Query] = field(default_factory=list[Query])
    left: int = 0

    async def search(self, query: Query, *, limit: int) -> Sequence[Hit]:
        self.asked.append(query)
        if self.release is not None:
            try:
                await self.release.wait()
            except anyio.get_cancelled_exc_class():
                self.left += 1
                raise
        if self.error is not None:
            raise self.error
        return self.hits[:limit]


@dataclass(slots=True)
class Web:
    """Pages by address: fetcher and extractor in one.

    An address in `hanging` never answers, one in `slow` after those that were asked for with it;
    the text of one in `busy` is there once `free` is set. `worths` is what the extractor was told.
    """

    pages: dict[str, str] = field(default_factory=dict[str, str])
    redirects: dict[str, str] = field(default_factory=dict[str, str])
    hanging: set[str] = field(default_factory=set[str])
    slow: set[str] = field(default_factory=set[str])
    busy: set[str] = field(default_factory=set[str])
    free: anyio.Event = field(default_factory=anyio.Event)
    worths: dict[str, float] = field(default_factory=dict[str, float])
    fetched: list[str] = field(default_factory=list[str])
    at_once: int = 0
    most_at_once: int = 0

    async def fetch(self, url: str) -> Fetched:
        self.fetched.append(url)
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            await anyio.lowlevel.checkpoint()
            if url in self.hanging:
                await anyio.sleep_forever()
            while url in self.slow and self.at_once > 1:
                await anyio.lowlevel.checkpoint()
        finally:
            self.at_once -= 1
        final = self.redirects.get(url, url)
        if final not in self.pages:
            raise Unreadable("The site answered with an error (404).", code="http_status")
        body = self.pages[final].encode()
        return Fetched(url=final, media_type="text/plain", charset="utf-8", body=body)

    async def extract(self, fetched: Fetched, *, worth: float = 0.0) -> Page:
        self.worths[fetched.url] = worth
        if fetched.url in self.busy:
            await self.free.wait()
        return Page(url=fetched.url, title=fetched.url, text=fetched.body.decode())


@dataclass(slots=True)
class Shelf:
    """The library: pages by their address."""

    pages: dict[str, str] = field(default_factory=dict[str, str])

    def owns(self, url: str) -> bool:
        return url.startswith("/library/")

    async def page(self, url: str) -> Page:
        if url not in self.pages:
            raise UnknownDocument("There is no such document in the library.")
        return Page(url=url, title=url, text=self.pages[url], via="library")


@dataclass(slots=True)
class Reply:
    """What a model writes: its pieces, and an error behind them if there is one.

    Where there is a `pause` it is waited for after so many pieces.
    """

    pieces: Sequence[str]
    error: CodexityError | None = None
    hangs: bool = False
    usage: Usage | None = None
    cut_off: bool = False
    pause: tuple[int, anyio.Event] | None = None
    written: int = 0

    async def __aiter__(self) -> AsyncIterator[str]:
        for piece in self.pieces:
            await anyio.lowlevel.checkpoint()
            if self.pause is not None and self.written == self.pause[0]:
                await self.pause[1].wait()
            self.written += 1
            yield piece
        if self.error is not None:
            raise self.error
        if self.hangs:
            await anyio.sleep_forever()


@dataclass(slots=True)
class Model:
    """A model that writes `writing` and rewrites to `queries` once `rewriting` is set."""

    writing: Reply
    queries: tuple[str, ...] = ()
    rewriting: anyio.Event | None = None
    name: str = "tiny"
    context_tokens: int | None = None
    messages: Sequence[Message] = ()
    left: int = 0

    @asynccontextmanager
    async def write(
        self, messages: Sequence[Message], *, max_tokens: int
    ) -> AsyncGenerator[Reply, None]:
        del max_tokens
        self.messages = messages
        try:
            yield self.writing
        finally:
            self.left += 1

    async def reply(
        self, messages: Sequence[Message], schema: Mapping[str, Any], *, max_tokens: int
    ) -> dict[str, Any]:
        del messages, schema, max_tokens
        if self.rewriting is not None:
            await self.rewriting.wait()
        return {"queries": list(self.queries)}


@dataclass(slots=True)
class Models:
    """Always the same model, or none."""

    model: LanguageModel | None = None

    def current(self, principal: str) -> LanguageModel | None:
        del principal
        return self.model


@dataclass(frozen=True, slots=True)
class Failure:
    """A background loop that ended, and in how many seconds it is begun again, if at all."""

    loop: str
    error: BaseException | None
    retry_seconds: float | None


@dataclass(slots=True)
class Diary:
    """What the operator was told."""

    ended: list[Ending] = field(default_factory=list[Ending])
    details: list[str] = field(default_factory=list[str])
    old: list[int] = field(default_factory=list[int])
    faults: list[tuple[str, BaseException]] = field(default_factory=list[tuple[str, BaseException]])
    loops: list[Failure] = field(default_factory=list[Failure])

    def asked(self, run: str, question: str) -> None:
        pass

    def run_ended(self, ending: Ending) -> None:
        self.ended.append(ending)

    def skipped(self, run: str, event: Skipped) -> None:
        self.details.append(event.detail)

    def forgotten(self, runs: int) -> None:
        self.old.append(runs)

    def fault(self, run: str, error: BaseException) -> None:
        self.faults.append((run, error))

    def loop_failed(
        self, name: str, error: BaseException | None, retry_seconds: float | None
    ) -> None:
        self.loops.append(Failure(name, error, retry_seconds))


def hits(*urls: str) -> tuple[Hit, ...]:
    return tuple(Hit(title=url, url=url) for url in urls)


def toolbox(
    *providers: SearchProvider,
    web: Web | None = None,
    shelf: Shelf | None = None,
    model: LanguageModel | None = None,
    starter: SearchProvider | None = None,
) -> Toolbox:
    world = web or Web()
    return Toolbox(
        providers=tuple((provider,) for provider in providers),
        fetcher=world,
        extractor=world,
        ranker=Bm25(),
        library=shelf or Shelf(),
        starter=starter,
        models=Models(model),
    )


async def until(condition: Callable[[], object], seconds: float = 5.0) -> None:
    """Waits for a condition, with a deadline."""
    with anyio.fail_after(seconds):
        while not condition():
            await anyio.sleep(0.002)
