"""Pages are kept and used again as their sites allow it (RFC 9111); no read fails by it."""

from __future__ import annotations

import gzip
import logging
import resource
import sqlite3
import stat
import sys
import time
import zlib
from collections.abc import AsyncGenerator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import anyio
import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from codexity.adapters.fetch.cached import Asked as RequestAsked
from codexity.adapters.fetch.cached import CachedTransport
from codexity.adapters.fetch.guard import Guard
from codexity.adapters.fetch.http import HttpFetcher
from codexity.adapters.fetch.limits import FetchLimits
from codexity.adapters.fetch.pages import KeptPage, Pages
from codexity.adapters.fetch.trial import tried
from codexity.errors import Unreadable
from codexity.ports import Fetched
from servers.local import Asked, LocalServer, Reply

BODY = b"<!doctype html><title>A page</title><p>Hello</p>"
OTHER = b"<!doctype html><title>A page</title><p>Changed</p>"
HTML = "text/html; charset=utf-8"
LONG = ("Cache-Control", "max-age=3600")
TAGGED = (("ETag", '"1"'), ("Cache-Control", "no-cache"))


def page(*headers: tuple[str, str], body: bytes = BODY, status: int = 200) -> Reply:
    return Reply(pieces=(body,), media_type=HTML, headers=headers, status=status)


@dataclass(kw_only=True)
class Rig:
    """A fetcher that keeps pages of a local server; `agent` and `hosts` are what another has."""

    server: LocalServer
    file: Path
    looked_up: list[str] = field(default_factory=list[str])
    most_bytes: int = 1_000_000
    late: float = 0

    @property
    def pages(self) -> Pages:
        return Pages(
            self.file,
            most_bytes=self.most_bytes,
            most_seconds=86_400,
            now=lambda: time.time() + self.late,
        )

    async def read(
        self, path: str = "/", *, contact: str = "me", allowed: bool = True, robots: bool = False
    ) -> Fetched:
        """One fetch by a fetcher of its own, as another process would make it."""
        port = self.server.url.rpartition(":")[2]

        async def resolver(host: str, _port: int) -> Sequence[str]:
            self.looked_up.append(host)
            return ("127.0.0.1",)

        hosts = frozenset({f"site.test:{port}"}) if allowed else frozenset[str]()
        async with HttpFetcher(
            version="1",
            contact=contact,
            guard=Guard(allow_hosts=hosts, resolver=resolver),
            limits=FetchLimits(total_seconds=10, robots=robots),
        ).keeping(self.pages) as fetcher:
            return await fetcher.fetch(f"http://site.test:{port}{path}")

    async def vias(self, path: str = "/", times: int = 2) -> list[str]:
        return [(await self.read(path)).via for _ in range(times)]


@pytest.fixture
async def rig(tmp_path: Path) -> AsyncGenerator[Rig]:
    with LocalServer(lambda _: page(LONG)) as server:
        yield Rig(server=server, file=tmp_path / "data" / "pages.sqlite3")


async def test_a_fresh_page_comes_from_the_cache_as_it_came(rig: Rig) -> None:
    first = await rig.read("/a?b=c#d")
    second = await rig.read("/a?b=c#e")
    assert (first.via, second.via) == ("http", "cache")
    assert (first.url, first.media_type, first.charset, first.body) == (
        *(second.url, second.media_type, second.charset, second.body),
    )
    assert len(rig.server.asked) == 1
    assert (await rig.read("/a?b=other")).via == "http"


async def test_a_packed_page_is_kept_as_it_came(rig: Rig) -> None:
    packed = page(LONG, ("Content-Encoding", "gzip"), body=gzip.compress(BODY * 100))
    rig.server.answer = lambda _: packed
    assert (await rig.read()).body == (await rig.read()).body == BODY * 100
    assert len(rig.server.asked) == 1


@pytest.mark.parametrize(
    ("headers", "kept"),
    [
        ((LONG,), True),
        ((("Cache-Control", "public, max-age=60"),), True),
        ((("Cache-Control", "max-age=1, s-maxage=60"),), True),
        ((("Expires", "Fri, 01 Jan 2100 00:00:00 GMT"),), True),
        ((LONG, ("Age", "100")), True),
        ((LONG, ("Vary", "Accept-Language, User-Agent")), True),
        ((("Last-Modified", "Tue, 01 Jan 2019 00:00:00 GMT"),), True),
        ((), False),
        ((LONG, ("Age", "3600")), False),
        ((LONG, ("Vary", "*")), False),
        ((("Expires", "0"),), False),
        ((("Expires", "Thu, 01 Jan 1970 00:00:00 GMT"),), False),
        ((("Cache-Control", "max-age=0"),), False),
        ((("Cache-Control", "max-age=60, no-store"),), False),
        ((("Cache-Control", "max-age=60, private"),), False),
        ((("Cache-Control", "max-age=60, no-cache"),), False),
        ((("Cache-Control", "max-age=-1"),), False),
        ((("Cache-Control", "max-age=¹²"),), False),
        ((("Cache-Control", 'private="x, max-age'),), False),
    ],
)
async def test_what_a_site_allows_is_kept_to(
    rig: Rig, headers: tuple[tuple[str, str], ...], kept: bool
) -> None:
    rig.server.answer = lambda _: page(*headers)
    assert await rig.vias() == ["http", "cache" if kept else "http"]
    assert len(rig.server.asked) == 2 - kept


