"""What a model says reaches real clients as it was said, whatever characters it is made of."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Awaitable, Callable, Generator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import anyio
import httpx
import pytest
from httpx_sse import connect_sse
from playwright.async_api import Browser

from asking import QUESTION
from clients.chromium import READ, page_of
from clients.model import PieceByPiece
from clients.programs import HERE, start, with_packages
from clients.rig import Rig, rig
from tap import Tap

TOKEN_BYTES = 100_000
PIECES = (
    "Plainly begun.",
    " 東京は日本の首都です。한국어 हिन्दी العربية",
    " \U0001f600 \U0001f468\u200d\U0001f469\u200d\U0001f467 \U0001f1ef\U0001f1f5",
    " separators \u2028 and \u2029 and \u0085 and \v and \f and \x1c",
    " nul \x00 bell \x07 escape \x1b delete \x7f",
    " mark \ufeff and \ufffe and \uffff and \U0010ffff",
    "\n\ndata: {}\n\nevent: done\nid: 1\r\nretry: 1\r: comment\r\r",
    r' "quoted" \u0041 \n </script> &amp; %00',
    " halves \ud800 and \udfff and turned \udc00\ud800 about",
    " one in two tokens \ud83d",
    "\ude00",
    " " + "x" * TOKEN_BYTES,
    " " + "語" * (TOKEN_BYTES // 3),
    " " + "\U0001f600" * (TOKEN_BYTES // 4),
    " The end.",
)
SCRAP_BYTES = 3
"""Shorter than a character of four bytes, and than any name of a field."""
SECONDS = 60
BLOCK = re.compile(rb"id: ([0-9a-f]{32})-(\d+)\nevent: ([a-z_]+)\ndata: (\{.*\})")

Event = tuple[str, str, str]
Reader = Callable[[str], Awaitable[list[Event]]]


def wanted() -> str:
    """What the model said; half a surrogate pair is no character, and there is a sign for that."""
    halves = re.compile("[\ud800-\udfff]")
    return "".join(halves.sub("\ufffd", piece) for piece in PIECES)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Generator[Rig]:
    with rig(tmp_path_factory.mktemp("wire"), PieceByPiece(PIECES)) as opened:
        yield opened


@pytest.fixture(params=["direct", "in scraps"])
def address(request: pytest.FixtureRequest, made: Rig) -> Generator[str]:
    """The server, and the server behind a wire that delivers a few bytes at a time."""
    if request.param == "direct":
        yield made.url
        return
    with Tap(made.url, piece=SCRAP_BYTES) as tap:
        yield tap.url


@pytest.fixture(params=["Chromium", "undici", "eventsource-parser", "httpx-sse"])
def reader(request: pytest.FixtureRequest, browser: Browser, tmp_path: Path) -> Reader:
    """Reads a stream to its `done` with a real client."""

    async def in_chromium(url: str) -> list[Event]:
        async with page_of(browser, str(httpx.URL(url).join("/")).rstrip("/")) as page:
            return _events(await page.evaluate(READ, url))

    async def in_node(url: str) -> list[Event]:
        file = with_packages(tmp_path) / "reader.js"
        file.write_text((HERE / "reader.js").read_text())
        with start(file, request.param, url, settings={}) as process:
            try:
                said, complaint = process.communicate(timeout=SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                raise
        assert process.returncode == 0, complaint.decode()
        return _events(said.decode())

    async def in_python(url: str) -> list[Event]:
        with (
            httpx.Client(timeout=SECONDS, trust_env=False) as client,
            connect_sse(client, "GET", url) as source,
        ):
            return [(one.id, one.event, one.data) for one in source.iter_sse()]

    return {"Chromium": in_chromium, "httpx-sse": in_python}.get(request.param, in_node)


def _events(said: str) -> list[Event]:
    return [(one_id, name, data) for one_id, name, data in json.loads(said)]


def text(events: list[Event]) -> str:
    return "".join(json.loads(data)["text"] for _, name, data in events if name == "token")


async def test_a_reader_gives_what_the_model_said(reader: Reader, address: str, made: Rig) -> None:
    asked_before = made.model.asked_to_write(QUESTION)
    with anyio.fail_after(SECONDS):
        events = await reader(f"{address}/search?{urlencode({'q': QUESTION})}")
    assert text(events) == wanted()
    [run] = {one_id.rpartition("-")[0] for one_id, _, _ in events}
    told = [one for one in events if one[1] != "heartbeat"]
    assert [one_id for one_id, _, _ in told] == [f"{run}-{n}" for n in range(1, len(told) + 1)]
    assert told[-1][1] == "done"
    assert json.loads(told[-1][2])["status"] == "completed"
    assert made.model.asked_to_write(QUESTION) == asked_before + 1


async def test_a_reader_that_comes_late_gives_the_same(reader: Reader, made: Rig) -> None:
    response = made.server.get(f"/search?{urlencode({'q': QUESTION})}")
    blocks = response.text.removeprefix("retry: 2000\n").removesuffix("\n\n").split("\n\n")
    lines = [[line.partition(": ")[2] for line in block.split("\n")] for block in blocks]
    live = [tuple(one) for one in lines if one[1] != "heartbeat"]
    run = live[0][0].rpartition("-")[0]
    with anyio.fail_after(SECONDS):
        assert await reader(f"{made.url}/runs/{run}/events") == live


def test_the_snapshot_says_what_the_tokens_said(made: Rig) -> None:
    heard = made.server.ask(QUESTION)
    assert heard.text == wanted()
    snapshot = made.server.get(f"/runs/{heard.run}")
    assert snapshot.status_code == 200, snapshot.text
    assert snapshot.json()["answer"] == wanted()


def test_the_bytes_are_those_that_every_reader_takes(made: Rig) -> None:
    with made.server.client.stream("GET", f"{made.url}/search", params={"q": QUESTION}) as response:
        pieces = list(response.iter_raw())
    first, body = pieces[0], b"".join(pieces)
    assert len(first) < 512
    assert first.startswith(b"retry: 2000\nid: ")
    assert first.count(b"\n\n") == 1
    # What some reader takes for the end of a line, of a string, or of everything.
    assert not re.search(r"[\r\v\f\x00\x1c-\x1e\x85\u2028\u2029]", body.decode())
    blocks = body.removeprefix(b"retry: 2000\n").removesuffix(b"\n\n").split(b"\n\n")
    found = [BLOCK.fullmatch(block) for block in blocks]
    assert None not in found
    told: list[tuple[str, Any]] = [
        (one[3].decode(), json.loads(one[4])) for one in found if one and one[3] != b"heartbeat"
    ]
    assert "".join(data["text"] for name, data in told if name == "token") == wanted()
    # A token is sent whole, however long: none is cut in two on its way.
    assert max(len(json.dumps(data)) for _, data in told) > TOKEN_BYTES
    assert len({one[1] for one in found if one}) == 1
