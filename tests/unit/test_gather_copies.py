"""Of pages with nearly the same text, one is kept."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from functools import partial

import anyio
import pytest

from codexity.events import Event, Skipped
from codexity.model import Limits, Query
from codexity.stages.gather import gather
from codexity.stages.read import read
from world import Provider, Web, hits, toolbox


async def queries() -> AsyncGenerator[Query, None]:
    yield Query(text="q")


@pytest.mark.parametrize("slow", ["https://a.example/1", "https://mirror.example/1"])
async def test_of_two_copies_the_better_ranked_stays_whichever_comes_first(slow: str) -> None:
    skipped: list[tuple[str, str, str]] = []

    async def emit(*events: Event) -> None:
        skipped.extend(
            (one.stage, one.what, one.code) for one in events if isinstance(one, Skipped)
        )

    text = " ".join(f"The {number}th heron stands in pond {number * 7}." for number in range(90))
    other = " ".join(
        f"A boat of type {number} sails at {number * 3} knots." for number in range(90)
    )
    web = Web(
        pages={
            "https://a.example/1": text,
            "https://mirror.example/1": f"Mirrored here. {text}",
            "https://b.example/1": other,
        }
    )
    web.slow.add(slow)

    gathered = await gather(
        "q",
        queries(),
        ((Provider("p", hits(*web.pages)),),),
        read=partial(read, tools=toolbox(web=web), limits=Limits()),
        limits=Limits(),
        emit=emit,
        enough=anyio.Event(),
    )

    kept = [page.url for page in gathered.pages]
    assert kept == ["https://a.example/1", "https://b.example/1"]
    assert skipped == [("read", "https://mirror.example/1", "duplicate")]