@pytest.mark.parametrize("said", ["no-store, max-age=60", "private, max-age=60"])
async def test_what_nobody_else_may_see_is_not_in_the_file(rig: Rig, said: str) -> None:
    await rig.read("/kept")
    rig.server.answer = lambda _: page(("Cache-Control", said), ("ETag", '"1"'))
    await rig.read("/secret")
    with closing(sqlite3.connect(rig.file)) as file:
        [url] = [url for (url,) in file.execute("select url from pages")]
    assert url.endswith("/kept")


@pytest.mark.parametrize("mark", [("ETag", '"1"'), ("ETag", 'W/"1"')])
async def test_a_stale_page_is_asked_about_and_used_where_it_did_not_change(
    rig: Rig, mark: tuple[str, str]
) -> None:
    def answer(asked: Asked) -> Reply:
        if asked.headers.get("if-none-match") == mark[1]:
            return Reply(status=304, headers=(mark, LONG))
        return page(mark, ("Cache-Control", "max-age=0"))

    rig.server.answer = answer
    fetched = [await rig.read() for _ in range(3)]
    assert [one.via for one in fetched] == ["http", "cache", "cache"]
    assert {one.body for one in fetched} == {BODY}
    # The second asked, and was told how long it holds: so the third did not.
    assert len(rig.server.asked) == 2


async def test_a_page_is_asked_about_by_its_date_too(rig: Rig) -> None:
    date = ("Last-Modified", "Tue, 01 Jan 2019 00:00:00 GMT")

    def answer(asked: Asked) -> Reply:
        since = asked.headers.get("if-modified-since")
        stale = (date, ("Cache-Control", "no-cache"))
        return Reply(status=304) if since == date[1] else page(*stale)

    rig.server.answer = answer
    assert await rig.vias(times=3) == ["http", "cache", "cache"]
    assert len(rig.server.asked) == 3


async def test_a_stale_page_that_changed_is_replaced(rig: Rig) -> None:
    rig.server.answer = lambda _: page(*TAGGED)
    await rig.read()
    rig.server.answer = lambda _: page(("ETag", '"2"'), LONG, body=OTHER)
    assert [(await rig.read()).body for _ in range(2)] == [OTHER, OTHER]
    assert [one.headers.get("if-none-match") for one in rig.server.asked] == [None, '"1"']


async def test_a_page_that_may_not_be_kept_any_more_is_forgotten(rig: Rig) -> None:
    rig.server.answer = lambda _: page(*TAGGED)
    await rig.read()
    rig.server.answer = lambda _: page(("Cache-Control", "no-store"), body=OTHER)
    assert (await rig.read()).body == OTHER
    await rig.read()
    assert [one.headers.get("if-none-match") for one in rig.server.asked] == [None, '"1"', None]


async def test_a_site_in_trouble_is_told_as_such_and_the_page_stays(rig: Rig) -> None:
    rig.server.answer = lambda _: page(*TAGGED)
    await rig.read()
    rig.server.answer = lambda _: page(status=503)
    with pytest.raises(Unreadable) as raised:
        await rig.read()
    assert raised.value.code == "http_status"
    rig.server.answer = lambda _: Reply(status=304, headers=TAGGED)
    assert (await rig.read()).body == BODY


async def test_not_modified_of_another_page_is_not_believed(rig: Rig) -> None:
    rig.server.answer = lambda _: page(*TAGGED)
    await rig.read()
    rig.server.answer = lambda asked: (
        Reply(status=304, headers=(("ETag", '"9"'),))
        if "if-none-match" in asked.headers
        else page(LONG, body=OTHER)
    )
    assert (await rig.read()).body == OTHER


async def test_who_asks_otherwise_gets_another_page_where_it_varies(rig: Rig) -> None:
    rig.server.answer = lambda _: page(LONG, ("Vary", "User-Agent"))
    await rig.read(contact="me")
    assert (await rig.read(contact="me")).via == "cache"
    assert (await rig.read(contact="you")).via == "http"


