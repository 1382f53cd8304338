"""What the real SearXNG does with a question, and what becomes of it."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import anyio
import httpx2
import pytest

from codexity.model import Query
from codexity.ports import Found
from instance import PUMP, QUERY, WIKI, fails, failure, finds, instance, urls
from servers.local import Reply
from servers.searxng import Engine

SOON = (datetime.now(UTC).date() - timedelta(days=100)).isoformat()


@pytest.fixture(scope="module")
async def client() -> AsyncGenerator[httpx2.AsyncClient]:
    async with httpx2.AsyncClient(trust_env=False) as opened:
        yield opened


async def test_the_page_of_an_infobox_is_a_hit(client: httpx2.AsyncClient) -> None:
    wikipedia = replace(finds(PUMP, infobox=True), name="wikipedia")
    with instance(client, wikipedia, fails("too many requests")) as (provider, server):
        hits = await provider.search(QUERY, limit=5)
        assert (hits[0].url, hits[0].title, hits[0].snippet) == (WIKI, PUMP[0], PUMP[2])
        wikipedia.display_type = ["list", "infobox"]
        assert (await urls(provider))[0] == WIKI
        wikipedia.find = lambda _: ()
        server.engines[1].suspended_until = 0
        assert (await failure(provider)).code == "blocked"


PAGE = {"infobox": "Heat pump", "id": WIKI, "urls": None}
LINK = {"infobox": "Heat pump", "urls": [{"title": "Wikipedia", "url": WIKI}, {"title": "No"}]}


@pytest.mark.parametrize(
    ("beside", "alone", "behind"),
    [
        ({"answers": [{"answer": "It is a pump", "url": WIKI}]}, True, True),
        ({"infoboxes": [PAGE, 7]}, True, True),
        ({"infoboxes": [LINK]}, True, False),
        ({"infoboxes": [{"infobox": "Heat pump", "id": "Q193"}], "answers": None}, False, False),
        ({"answers": ["It is a pump", {"answer": "4", "url": None}]}, False, False),
        ({"infoboxes": "none", "answers": {}}, False, False),
    ],
)
async def test_pages_of_answers_and_infoboxes_have_a_place_behind_results(
    client: httpx2.AsyncClient, beside: dict[str, object], alone: bool, behind: bool
) -> None:
    rows = [{"url": f"https://r{number}.example/", "title": "R"} for number in range(9)]
    with instance(client) as (provider, server):

        def answer(results: list[dict[str, str]]) -> Reply:
            return Reply(pieces=(json.dumps({"results": results, **beside}).encode(),))

        server.answer = lambda _: answer([])
        assert await urls(provider) == [WIKI] * alone
        assert await urls(provider, replace(QUERY, exclude_site=("wikipedia.example",))) == []
        server.answer = lambda _: answer(rows)
        listed = [row["url"] for row in rows]
        assert await urls(provider, limit=4) == ([*listed[:3], WIKI] if behind else listed[:4])
        assert await urls(provider, limit=1) == listed[:1]
        assert (await urls(provider, limit=20))[9:] == [WIKI] * alone
        server.answer = lambda _: answer([{"url": WIKI, "title": "Heat pump"}, *rows])
        assert await urls(provider, limit=4) == [WIKI, *listed[:3]]


@pytest.mark.parametrize(
    ("text", "heard"),
    [
        ("heat pumps <100", 'heat pumps "<100"'),
        ("What does :has do in CSS?", 'What does ":has" do in CSS?'),
        ("!!x heat pump", '"!!x" heat pump'),
        ("What does !!int mean in YAML?", 'What does "!!int" mean in YAML?'),
        ("What does !in mean in Kotlin?", 'What does "!in" mean in Kotlin?'),
        ("What is !! in Kotlin?", 'What is "!!" in Kotlin?'),
        ("Is !in, or :is, right?", 'Is "!in", or ":is", right?'),
        ("the phrase 'a' \"what !in means\"", 'the phrase \'a\' "what" "!in means"'),
        ('"a :de b <5 c"', '"a" ":de b" "<5 c"'),
        ('24" monitor <100', '24" monitor "<100"'),
        ("!images", '"!images"'),
        # What is no command stays as it is.
        ("is a<b and b!=c : or ! not ?", "is a<b and b!=c : or ! not ?"),
        ('"heat pump" -cooling site:e.org C++ 5<10', '"heat pump" -cooling site:e.org C++ 5<10'),
        ('"!in is quoted" already', '"!in is quoted" already'),
        ("¿Qué es :ñandú?", '¿Qué es ":ñandú"?'),
    ],
)
async def test_words_that_are_its_commands_arrive(
    client: httpx2.AsyncClient, text: str, heard: str
) -> None:
    archive = Engine(name="ina", shortcut="in", disabled=True)
    with instance(client, finds(PUMP), archive) as (provider, server):
        assert await urls(provider, Query(text=text)) == [WIKI]
        assert server.heard == [heard]
        left_out = Query(text=text, exclude_site=("e.net",))
        assert await urls(provider, left_out) == [WIKI]
        assert server.heard[1:] == [f"{heard} -site:e.net"]


@pytest.mark.parametrize("most", [None, 5.0])
async def test_a_slow_engine_does_not_take_the_others_with_it(
    client: httpx2.AsyncClient, most: float | None
) -> None:
    slow = Engine(name="slow", seconds=30, timeout=20)
    with instance(client, finds(PUMP), slow, seconds=1.0) as (provider, server):
        server.settings["outgoing"]["max_request_timeout"] = most
        found = await provider.search(QUERY, limit=5)
        assert [hit.url for hit in found] == [WIKI]
        assert isinstance(found, Found)
        assert found.note == "1 of its engines failed: slow (timeout)"
        server.engines[:] = [slow]
        slow.suspended_until = 0
        assert (await failure(provider)).code == "timeout"
        assert [float(asked.query["timeout_limit"][0]) for asked in server.asked] == [0.8, 0.8]


@pytest.mark.parametrize("failing", [(), (fails("CAPTCHA"),)])
async def test_without_engines_that_know_dates_it_is_asked_without_a_range(
    client: httpx2.AsyncClient, failing: tuple[Engine, ...]
) -> None:
    with instance(client, finds(PUMP, knows_dates=False), *failing) as (provider, server):
        recent = replace(QUERY, after=SOON)
        assert await urls(provider, recent) == [WIKI]
        assert [asked.query.get("time_range") for asked in server.asked] == [["year"], None]
        server.engines[0].knows_dates = True
        assert await urls(provider, recent) == [WIKI]
        assert len(server.asked) == 3


async def test_it_is_asked_no_third_time_and_within_one_deadline(
    client: httpx2.AsyncClient,
) -> None:
    engine = Engine(name="empty", seconds=0.3, knows_dates=True)
    with instance(client, engine, seconds=1.0) as (provider, server):
        begun = anyio.current_time()
        recent = Query(text="random uuid", after=SOON)
        assert await urls(provider, recent) == []
        assert anyio.current_time() - begun < 1.0
        first, second = (one for one in server.asked if one.path == "/search")
        assert float(second.query["timeout_limit"][0]) <= float(first.query["timeout_limit"][0])
        assert server.heard == ['"random" uuid']


async def test_a_second_question_that_fails_leaves_the_first_reply(
    client: httpx2.AsyncClient,
) -> None:
    with instance(client, fails("CAPTCHA")) as (provider, server):
        usual = server.usual
        server.answer = lambda asked: (
            usual(asked) if "time_range" in asked.query else Reply(status=500)
        )
        assert (await failure(provider, replace(QUERY, after=SOON))).code == "blocked"
        assert len(server.asked) == 2


@pytest.mark.parametrize("text", ["random uuid", "max 3 5", "avg 1 2.5 9", "  min 4  5"])
async def test_what_it_answers_itself_is_searched_all_the_same(
    client: httpx2.AsyncClient, text: str
) -> None:
    with instance(client, finds(PUMP)) as (provider, server):
        assert await urls(provider, Query(text=text)) == [WIKI]
        first, *others = text.split()
        assert [heard.split() for heard in server.heard] == [[f'"{first}"', *others]]
        assert await urls(provider, Query(text="max weight of a pump")) == [WIKI]
        assert server.heard[-1] == "max weight of a pump"


@pytest.mark.parametrize(
    ("said", "published"),
    [
        ("2019-01-02T00:00:00", "2019-01-02"),
        ("2019-01-02 10:11:12", "2019-01-02"),
        ("0001-01-01T00:00:00", None),
        ("9999-12-31T00:00:00", None),
        ("yesterday", None),
        (None, None),
    ],
)
async def test_a_hit_has_the_day_that_the_engine_says(
    client: httpx2.AsyncClient, said: str | None, published: str | None
) -> None:
    with instance(client, finds(PUMP, published=said)) as (provider, _):
        (hit,) = await provider.search(QUERY, limit=5)
        assert hit.published == published
