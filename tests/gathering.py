"""A gathering over the small world, and what it says."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from functools import partial

import anyio

from codexity.events import Event, PageRead, Skipped, Status, Token
from codexity.model import Limits, Query
from codexity.ports import SearchProvider
from codexity.stages.gather import Gathered, gather
from codexity.stages.read import read
from world import WORDS, Web, toolbox

LIMITS = Limits(max_pages=4, search_seconds=5.0, read_seconds=5.0, gather_seconds=5.0)


class Ear:
    def __init__(self) -> None:
        self.heard: list[Event] = []

    async def __call__(self, *events: Event) -> None:
        self.heard += events

    def steps(self) -> list[str]:
        return [event.step for event in self.heard if isinstance(event, Status)]

    def skipped(self) -> list[tuple[str, str, str]]:
        return [(one.stage, one.what, one.code) for one in self.heard if isinstance(one, Skipped)]

    def text(self) -> str:
        return "".join(event.text for event in self.heard if isinstance(event, Token))

    def read(self) -> list[str]:
        return [event.url for event in self.heard if isinstance(event, PageRead)]


async def queries(*texts: str) -> AsyncGenerator[Query, None]:
    for text in texts:
        yield Query(text=text)


async def gathering(
    ear: Ear,
    web: Web,
    *groups: tuple[SearchProvider, ...],
    limits: Limits = LIMITS,
    text: str = "q",
    enough: anyio.Event | None = None,
) -> Gathered:
    reading = partial(read, tools=toolbox(web=web), limits=limits)
    return await gather(
        text,
        queries(text),
        groups,
        read=reading,
        limits=limits,
        emit=ear,
        enough=enough or anyio.Event(),
    )


def web_of(*urls: str) -> Web:
    return Web(pages=dict.fromkeys(urls, WORDS))
