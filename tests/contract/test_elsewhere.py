"""A document that sends its reader elsewhere is followed as a redirect is."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from dataclasses import dataclass

import pytest

from codexity.adapters.fetch.guard import Guard
from codexity.adapters.fetch.http import HttpFetcher
from codexity.adapters.fetch.limits import FetchLimits
from codexity.errors import Unreadable
from servers.local import Asked, LocalServer, Reply

HTML = "text/html; charset=utf-8"
TARGET = "<!doctype html><title>Target</title><p>The kiosk is closed in February.</p>"


@dataclass(kw_only=True)
class Rig:
    fetcher: HttpFetcher
    server: LocalServer

    def url(self, path: str, host: str = "site.test") -> str:
        return f"http://{host}:{self.server.url.rpartition(':')[2]}{path}"

    def serves(self, pages: Mapping[str, str | Reply]) -> None:
        def answer(asked: Asked) -> Reply:
            found = pages.get(asked.path, Reply(status=404))
            if isinstance(found, Reply):
                return found
            return Reply(pieces=(found.encode(),), media_type=HTML)

        self.server.answer = answer

    def asked(self, path: str) -> int:
        return sum(one.path == path for one in self.server.asked)

    async def refused(self, path: str) -> Unreadable:
        with pytest.raises(Unreadable) as told:
            await self.fetcher.fetch(self.url(path))
        return told.value


@pytest.fixture
async def rig() -> AsyncGenerator[Rig]:
    async def resolver(_host: str, _port: int) -> Sequence[str]:
        return ("127.0.0.1",)

    with LocalServer() as server:
        port = server.url.rpartition(":")[2]
        allowed = frozenset({f"site.test:{port}", f"other.test:{port}"})
        async with HttpFetcher(
            version="1",
            contact="https://example.org",
            guard=Guard(allow_hosts=allowed, resolver=resolver),
            limits=FetchLimits(total_seconds=20, robots=True),
        ) as fetcher:
            yield Rig(fetcher=fetcher, server=server)


def refresh(content: str, head: str = "") -> str:
    return f'<html><head>{head}<meta http-equiv="refresh" content="{content}"></head>Moved</html>'


FOLLOWED = {
    "usual": refresh("0; url=/b"),
    "capitals": '<META CONTENT="0;URL=/b" HTTP-EQUIV=Refresh>',
    "quoted": refresh("0;url='/b'"),
    "without url": refresh("0; /b"),
    "comma": refresh("1,/b"),
    "unquoted": "<meta http-equiv=refresh content=0;url=/b>",
    "some seconds": refresh("5; url=/b"),
    "a fraction": refresh("0.5; url=/b"),
    "a base": refresh("0; url=b", '<base href="/">'),
    "self-closed": '<meta http-equiv="refresh" content="0;url=/b"/>',
    "an entity": refresh("0; url=&#x2F;b"),
    "behind a comment": "<!-- <meta> -->" + refresh("0; url=/b"),
}
STAYING = {
    "itself": refresh("0; url=/a"),
    "itself anew": refresh("5"),
    "minutes": refresh("300; url=/b"),
    "script": refresh("0; url=javascript:alert(1)"),
    "data": refresh("0; url=data:text/html,hello"),
    "commented": f"<!-- {refresh('0; url=/b')} --><p>Words",
    "without scripts": f"<noscript>{refresh('0; url=/b')}</noscript><p>Words",
    "in a script": f"<script>var x = '{refresh('0; url=/b')}'</script><p>Words",
    "as text": "<p>&lt;meta http-equiv=refresh content='0; url=/b'&gt;",
    "in a text area": f"<textarea>{refresh('0; url=/b')}</textarea>",
    "another name": '<meta name="refresh" content="0; url=/b">',
    "nonsense": refresh("soon; url=/b"),
}


@pytest.mark.parametrize("kind", FOLLOWED)
async def test_a_refresh_is_followed(rig: Rig, kind: str) -> None:
    rig.serves({"/a": FOLLOWED[kind], "/b": TARGET})
    page = await rig.fetcher.fetch(rig.url("/a"))
    assert (page.url, page.body) == (rig.url("/b"), TARGET.encode())


@pytest.mark.parametrize("kind", STAYING)
async def test_what_is_no_refresh_to_elsewhere_is_not(rig: Rig, kind: str) -> None:
    rig.serves({"/a": STAYING[kind], "/b": TARGET})
    page = await rig.fetcher.fetch(rig.url("/a"))
    assert page.body == STAYING[kind].encode()
    assert rig.asked("/b") == 0


async def test_a_refresh_in_the_head_of_the_answer_is_followed(rig: Rig) -> None:
    headers = (("Refresh", "0; url=/b"),)
    moved = Reply(pieces=(b"<p>Moved",), media_type=HTML, headers=headers)
    text = Reply(pieces=(b"Words",), media_type="text/plain", headers=headers)
    rig.serves({"/a": moved, "/b": TARGET, "/c": text})
    assert (await rig.fetcher.fetch(rig.url("/a"))).url == rig.url("/b")
    assert (await rig.fetcher.fetch(rig.url("/c"))).body == b"Words"


async def test_refreshes_count_as_redirects(rig: Rig) -> None:
    pages = {f"/{n}": refresh(f"0; url=/{n + 1}") for n in range(9)}
    rig.serves({**pages, "/9": TARGET})
    assert (await rig.fetcher.fetch(rig.url("/4"))).body == TARGET.encode()
    assert (await rig.refused("/0")).message == "The site redirects more than 5 times."
    rig.serves({"/a": refresh("0; url=/b"), "/b": refresh("0; url=/a")})
    assert (await rig.refused("/a")).message == "The site redirects more than 5 times."


@pytest.mark.parametrize(
    ("where", "code"),
    [
        ("http://127.0.0.2:1/", "not_public"),
        ("http://10.0.0.1/", "not_public"),
        ("http://user:word@site.test/", "not_public"),
        ("/closed", "robots"),
        ("/none", "http_status"),
    ],
)
@pytest.mark.parametrize("how", ["refresh", "frame"])
async def test_what_is_behind_is_judged_like_any_address(
    rig: Rig, where: str, code: str, how: str
) -> None:
    rules = Reply(pieces=(b"User-agent: *\nDisallow: /closed",), media_type="text/plain")
    frames = f'<frameset cols="9,*"><frame src="/nav"><frame src="{where}"></frameset>'
    page = refresh(f"0; url={where}") if how == "refresh" else frames
    rig.serves({"/robots.txt": rules, "/a": page, "/closed": TARGET})
    refused = await rig.refused("/a")
    assert refused.code == code
    assert refused.message.startswith("The page is made of frames.") == (how == "frame")
    assert rig.asked("/closed") == 0


async def test_a_page_that_waits_is_read_where_what_is_behind_cannot_be(rig: Rig) -> None:
    file = Reply(pieces=(b"PK\x03\x04",), media_type="application/zip")
    rig.serves(
        {"/a": refresh("3; url=/pump.zip"), "/pump.zip": file, "/b": refresh("0; url=/pump.zip")}
    )
    assert b"Moved" in (await rig.fetcher.fetch(rig.url("/a"))).body
    assert (await rig.refused("/b")).code == "type"


FRAMESETS = {
    "by area": '<frameset cols="20%,80%"><frame src="/x"><frame src="/b"></frameset>',
    "the first": '<frameset cols="*,150"><frame src="/b"><frame src="/x"></frameset>',
    "rows": '<frameset rows="90,*,40"><frame src="/x"><frame src="/b"><frame src="/y"></frameset>',
    "nested": '<frameset rows="80,*"><frame src="/x"><frameset cols="25%,*"><frame src="/y">'
    '<frame src="/b"></frameset></frameset>',
    "by name": '<frameset cols="50%,50%"><frame name="menu" src="/x"><frame name="main" src="/b">',
    "alone": '<FRAMESET ROWS="100%,*" BORDER=0><FRAME SRC="/b" NORESIZE></FRAMESET>',
    "weights": '<frameset cols="1*,3*"><frame src="/x"><frame src="/b"></frameset>',
}


@pytest.mark.parametrize("kind", FRAMESETS)
async def test_of_frames_the_main_one_is_read(rig: Rig, kind: str) -> None:
    source = f"<html><head><title>Docs</title></head>{FRAMESETS[kind]}</html>"
    rig.serves({"/a": source, "/b": TARGET, "/x": "<p>Menu", "/y": "<p>Foot"})
    page = await rig.fetcher.fetch(rig.url("/a"))
    assert (page.url, page.body) == (rig.url("/b"), TARGET.encode())
    assert rig.asked("/x") == rig.asked("/y") == 0


async def test_frames_without_an_address_lead_nowhere(rig: Rig) -> None:
    source = "<frameset cols='20%,80%'><frame><frame src=' '></frameset>"
    rig.serves({"/a": source})
    assert (await rig.fetcher.fetch(rig.url("/a"))).body == source.encode()


@pytest.mark.parametrize(
    "make",
    [
        lambda: "<!--" * 200_000,
        lambda: "<meta http-equiv=refresh content='" * 60_000,
        lambda: "<frameset cols='" + "*," * 200_000 + "'>" + "<frame src=a>" * 40_000,
        lambda: "<script" * 200_000 + "refresh",
        lambda: "<frameset>" * 150_000,
    ],
)
async def test_hostile_pages_take_no_time(rig: Rig, make: Callable[[], str]) -> None:
    rig.serves({"/a": make() + "refresh"})
    page = await rig.fetcher.fetch(rig.url("/a"))
    assert page.url == rig.url("/a")