async def test_what_cookies_were_shown_for_is_not_kept(rig: Rig) -> None:
    def answer(asked: Asked) -> Reply:
        if asked.path == "/" and "cookie" not in asked.headers:
            return Reply(status=302, headers=(("Location", "/"), ("Set-Cookie", "who=me")))
        return page(LONG)

    rig.server.answer = answer
    assert await rig.vias() == ["http", "http"]
    assert await rig.vias("/other") == ["http", "cache"]


async def test_redirects_are_kept_too(rig: Rig) -> None:
    def answer(asked: Asked) -> Reply:
        moved = Reply(status=301, headers=(("Location", "/new"), LONG))
        return moved if asked.path == "/old" else page(LONG)

    rig.server.answer = answer
    first, second = await rig.read("/old"), await rig.read("/old")
    assert first.url == second.url
    assert second.via == "cache"
    assert len(rig.server.asked) == 2


async def test_half_a_page_is_not_kept(rig: Rig) -> None:
    rig.server.answer = lambda _: Reply(pieces=(BODY,), media_type=HTML, headers=(LONG,), cut_at=10)
    with pytest.raises(Unreadable):
        await rig.read()
    rig.server.answer = lambda _: page(LONG)
    assert await rig.vias() == ["http", "cache"]


async def test_a_kept_page_is_given_only_where_its_host_may_be_reached(rig: Rig) -> None:
    await rig.read()
    with pytest.raises(Unreadable) as raised:
        await rig.read(allowed=False)
    assert raised.value.code == "not_public"
    assert (await rig.read()).via == "cache"
    assert rig.looked_up == ["site.test"] * 3


async def test_robots_txt_holds_for_kept_pages_and_is_not_kept_itself(rig: Rig) -> None:
    rules = b""

    def answer(asked: Asked) -> Reply:
        said = Reply(pieces=(rules,), media_type="text/plain", headers=(LONG,))
        return said if asked.path == "/robots.txt" else page(LONG)

    rig.server.answer = answer
    assert (await rig.read(robots=True)).via == "http"
    assert (await rig.read(robots=True)).via == "cache"
    rules = b"User-agent: *\nDisallow: /"
    with pytest.raises(Unreadable) as raised:
        await rig.read(robots=True)
    assert raised.value.code == "robots"


async def test_a_page_that_is_too_old_is_fetched_anew(rig: Rig) -> None:
    rig.server.answer = lambda _: page(("Cache-Control", "max-age=99999999"))
    await rig.read()
    rig.late = 86_000
    assert (await rig.read()).via == "cache"
    rig.late = 87_000
    assert (await rig.read()).via == "http"
    assert (await rig.read("/other")).via == "http"
    with closing(sqlite3.connect(rig.file)) as file:
        assert file.execute("select count(*) from pages").fetchone() == (2,)


async def test_those_that_were_not_used_for_longest_go_first(rig: Rig) -> None:
    rig.most_bytes = 100_000
    rig.server.answer = lambda _: page(LONG, body=BODY + b"x" * 30_000)
    for number in range(3):
        rig.late = number
        await rig.read(f"/{number}")
    rig.late = 200
    assert (await rig.read("/0")).via == "cache"
    rig.late = 201
    assert (await rig.read("/3")).via == "http"
    assert [(await rig.read(path)).via for path in ("/0", "/2", "/3")] == ["cache"] * 3
    with closing(sqlite3.connect(rig.file)) as file:
        [together] = file.execute("select sum(size) from pages").fetchone()
    assert together <= 100_000
    assert (await rig.read("/1")).via == "http"


async def test_the_file_stays_within_its_bound_however_much_is_read(rig: Rig) -> None:
    pages = Pages(rig.file, most_bytes=500_000, most_seconds=86_400)
    for number in range(200):
        await pages.put(kept(f"https://a.example/{number}", body=b"x" * 20_000))
    beside = (rig.file.with_name(rig.file.name + end) for end in ("", "-wal", "-shm"))
    assert sum(one.stat().st_size for one in beside if one.exists()) < 500_000 + 5_000_000
    assert await pages.get("https://a.example/199") is not None
    assert await pages.get("https://a.example/0") is None


async def test_what_is_larger_than_the_whole_cache_is_read_and_not_kept(rig: Rig) -> None:
    rig.most_bytes = 20_000
    rig.server.answer = lambda _: page(LONG, body=BODY + b"x" * 30_000)
    assert await rig.vias() == ["http", "http"]


async def test_only_the_user_may_read_the_file(rig: Rig) -> None:
    await rig.read()
    assert stat.S_IMODE(rig.file.stat().st_mode) == 0o600
    assert stat.S_IMODE(rig.file.parent.stat().st_mode) == 0o700


