"""Searching and reading: merged, bounded, overlapping, and honest about what failed."""

from __future__ import annotations

from dataclasses import replace

import anyio
import pytest

from codexity.errors import ProviderRefused
from codexity.events import SourcesPreview
from codexity.model import Hit, Query
from codexity.ports import Found
from codexity.stages.gather import Gathered
from gathering import LIMITS, Ear, gathering, web_of
from world import Provider, Web, hits, until


async def test_hits_of_several_providers_are_merged_by_rank_and_read_once() -> None:
    ear = Ear()
    web = web_of("https://a.example/1", "https://b.example/1", "https://c.example/1")
    one = Provider("one", hits("https://a.example/1", "https://b.example/1"))
    two = Provider("two", hits("https://c.example/1", "http://www.b.example/1/?utm_source=x"))

    gathered = await gathering(ear, web, (one,), (two,))

    assert gathered.pages[0].url == "https://b.example/1"
    assert sorted(ear.read()) == sorted(web.pages)
    assert len(web.fetched) == 3
    assert (gathered.hits, gathered.attempts) == (3, 3)
    assert ear.steps() == ["searching", "scraping"]


async def test_one_site_does_not_take_all_places_while_others_have_hits_left() -> None:
    many = [f"https://a.example/{n}" for n in range(8)]
    others = ["https://b.example/1", "https://c.example/1"]
    limits = replace(LIMITS, max_hits_per_site=2)

    mixed = await gathering(
        Ear(), web_of(*many, *others), (Provider("p", hits(*many, *others)),), limits=limits
    )
    alone = await gathering(Ear(), web_of(*many), (Provider("p", hits(*many)),), limits=limits)

    assert {page.url for page in mixed.pages} == {*many[:2], *others}
    assert len(alone.pages) == 4


async def test_a_provider_that_hangs_holds_nobody_else_and_is_told() -> None:
    ear = Ear()
    never = Provider("slow", release=anyio.Event())
    quick = Provider("quick", hits("https://a.example/1"))
    limits = replace(LIMITS, search_seconds=0.05)

    gathered = await gathering(
        ear, web_of("https://a.example/1"), (never,), (quick,), limits=limits
    )

    assert len(gathered.pages) == 1
    assert ("search", "slow", "timeout") in ear.skipped()
    assert never.left == 1


async def test_pages_are_read_while_a_provider_is_still_out() -> None:
    ear = Ear()
    slow = Provider("slow", hits("https://b.example/1"), release=anyio.Event())
    quick = Provider("quick", hits("https://a.example/1"))
    web = web_of("https://a.example/1", "https://b.example/1")

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(gathering, ear, web, (slow,), (quick,))
        await until(lambda: ear.read() == ["https://a.example/1"])
        assert slow.release is not None
        slow.release.set()

    assert ear.read() == ["https://a.example/1", "https://b.example/1"]


async def test_a_group_is_tried_in_order_until_one_answers() -> None:
    ear = Ear()
    blocked = Provider("first", error=ProviderRefused("It blocks us.", code="blocked"))
    second = Provider("second", hits("https://a.example/1"))
    third = Provider("third", hits("https://b.example/1"))

    gathered = await gathering(ear, web_of("https://a.example/1"), (blocked, second, third))

    assert [page.url for page in gathered.pages] == ["https://a.example/1"]
    assert ear.skipped() == [("search", "first", "blocked")]
    assert (len(second.asked), len(third.asked)) == (1, 0)


async def test_silence_is_told_as_no_results_and_a_block_is_not() -> None:
    ear = Ear()
    silent = Provider("silent")
    blocked = Provider("blocked", error=ProviderRefused("It blocks us.", code="blocked"))

    gathered = await gathering(ear, Web(), (silent,), (blocked,))

    assert sorted(ear.skipped()) == [
        ("search", "blocked", "blocked"),
        ("search", "silent", "no_results"),
    ]
    assert dict(gathered.tried) == {"silent": "It found nothing.", "blocked": "It blocks us."}
    assert gathered.hits == 0


async def test_a_failing_page_is_skipped_and_the_next_hit_takes_its_place() -> None:
    ear = Ear()
    urls = [f"https://{host}.example/1" for host in "abcde"]
    web = web_of(*urls[1:])

    gathered = await gathering(ear, web, (Provider("p", hits(*urls)),))

    assert {page.url for page in gathered.pages} == set(urls[1:])
    assert ear.skipped() == [("read", urls[0], "http_status")]


async def test_a_redirect_to_a_page_already_read_is_a_duplicate() -> None:
    ear = Ear()
    web = web_of("https://a.example/1")
    web.redirects["https://b.example/1"] = "https://a.example/1"
    both = Provider("p", hits("https://a.example/1", "https://b.example/1"))

    gathered = await gathering(ear, web, (both,))

    assert len(gathered.pages) == 1
    assert [code for _, _, code in ear.skipped()] == ["duplicate"]


async def test_a_page_has_its_own_deadline() -> None:
    ear = Ear()
    web = Web(hanging={"https://b.example/1"})
    provider = Provider("p", hits("https://b.example/1"))

    await gathering(ear, web, (provider,), limits=replace(LIMITS, read_seconds=0.05))

    assert ear.skipped() == [("read", "https://b.example/1", "timeout")]


