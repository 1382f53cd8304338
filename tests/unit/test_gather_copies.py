"""Of pages with nearly the same text, one is kept."""

from __future__ import annotations

import anyio
import anyio.lowlevel
import pytest

from gathering import Ear, gathering
from world import Provider, Web, hits


def _herons(first: int) -> str:
    numbers = range(first, first + 90)
    return " ".join(f"The {number}th heron stands in pond {number * 7}." for number in numbers)


@pytest.mark.parametrize("slow", ["https://a.example/1", "https://mirror.example/1"])
async def test_of_two_copies_the_better_ranked_stays_whichever_comes_first(slow: str) -> None:
    other = " ".join(f"A boat of type {n} sails at {n * 3} knots." for n in range(90))
    pages = {
        "https://a.example/1": _herons(0),
        "https://mirror.example/1": f"Mirrored here. {_herons(0)}",
        "https://b.example/1": other,
    }
    ear = Ear()
    gathered = await gathering(ear, Web(pages=pages, slow={slow}), (Provider("p", hits(*pages)),))
    assert [page.url for page in gathered.pages] == ["https://a.example/1", "https://b.example/1"]
    assert ear.skipped() == [("read", "https://mirror.example/1", "duplicate")]


@pytest.mark.parametrize("best", ["https://a.example/1", "https://b.example/1"])
async def test_a_page_between_two_that_are_no_copies_of_each_other_leaves_one(best: str) -> None:
    early, between, late = (f"https://{name}.example/1" for name in "abc")
    pages = {early: _herons(0), between: _herons(8), late: _herons(16)}
    named = sorted(pages, key=lambda url: url != best)
    ear = Ear()
    web = Web(pages=pages, busy={between})

    async def free() -> None:
        while len(ear.read()) < 2:
            await anyio.lowlevel.checkpoint()
        web.free.set()

    kept = {early: [early, late], between: [between]}[best]
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(free)
        gathered = await gathering(ear, web, (Provider("p", hits(*named)),))
        assert [page.url for page in gathered.pages] == kept
    assert sorted(ear.skipped()) == [("read", url, "duplicate") for url in pages if url not in kept]


FACTS = {
    "a number": ("stands in pond 315.", "stands in pond 316."),
    "a negation": ("The 45th heron stands", "The 45th heron never stands"),
    "a name": ("The 45th heron stands in pond", "The 45th heron of Tarn stands in pond"),
}


@pytest.mark.parametrize(("said", "other"), FACTS.values(), ids=FACTS)
async def test_pages_that_differ_in_a_fact_are_no_copies(said: str, other: str) -> None:
    text = _herons(0)
    assert said in text
    pages = {
        "https://a.example/1": text,
        "https://b.example/1": text.replace(said, other),
        "https://c.example/1": f"Copied here. {text}",
    }
    ear = Ear()
    gathered = await gathering(ear, Web(pages=pages), (Provider("p", hits(*pages)),))
    kept = ["https://a.example/1", "https://b.example/1"]
    assert [page.url for page in gathered.pages] == kept
    assert ear.skipped() == [("read", "https://c.example/1", "duplicate")]