def kept(url: str, body: bytes = BODY) -> KeptPage:
    return KeptPage(url=url, asked={}, status=200, headers={"date": ["x"]}, body=body)


@pytest.mark.parametrize("how", ["garbage", "a folder", "newer", "a row", "read-only folder"])
async def test_a_broken_file_fails_no_read_and_is_told(
    rig: Rig, how: str, caplog: pytest.LogCaptureFixture
) -> None:
    await rig.read()
    assert (await tried(rig.file, rig.pages)).ok
    for beside in rig.file.parent.glob("*-*"):
        beside.unlink()
    match how:
        case "garbage":
            rig.file.write_bytes(b"no database " * 10_000)
        case "a folder":
            rig.file.unlink()
            rig.file.mkdir()
        case "newer":
            _execute(rig.file, "pragma user_version = 99")
        case "a row":
            _execute(rig.file, "update pages set body = zeroblob(48)")
        case _:
            rig.file = Path("/sys/codexity/pages.sqlite3")
    with caplog.at_level(logging.WARNING):
        first = await rig.read()
    assert (first.via, first.body) == ("http", BODY)
    assert [record.getMessage() for record in caplog.records] == ["pages are not kept"]
    trial = await tried(rig.file, rig.pages)
    # What is wrong with a row alone is seen where it is read, and mended by the next fetch.
    assert trial.ok is (how == "a row")
    assert bool(trial.mend) is (how != "a row")
    assert (await rig.read()).via == ("cache" if how == "a row" else "http")


def _execute(path: Path, statement: str) -> None:
    with closing(sqlite3.connect(path)) as file, file:
        file.execute(statement)


async def test_a_file_that_another_holds_delays_a_read_a_little(rig: Rig) -> None:
    await rig.read()
    with closing(sqlite3.connect(rig.file, isolation_level=None)) as other:
        other.execute("begin immediate")
        with anyio.fail_after(3):
            assert (await rig.read("/other")).via == "http"
            assert (await rig.read()).via == "cache"
        other.execute("rollback")
    assert await rig.vias("/other") == ["http", "cache"]


async def test_a_full_disk_fails_no_read(rig: Rig) -> None:
    pages = rig.pages
    await pages.put(kept("https://a.example/0"))
    with closing(sqlite3.connect(rig.file)) as file:
        assert file.execute("pragma journal_mode").fetchone() == ("wal",)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, hard))
    try:
        await pages.put(kept("https://a.example/1", body=b"x" * 200_000))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert await pages.get("https://a.example/1") is None
    assert await pages.get("https://a.example/0") == kept("https://a.example/0")


WRITER = """
import sys
from pathlib import Path
import anyio
from codexity.adapters.fetch.pages import KeptPage, Pages

async def main():
    pages = Pages(Path(sys.argv[1]), most_bytes=10_000_000, most_seconds=1000)
    for number in range(100):
        page = KeptPage(url=f"https://{sys.argv[2]}.example/{number}", asked={}, status=200,
                        headers={}, body=sys.argv[2].encode() * 1000)
        await pages.put(page)
        assert await pages.get(page.url) == page, number

anyio.run(main)
"""


async def test_two_processes_on_one_file(rig: Rig) -> None:
    async with anyio.create_task_group() as tasks:
        for name in ("one", "two"):
            command = [sys.executable, "-c", WRITER, str(rig.file), name]
            tasks.start_soon(partial(anyio.run_process, command, stderr=None))
    for name in ("one", "two"):
        found = await rig.pages.get(f"https://{name}.example/99")
        assert found is not None
        assert zlib.crc32(found.body) == zlib.crc32(name.encode() * 1000)


@given(
    control=st.text(alphabet='max-age=s0123456789,; "privateno-store¹٣\\', max_size=40),
    date=st.text(alphabet="Mon, 0123456789Jan:GMT+-", max_size=40),
    age=st.text(alphabet="0123456789-¹", max_size=30),
)
def test_no_header_breaks_the_judgement(control: str, date: str, age: str) -> None:
    transport = CachedTransport(httpx2.AsyncBaseTransport(), NOWHERE, Guard())
    url = "https://a.example/"
    asked = RequestAsked(request=httpx2.Request("GET", url), url=url, headers={})
    headers = [
        (b"Cache-Control", control.encode()),
        (b"Date", date.encode()),
        (b"Expires", date.encode()),
        (b"Last-Modified", date.encode()),
        (b"Age", age.encode()),
        (b"ETag", control.encode()),
        (b"Vary", control.encode()),
    ]
    answer = httpx2.Response(200, headers=headers, stream=httpx2.ByteStream(b""))
    transport.judged(asked, answer)


NOWHERE = Pages(Path("/nowhere"), most_bytes=1, most_seconds=1)
