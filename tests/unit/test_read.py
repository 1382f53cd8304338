"""An address becomes a page: from the library or the web, bounded, and never empty."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import anyio
import pytest

from codexity.errors import Unreadable
from codexity.model import Filters, Limits, Page
from codexity.ports import Fetched
from codexity.stages.read import read
from world import WORDS, Shelf, Web, toolbox

URL = "https://www.birds.example/kestrel"
OWNED = "/library/documents/kestrel"
LIMITS = Limits(read_seconds=5.0)


async def fails(url: str, web: Web, *, limits: Limits = LIMITS) -> str:
    with pytest.raises(Unreadable) as caught:
        await read(url, tools=toolbox(web=web), limits=limits)
    return caught.value.code


async def test_a_page_of_the_web_is_fetched_and_has_its_site() -> None:
    page = await read(URL, tools=toolbox(web=Web(pages={URL: WORDS})), limits=LIMITS)
    assert (page.url, page.text, page.via) == (URL, WORDS, "http")
    assert page.site.endswith("birds.example")


async def test_a_redirect_is_told_by_the_pages_address() -> None:
    moved = "https://other.example/bird"
    web = Web(pages={moved: WORDS}, redirects={URL: moved})
    page = await read(URL, tools=toolbox(web=web), limits=LIMITS)
    assert (page.url, page.site) == (moved, "other.example")


async def test_a_site_that_the_page_names_itself_is_kept() -> None:
    class Named(Web):
        async def extract(self, fetched: Fetched, *, worth: float = 0.0) -> Page:
            return Page(url=fetched.url, title="", text=WORDS, site="Birds of the World")

    page = await read(URL, tools=toolbox(web=Named(pages={URL: WORDS})), limits=LIMITS)
    assert page.site == "Birds of the World"


async def test_a_document_of_the_library_is_never_fetched() -> None:
    web = Web(pages={OWNED: "What the web would say."})
    tools = toolbox(web=web, shelf=Shelf(pages={OWNED: WORDS}))
    page = await read(OWNED, tools=tools, limits=LIMITS)
    assert (page.text, page.via) == (WORDS, "library")
    with pytest.raises(Unreadable) as caught:
        await read("/library/documents/gone", tools=tools, limits=LIMITS)
    assert caught.value.code == "http_status"
    assert web.fetched == []


async def test_what_the_fetcher_says_of_a_page_is_passed_on() -> None:
    assert await fails(URL, Web()) == "http_status"


@pytest.mark.parametrize("text", ["", " \n\n\t "])
async def test_a_page_without_text_is_empty(text: str) -> None:
    assert await fails(URL, Web(pages={URL: text})) == "empty"


async def test_a_page_that_hangs_is_given_up_at_the_deadline() -> None:
    web = Web(pages={URL: WORDS}, hanging={URL})
    begin = anyio.current_time()
    assert await fails(URL, web, limits=Limits(read_seconds=0.05)) == "timeout"
    assert anyio.current_time() - begin < 2
    assert web.at_once == 0


async def test_only_so_much_of_a_page_is_used() -> None:
    web = Web(pages={URL: WORDS})
    page = await read(URL, tools=toolbox(web=web), limits=Limits(max_page_chars=20))
    assert page.text == WORDS[:20]


async def test_what_the_filters_leave_out_is_not_fetched() -> None:
    web = Web(pages={URL: WORDS})
    for filters in (Filters(exclude_site=("birds.example",)), Filters(site=("a.example",))):
        with pytest.raises(Unreadable) as caught:
            await read(URL, tools=toolbox(web=web), limits=LIMITS, filters=filters)
        assert caught.value.code == "filtered"
    assert web.fetched == []
    wanted = Filters(site=("birds.example",), exclude_site=("a.example",))
    assert (await read(URL, tools=toolbox(web=web), limits=LIMITS, filters=wanted)).url == URL


async def test_a_redirect_does_not_lead_around_the_filters() -> None:
    moved = "https://other.example/bird"
    web = Web(pages={moved: WORDS}, redirects={URL: moved})
    for filters in (Filters(exclude_site=("other.example",)), Filters(site=("birds.example",))):
        with pytest.raises(Unreadable) as caught:
            await read(URL, tools=toolbox(web=web), limits=LIMITS, filters=filters)
        assert caught.value.code == "filtered"
    both = Filters(site=("birds.example", "other.example"))
    assert (await read(URL, tools=toolbox(web=web), limits=LIMITS, filters=both)).url == moved


async def test_a_page_of_another_time_or_language_is_left_out_and_says_why() -> None:
    class Dated(Web):
        async def extract(self, fetched: Fetched, *, worth: float = 0.0) -> Page:
            page = await super().extract(fetched)
            return replace(page, published="2023-04-05", language="en")

    tools = toolbox(web=Dated(pages={URL: WORDS}))
    for filters, why in (
        (Filters(after="2024-01-01"), "published on 2023-04-05, before 2024-01-01"),
        (Filters(before="2023-04-05"), "published on 2023-04-05, not before"),
        (Filters(language="de"), "another language (en)"),
    ):
        with pytest.raises(Unreadable) as caught:
            await read(URL, tools=tools, limits=LIMITS, filters=filters)
        assert caught.value.code == "filtered"
        assert why in caught.value.message
    fits = Filters(after="2023-04-05", before="2023-04-06", language="en")
    assert (await read(URL, tools=tools, limits=LIMITS, filters=fits)).url == URL


@pytest.mark.parametrize(
    ("own", "said", "filters", "published", "origin"),
    [
        (None, "2019-01-02", Filters(), "2019-01-02", "search"),
        (None, "2024-05-06", Filters(after="2024-01-01"), "2024-05-06", "search"),
        ("2018-03-04", "2019-01-02", Filters(), "2018-03-04", "meta"),
        (None, None, Filters(after="2024-01-01"), None, None),
    ],
)
async def test_the_day_that_a_search_says_is_that_of_a_page_without_one(
    own: str | None, said: str | None, filters: Filters, published: str | None, origin: str | None
) -> None:
    class Dated(Web):
        async def extract(self, fetched: Fetched, *, worth: float = 0.0) -> Page:
            page = Page(url=fetched.url, title="", text=WORDS)
            return replace(page, published=own, published_from="meta") if own else page

    tools = toolbox(web=Dated(pages={URL: WORDS}))
    page = await read(URL, published=said, tools=tools, limits=LIMITS, filters=filters)
    assert (page.published, page.published_from) == (published, origin)


@pytest.mark.parametrize(
    ("said", "filters", "why"),
    [
        ("2019-01-02", Filters(after="2024-01-01"), "2019-01-02, before 2024-01-01"),
        ("2024-05-06", Filters(before="2024-05-06"), "2024-05-06, not before 2024-05-06"),
        ("2025", Filters(after="2020-01-01", before="2025-01-01"), "2025, not before"),
    ],
)
async def test_what_a_search_says_is_of_another_time_is_not_fetched(
    said: str, filters: Filters, why: str
) -> None:
    web = Web(pages={URL: WORDS})
    reading = partial(read, URL, tools=toolbox(web=web), limits=LIMITS, filters=filters)
    with pytest.raises(Unreadable) as caught:
        await reading(published=said)
    assert caught.value.code == "filtered"
    assert why in caught.value.message
    assert web.fetched == []
    assert (await reading()).text == WORDS
