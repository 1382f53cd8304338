"""Search providers that do not work."""

from __future__ import annotations

import time
from base64 import b64decode
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from broken.setup import SECRET, Broken, closed, fill_in
from codexity.adapters.search import duckduckgo
from servers.duckduckgo import ANOMALY, DuckDuckGoServer, page
from servers.local import Asked, LocalServer, Reply
from servers.searxng import Engine, Row, SearxngServer

ROWS: tuple[Row, ...] = (("Wikipedia", "https://www.wikipedia.org/", "The free encyclopedia"),)


def find(_text: str) -> tuple[Row, ...]:
    return ROWS


def searching(server: LocalServer, path: str = "") -> dict[str, str]:
    address = server.url.replace("//", f"//operator:{SECRET}@")
    return {"SEARXNG__URL": address + path, "SEARCH__PROVIDERS": '["searxng", "library"]'}


@contextmanager
def json_is_off(_folder: Path, _patch: pytest.MonkeyPatch) -> Generator[Broken]:
    with SearxngServer(find, formats=("html",)) as server:
        yield Broken(
            part="searxng", says="403", settings=searching(server), by_hand=server.configure
        )


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
    says: str, failing: Sequence[Engine], _folder: Path, _patch: pytest.MonkeyPatch
) -> Generator[Broken]:
    """Engines that are on fail; others, which are off, would find something."""
    others = [Engine(name=name, find=find, disabled=True) for name in ("mojeek", "mwmbl")]
    with SearxngServer(engines=[*map(replace, failing), *others]) as server:
        yield Broken(
            part="searxng", says=says, settings=searching(server), by_hand=server.configure
        )


@contextmanager
def offline(_folder: Path, _patch: pytest.MonkeyPatch) -> Generator[Broken]:
    failing = Engine(name="google", fails="HTTP connection error")
    with SearxngServer(engines=[failing]) as server:
        yield Broken(part="searxng", says="online", settings=searching(server), mended=None)


@contextmanager
def slow_engines(_folder: Path, _patch: pytest.MonkeyPatch) -> Generator[Broken]:
    """Neither SearXNG nor Codexity gives them time enough."""
    with SearxngServer(engines=[Engine(name="google", find=find, seconds=0.6)]) as server:
        server.settings["outgoing"]["request_timeout"] = 0.2
        yield Broken(
            part="searxng",
            says="its engines failed: google .timeout",
            settings={**searching(server), "LIMITS__SEARCH_SECONDS": "0.5"},
            by_hand=server.configure,
        )


@contextmanager
def speaks_german(_folder: Path, _patch: pytest.MonkeyPatch) -> Generator[Broken]:
    """Its language is locked: so nobody knows why its engines fail, and its mend leads on."""
    blocked = Engine(name="google", fails="too many requests")
    with SearxngServer(engines=[blocked, Engine(name="mojeek", find=find)]) as server:
        server.settings["ui"]["default_locale"] = "de"
        server.settings["preferences"]["lock"] = ["locale", "language"]
        server.engines[1].disabled = True

        def mend(said: str) -> None:
            server.configure(said)
            assert server.settings["preferences"]["lock"] == []
            # The next mend is that of engines which block, which has a set-up of its own.
            server.engines[1].disabled = False

        yield Broken(
            part="searxng",
            says="another language|zu viele",
            settings=searching(server),
            by_hand=mend,
        )


@contextmanager
def limited(_folder: Path, _patch: pytest.MonkeyPatch) -> Generator[Broken]:
    with SearxngServer(find) as server:
        server.settings["server"]["limiter"] = True

        def mend(said: str) -> None:
            server.configure(said)
            # It still holds for others.
            assert server.settings["server"]["limiter"]

        yield Broken(
            part="searxng",
            says="limiter refuses programs",
            settings=searching(server),
            by_hand=mend,
        )


@contextmanager
def redirects(
    location: str, mended: bool | None, folder: Path, _patch: pytest.MonkeyPatch
) -> Generator[Broken]:
    """Where it is told to be it redirects (a place in the address), with what was asked."""
    with SearxngServer(find) as server:
        usual = server.usual

        def answer(asked: Asked) -> Reply:
            if asked.path == "/further/search":
                return Reply(status=301, headers=(("Location", "/new/search/?q=Wikipedia"),))
            if asked.path == "/old/search":
                there = f"{location.replace('{url}', server.url)}?q=Wikipedia&format=json"
                return Reply(status=308, headers=(("Location", there),))
            return usual(replace(asked, path=asked.path.removeprefix("/new")))

        server.answer = answer
        yield Broken(
            part="searxng",
            says="redirects",
            settings=searching(server, "/old"),
            mended=mended,
            by_hand=(
                partial(fill_in, folder, "user:password", f"operator:{SECRET}")
                if mended
                else lambda _: None
            ),
        )


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
