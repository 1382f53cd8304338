"""Search providers that do not work."""

from __future__ import annotations

import re
import time
from base64 import b64decode
from collections.abc import Generator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest

from broken.setup import SECRET, Broken, closed, fill_in
from codexity.adapters.search import duckduckgo
from servers.duckduckgo import ANOMALY, DuckDuckGoServer, page
from servers.local import Asked, LocalServer, Reply
from servers.searxng import Row, SearxngServer

ROWS: tuple[Row, ...] = (("Wikipedia", "https://www.wikipedia.org/", "The free encyclopedia"),)


def find(_text: str) -> tuple[Row, ...]:
    return ROWS


def searching(server: LocalServer, path: str = "") -> dict[str, str]:
    address = server.url.replace("//", f"//operator:{SECRET}@")
    return {"SEARXNG__URL": address + path, "SEARCH__PROVIDERS": '["searxng", "library"]'}


@contextmanager
def json_is_off(_folder: Path, _patch: pytest.MonkeyPatch) -> Generator[Broken]:
    with SearxngServer(find, formats=("html",)) as server:

        def mend(said: str) -> None:
            assert "search:\n" in said
            assert "formats:\n" in said
            server.formats = re.findall(r"^ +- (\w+)$", said, re.MULTILINE)

        yield Broken(part="searxng", says="403", settings=searching(server), by_hand=mend)


@contextmanager
def without_tls(folder: Path, _patch: pytest.MonkeyPatch) -> Generator[Broken]:
    with SearxngServer(find) as server:
        settings = searching(server)
        settings["SEARXNG__URL"] = settings["SEARXNG__URL"].replace("http://", "https://")
        yield Broken(
            part="searxng",
            says="does not speak TLS at that port",
            settings=settings,
            by_hand=partial(fill_in, folder, "user:password", f"operator:{SECRET}"),
        )


@contextmanager
def another_page(_folder: Path, _patch: pytest.MonkeyPatch) -> Generator[Broken]:
    with SearxngServer(find) as server:
        usual = server.usual

        def answer(asked: Asked) -> Reply:
            if asked.path == "/start/search":
                return Reply(media_type="text/html", pieces=(b"<!doctype html><p>Welcome",))
            return usual(asked)

        server.answer = answer
        yield Broken(
            part="searxng",
            says="makes no sense",
            settings=searching(server, "/start"),
        )


@contextmanager
def engines(
    why: str, line: str, says: str, _folder: Path, _patch: pytest.MonkeyPatch
) -> Generator[Broken]:
    failed = [("google", why), ("bing", why)]
    with SearxngServer(lambda _: (), failed=failed) as server:

        def mend(said: str) -> None:
            if re.search(line, said):
                server.failed, server.find = (), find

        yield Broken(part="searxng", says=says, settings=searching(server), by_hand=mend)


@contextmanager
def limited(_folder: Path, _patch: pytest.MonkeyPatch) -> Generator[Broken]:
    with SearxngServer(find) as server:
        server.answer = lambda _: Reply(status=429)

        def mend(said: str) -> None:
            if re.search(r"server:\n +limiter: false", said):
                server.answer = server.usual

        yield Broken(part="searxng", says="429", settings=searching(server), by_hand=mend)


@contextmanager
def not_there(_folder: Path, _patch: pytest.MonkeyPatch) -> Generator[Broken]:
    settings = {"SEARXNG__URL": closed(), "SEARCH__PROVIDERS": '[["searxng", "library"]]'}
    yield Broken(part="searxng", says="cannot be reached", settings=settings, mended=None)


@contextmanager
def slow(_folder: Path, _patch: pytest.MonkeyPatch) -> Generator[Broken]:
    with SearxngServer(find) as server:
        usual = server.usual

        def answer(asked: Asked) -> Reply:
            time.sleep(0.6)
            return usual(asked)

        server.answer = answer
        settings = {**searching(server), "LIMITS__SEARCH_SECONDS": "0.3"}
        yield Broken(part="searxng", says="in time", settings=settings)


@contextmanager
def blocked(_folder: Path, patch: pytest.MonkeyPatch) -> Generator[Broken]:
    with DuckDuckGoServer(find) as server:
        server.answer = lambda _: page(ANOMALY, status=202)
        patch.setattr(duckduckgo, "SEARCH_URL", f"{server.url}/html/")
        settings = {"SEARCH__PROVIDERS": '["duckduckgo", "library"]'}
        yield Broken(part="duckduckgo", says="blocked", settings=settings, mended=None)


@contextmanager
def wants_a_password(folder: Path, _patch: pytest.MonkeyPatch) -> Generator[Broken]:
    with SearxngServer(find) as server:
        usual = server.usual

        def answer(asked: Asked) -> Reply:
            shown = asked.headers.get("authorization", "").removeprefix("Basic ")
            known = b64decode(shown) == f"me:{SECRET}".encode()
            return usual(asked) if known else Reply(status=401)

        server.answer = answer
        settings = {**searching(server), "SEARXNG__URL": server.url}
        mend = partial(fill_in, folder, "user:password@", f"me:{SECRET}@")
        yield Broken(part="searxng", says="password", settings=settings, by_hand=mend)
