"""What is left behind by a gathering, when, and what is not."""

from __future__ import annotations

from dataclasses import replace

import anyio

from gathering import LIMITS, Ear, gathering, web_of
from world import WORDS, Provider, Web, hits, until


async def test_what_still_loads_at_the_deadline_is_left_behind_and_ended() -> None:
    ear = Ear()
    web = web_of("https://a.example/1")
    web.hanging.add("https://b.example/1")
    both = Provider("p", hits("https://a.example/1", "https://b.example/1"))

    gathered = await gathering(ear, web, (both,), limits=replace(LIMITS, gather_seconds=0.1))

    assert [page.url for page in gathered.pages] == ["https://a.example/1"]
    assert ear.skipped() == [("read", "https://b.example/1", "left_behind")]
    assert web.at_once == 0


async def test_once_enough_is_read_slow_pages_are_waited_for_a_little_only() -> None:
    ear = Ear()
    web = web_of("https://a.example/1", "https://b.example/1")
    web.hanging.add("https://c.example/1")
    urls = ("https://a.example/1", "https://b.example/1", "https://c.example/1")
    limits = replace(LIMITS, enough_pages=2, patience_seconds=0.05, read_seconds=60.0)

    with anyio.fail_after(3):
        gathered = await gathering(ear, web, (Provider("p", hits(*urls)),), limits=limits)
    assert len(gathered.pages) == 2
    assert ear.skipped() == [("read", "https://c.example/1", "left_behind")]

    with anyio.move_on_after(0.3) as control:
        patient = replace(limits, enough_pages=3)
        await gathering(Ear(), web, (Provider("p", hits(*urls)),), limits=patient)
    assert control.cancelled_caught


async def test_what_has_arrived_is_not_left_behind_with_what_still_loads() -> None:
    ear = Ear()
    urls = [f"https://{name}.example/1" for name in "abcd"]
    web = Web(pages=dict.fromkeys(urls, WORDS), hanging={urls[3]}, busy={urls[2]})
    limits = replace(LIMITS, enough_pages=2, patience_seconds=0.2, read_seconds=60.0)

    async with anyio.create_task_group() as tasks:

        async def free() -> None:
            await until(lambda: bool(ear.skipped()))
            web.free.set()

        tasks.start_soon(free)
        gathered = await gathering(ear, web, (Provider("p", hits(*urls)),), limits=limits)
        assert [page.url for page in gathered.pages] == urls[:3]
    assert ear.skipped() == [("read", urls[3], "left_behind")]
    assert web.worths[urls[0]] > web.worths[urls[1]] > web.worths[urls[2]] > 0


async def test_what_has_arrived_is_not_waited_for_without_end() -> None:
    ear = Ear()
    urls = [f"https://{name}.example/1" for name in "abc"]
    web = Web(pages=dict.fromkeys(urls, WORDS), busy={urls[2]})
    limits = replace(LIMITS, enough_pages=2, patience_seconds=0.1, gather_seconds=60.0)
    with anyio.fail_after(3):
        gathered = await gathering(ear, web, (Provider("p", hits(*urls)),), limits=limits)
    assert [page.url for page in gathered.pages] == urls[:2]
    assert ear.skipped() == [("read", urls[2], "left_behind")]


async def test_once_enough_is_read_a_search_that_hangs_is_left_behind_and_told() -> None:
    ear = Ear()
    urls = "https://a.example/1", "https://b.example/1"
    never = Provider("slow", release=anyio.Event())
    limits = replace(LIMITS, max_pages=8, enough_pages=2, patience_seconds=0.05)
    groups = ((never,), (Provider("p", hits(*urls)),))
    with anyio.fail_after(3):
        await gathering(ear, web_of(*urls), *groups, limits=limits)
    assert (len(ear.read()), never.left) == (2, 1)
    assert ear.skipped() == [("search", "slow", "timeout")]

    with anyio.move_on_after(0.3) as control:
        await gathering(Ear(), web_of(*urls), *groups, limits=replace(limits, enough_pages=3))
    assert control.cancelled_caught
