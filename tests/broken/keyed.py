"""Search services with a key that do not help."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import MappingProxyType

import pytest

from broken.searching import find
from broken.setup import SECRET, Broken, closed, fill_in
from codexity.adapters.search import keyed_mends
from servers.keyed import KEY, BraveServer, KeyedServer, MojeekServer, TavilyServer
from servers.local import Asked, Reply

SERVERS: Mapping[str, type[KeyedServer]] = MappingProxyType(
    {one.service: one for one in (BraveServer, TavilyServer, MojeekServer)}
)


def searching(server: KeyedServer, *, url: str = "", key: str = KEY) -> dict[str, str]:
    group = server.service.upper()
    return {
        f"{group}__URL": url or server.url,
        f"{group}__API_KEY": key,
        "SEARCH__PROVIDERS": f'["{server.service}", "library"]',
    }


@contextmanager
def wrong_key(service: str, folder: Path, _patch: pytest.MonkeyPatch) -> Generator[Broken]:
    with SERVERS[service](find) as server:
        yield Broken(
            part=service,
            says=r"key.*https://",
            settings=searching(server, key=SECRET),
            by_hand=partial(fill_in, folder, "the-key-of-your-account", KEY),
        )


@contextmanager
def plan_forbids(service: str, folder: Path, _patch: pytest.MonkeyPatch) -> Generator[Broken]:
    """The key is right, and 403 is what its plan gets; another key's plan may search."""
    with SERVERS[service](find) as server:

        def answer(asked: Asked) -> Reply:
            told = f"{sorted(asked.headers.items())}{asked.query}"
            return Reply(status=403, pieces=(b"{}",)) if SECRET in told else server.usual(asked)

        server.answer = answer
        yield Broken(
            part=service,
            says=r"plan.*https://",
            settings=searching(server, key=SECRET),
            by_hand=partial(fill_in, folder, "the-key-of-your-account", KEY),
        )


def _soon(_server: KeyedServer) -> Reply:
    return Reply(status=429, pieces=(b"{}",), headers=(("Retry-After", "1"),))


def _brave_soon(server: KeyedServer) -> Reply:
    limits = (("X-RateLimit-Remaining", "0, 1985"), ("X-RateLimit-Reset", "1, 1419704"))
    return replace(server.spoken("too_often", 429), headers=limits)


@contextmanager
def too_fast(service: str, _folder: Path, _patch: pytest.MonkeyPatch) -> Generator[Broken]:
    with SERVERS[service](find) as server:
        reply = (_brave_soon if service == "brave" else _soon)(server)
        server.answer = lambda _: reply

        def mend(said: str) -> None:
            if f"    CODEXITY_{service.upper()}__PACE_SECONDS=1" in said:
                server.answer = server.usual

        yield Broken(part=service, says="too often", settings=searching(server), by_hand=mend)


def _brave_used_up(server: KeyedServer) -> Reply:
    limits = (("X-RateLimit-Remaining", "1, 0"), ("X-RateLimit-Reset", "1, 1419704"))
    return replace(server.spoken("too_often", 429), headers=limits)


_USED_UP: Mapping[str, Callable[[KeyedServer], Reply]] = {
    "brave": _brave_used_up,
    "tavily": lambda server: server.spoken("plan_used_up", 432),
    "mojeek": lambda server: server.spoken("used_up"),
    "unpaid": lambda _: Reply(status=402, pieces=(b"{}",)),
}


@contextmanager
def used_up(service: str, how: str, _folder: Path, _patch: pytest.MonkeyPatch) -> Generator[Broken]:
    with SERVERS[service](find) as server:
        reply = _USED_UP[how](server)
        server.answer = lambda _: reply
        yield Broken(
            part=service,
            says="plan.* used up.* larger plan at https://",
            settings=searching(server),
            mended=None,
        )


@contextmanager
def wrong_address(service: str, _folder: Path, patch: pytest.MonkeyPatch) -> Generator[Broken]:
    """The settings name a gateway that is gone; the service itself answers."""
    with SERVERS[service](find) as server:
        own = replace(keyed_mends.ACCOUNTS[service], url=server.url)
        patch.setitem(keyed_mends.ACCOUNTS, service, own)
        gone = closed()
        yield Broken(
            part=service,
            says=f"asked at {gone}, a gateway",
            settings=searching(server, url=gone),
        )


@contextmanager
def not_online(service: str, _folder: Path, patch: pytest.MonkeyPatch) -> Generator[Broken]:
    gone = closed()
    with SERVERS[service](find) as server:
        own = replace(keyed_mends.ACCOUNTS[service], url=gone)
        patch.setitem(keyed_mends.ACCOUNTS, service, own)
        yield Broken(
            part=service,
            says=f"may open {gone} ",
            settings=searching(server, url=gone),
            mended=None,
        )