@pytest.mark.parametrize("at_once", [1, 3])
async def test_no_more_reads_at_once_than_allowed(at_once: int) -> None:
    urls = [f"https://{n}.example/" for n in range(12)]
    web = web_of(*urls)
    limits = replace(LIMITS, max_reads_at_once=at_once, max_pages=12, max_hits_per_query=12)

    gathered = await gathering(Ear(), web, (Provider("p", hits(*urls)),), limits=limits)

    assert len(gathered.pages) == 12
    assert web.most_at_once == at_once


async def test_enough_is_enough() -> None:
    urls = [f"https://{n}.example/" for n in range(10)]
    web = web_of(*urls)
    web.hanging = set(urls[4:])

    gathered = await gathering(Ear(), web, (Provider("p", hits(*urls)),))

    assert len(gathered.pages) == LIMITS.max_pages
    assert len(web.fetched) == LIMITS.max_pages


async def test_whoever_says_that_it_is_enough_ends_searching_and_reading() -> None:
    ear, enough = Ear(), anyio.Event()
    slow = Provider("slow", release=anyio.Event())
    web = web_of("https://a.example/1")
    web.hanging.add("https://b.example/1")
    quick = Provider("quick", hits("https://a.example/1", "https://b.example/1"))
    found: list[Gathered] = []

    async def ask() -> None:
        limits = replace(LIMITS, max_pages=8)
        found.append(await gathering(ear, web, (slow,), (quick,), limits=limits, enough=enough))

    with anyio.fail_after(4):
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(ask)
            await until(lambda: ear.read() and "https://b.example/1" in web.fetched)
            assert found == []
            enough.set()

    assert [page.url for page in found[0].pages] == ["https://a.example/1"]
    assert (found[0].hits, found[0].attempts) == (2, 2)
    assert ear.skipped() == [("read", "https://b.example/1", "left_behind")]
    assert (slow.left, web.at_once) == (1, 0)


async def test_where_it_is_enough_from_the_start_nothing_is_read() -> None:
    enough = anyio.Event()
    web = web_of("https://a.example/1")
    provider = Provider("p", hits("https://a.example/1"))
    assert len((await gathering(Ear(), web, (provider,), enough=enough)).pages) == 1
    enough.set()
    with anyio.fail_after(4):
        assert (await gathering(Ear(), web, (provider,), enough=enough)).pages == ()
    assert web.at_once == 0


async def test_the_preview_holds_the_first_five_addresses() -> None:
    ear = Ear()
    urls = [f"https://{n}.example/" for n in range(7)]

    await gathering(ear, web_of(*urls), (Provider("p", hits(*urls)),))

    previews = [event for event in ear.heard if isinstance(event, SourcesPreview)]
    assert previews == [SourcesPreview(count=7, urls=tuple(urls[:5]))]


@pytest.mark.parametrize("dated", [0, 1])
async def test_the_day_of_a_page_is_that_of_any_hit_that_has_it(dated: int) -> None:
    url = "https://a.example/1"
    hits = [Hit(title="1", url=url), Hit(title="1", url=f"{url}?utm_source=x")]
    hits[dated] = replace(hits[dated], published="2024-05-06")
    providers = [Provider(name, hits=(hit,)) for name, hit in zip("ab", hits, strict=True)]
    gathered = await gathering(
        Ear(), web_of(*(hit.url for hit in hits)), *((p,) for p in providers)
    )
    assert [(page.published, page.published_from) for page in gathered.pages] == [
        ("2024-05-06", "search")
    ]


async def test_what_was_wrong_beside_hits_is_told_where_nothing_came_of_them() -> None:
    class Half(Provider):
        async def search(self, query: Query, *, limit: int) -> Found:
            return Found(self.hits[:limit], note="engines that failed: x (timeout)")

    hit = Hit(title="1", url="https://a.example/1")
    ear = Ear()
    gathered = await gathering(ear, Web(), (Half("half", hits=(hit,)),), (Provider("b", (hit,)),))
    assert gathered.tried == (
        ("half", "1 hit; engines that failed: x (timeout)"),
        ("b", "1 hit"),
    )
    assert ear.skipped() == [("read", hit.url, "http_status")]


async def test_what_was_meant_is_kept_of_words_as_they_are_typed() -> None:
    """A query's keywords are in small letters: a name of the question is no word of those."""

    class Mending(Provider):
        async def search(self, query: Query, *, limit: int) -> Found:
            meant = {"kestrol": "kestrel", "Kestrol": "kestrel"}
            return Found(self.hits[:limit], meant=meant)

    one = Mending("one", hits("https://a.example/1"))
    web = web_of("https://a.example/1")

    name = await gathering(Ear(), web, (one,), text="Where is Kestrol?")
    word = await gathering(Ear(), web, (one,), text="where is a kestrol?")

    assert name.meant == {"Kestrol": "kestrel"}
    assert word.meant == {"kestrol": "kestrel"}
