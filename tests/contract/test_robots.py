"""What a site's robots.txt asks for is kept to (RFC 9309)."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass

import anyio
import pytest

from codexity.adapters.fetch.guard import Guard
from codexity.adapters.fetch.http import HttpFetcher
from codexity.adapters.fetch.limits import FetchLimits
from codexity.errors import Unreadable
from servers.local import Asked, LocalServer, Reply

PAGE = Reply(pieces=(b"<!doctype html><title>A page</title><p>Hello</p>",), media_type="text/html")


@dataclass(kw_only=True)
class Rig:
    fetcher: HttpFetcher
    server: LocalServer

    def url(self, path: str, host: str = "site.test") -> str:
        return f"http://{host}:{self.server.url.rpartition(':')[2]}{path}"

    def says(self, robots: Reply) -> None:
        self.server.answer = lambda asked: robots if asked.path == "/robots.txt" else PAGE

    def asked(self, path: str) -> int:
        return sum(one.path == path for one in self.server.asked)

    async def outcome(self, path: str, host: str = "site.test") -> str:
        try:
            await self.fetcher.fetch(self.url(path, host))
        except Unreadable as error:
            return error.code
        return "read"


@pytest.fixture
async def rig() -> AsyncGenerator[Rig]:
    async def resolver(host: str, _port: int) -> Sequence[str]:
        return ("127.0.0.1",)

    with LocalServer() as server:
        port = server.url.rpartition(":")[2]
        hosts = frozenset({f"site.test:{port}", f"other.test:{port}"})
        async with HttpFetcher(
            version="1",
            contact="https://example.org",
            guard=Guard(allow_hosts=hosts, resolver=resolver),
            limits=FetchLimits(total_seconds=10, robots=True),
        ) as fetcher:
            yield Rig(fetcher=fetcher, server=server)


def text(rules: str, status: int = 200) -> Reply:
    return Reply(status=status, pieces=(rules.encode(),), media_type="text/plain")


@pytest.mark.parametrize(
    ("rules", "path", "outcome"),
    [
        ("User-agent: *\nDisallow: /private", "/private/a", "robots"),
        ("User-agent: *\nDisallow: /private", "/public", "read"),
        ("User-agent: codexity\nDisallow: /", "/a", "robots"),
        ("User-agent: other\nDisallow: /", "/a", "read"),
        ("User-agent: *\nDisallow: /\n\nUser-agent: Codexity\nAllow: /", "/a", "read"),
        ("User-agent: *\nDisallow: /\nAllow: /open", "/open/a", "read"),
        ("User-agent: *\nDisallow: /*.php$", "/a/b.php", "robots"),
        ("User-agent: *\nDisallow: /*.php$", "/a/b.php5", "read"),
        ("User-agent: *\nDisallow:", "/a", "read"),
        ("\ufeffUser-agent: *\r\nDisallow: /", "/a", "robots"),
        ("User-agent: Codexity/1.0\nDisallow: /", "/a", "robots"),
        ("User-agent: codexity/2.7.1-beta (+https://example.org)\nDisallow: /", "/a", "robots"),
        ("USER-AGENT:CODEXITY 1\rDISALLOW: /", "/a", "robots"),
        ("user agent Codexity*  # ours\nDisallow: /", "/a", "robots"),
        ("User-agent: other\nUser-agent: Codexity/9\nDisallow: /", "/a", "robots"),
        ("User-agent: Codexity\nAllow: /\n\nUser-agent: Codexity/1\nDisallow: /a", "/a", "robots"),
        ("User-agent: Codexity/1\nAllow: /\n\nUser-agent: *\nDisallow: /", "/a", "read"),
        ("User-agent: * # all\nDisallow: /", "/a", "robots"),
        ("User-agent: Codexity-Images\nDisallow: /", "/a", "read"),
        ("User-agent: Codexity_News/1.0\nDisallow: /", "/a", "read"),
        ("User-agent: co*\nDisallow: /", "/a", "read"),
        ("User-agent: MyCodexity/1.0\nDisallow: /", "/a", "read"),
        ("User-agent: Code\nDisallow: /", "/a", "read"),
        ("<!doctype html><title>Not found</title>", "/a", "read"),
        ("", "/a", "read"),
        ("User-agent: *\nDisallow: /" + "*a" * 60 + "*b$", "/" + "a" * 200, "read"),
    ],
)
async def test_rules_are_kept(rig: Rig, rules: str, path: str, outcome: str) -> None:
    rig.says(text(rules))
    assert await rig.outcome(path) == outcome
    assert rig.asked(path) == (outcome == "read"), "what is not allowed is not asked for"


@pytest.mark.parametrize(
    ("status", "outcome"), [(404, "read"), (401, "read"), (429, "read"), (500, "robots")]
)
async def test_a_site_without_rules_is_read_and_one_in_trouble_is_not(
    rig: Rig, status: int, outcome: str
) -> None:
    rig.says(text("User-agent: *\nDisallow: /", status))
    assert await rig.outcome("/a") == outcome


async def test_a_robots_txt_that_never_comes_allows_nothing(rig: Rig) -> None:
    rig.says(Reply(hold=True))
    assert await rig.outcome("/a") == "robots"
    assert rig.asked("/a") == 0


async def test_it_is_asked_for_once_for_many_pages_and_for_each_site(rig: Rig) -> None:
    rig.says(text("User-agent: *\nDisallow: /x"))
    async with anyio.create_task_group() as tasks:
        for number in range(8):
            tasks.start_soon(rig.outcome, f"/{number}")
    assert await rig.outcome("/x") == "robots"
    assert (rig.asked("/robots.txt"), rig.asked("/7")) == (1, 1)
    assert await rig.outcome("/1", "other.test") == "read"
    assert rig.asked("/robots.txt") == 2


async def test_redirects_of_it_are_followed(rig: Rig) -> None:
    def answer(asked: Asked) -> Reply:
        match asked.path:
            case "/robots.txt":
                return Reply(status=301, headers=(("Location", "/rules/robots"),))
            case "/rules/robots":
                return text("User-agent: *\nDisallow: /a")
            case _:
                return PAGE

    rig.server.answer = answer
    assert await rig.outcome("/a") == "robots"
    assert await rig.outcome("/b") == "read"


async def test_the_target_of_a_redirect_is_asked_about_too(rig: Rig) -> None:
    def answer(asked: Asked) -> Reply:
        if asked.path == "/robots.txt":
            return text("User-agent: *\nDisallow: /secret")
        return Reply(status=302, headers=(("Location", "/secret"),)) if asked.path == "/a" else PAGE

    rig.server.answer = answer
    assert await rig.outcome("/a") == "robots"
    assert rig.asked("/secret") == 0


async def test_of_a_long_one_the_first_part_counts(rig: Rig) -> None:
    long = "User-agent: *\nDisallow: /first\n" + "# nothing\n" * 60_000 + "Disallow: /last\n"
    rig.says(text(long))
    assert await rig.outcome("/first") == "robots"
    assert await rig.outcome("/last") == "read"


async def test_a_challenge_is_told_as_one(rig: Rig) -> None:
    def answer(asked: Asked) -> Reply:
        headers = (("cf-mitigated", "challenge"),) if asked.path == "/wall" else ()
        return Reply(status=403, media_type="text/html", pieces=(b"<p>No",), headers=headers)

    rig.server.answer = answer
    assert await rig.outcome("/wall") == "captcha"
    assert await rig.outcome("/other") == "http_status"
