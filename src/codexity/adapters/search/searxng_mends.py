"""What to do about a SearXNG that does not help."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

import anyio
import httpx2
from anyio.abc import SocketAttribute

from codexity.adapters import tls
from codexity.adapters.search.asking import Redirected
from codexity.adapters.search.searxng import LIMITER, NO_ENGINES, Searxng
from codexity.adapters.search.searxng_reply import UNTRANSLATED
from codexity.adapters.search.trial import KNOWN
from codexity.errors import ProviderError
from codexity.ports import fillable, mending, setting, shown

_LOOK_SECONDS: Final = 2.0
_MOST_MOVES: Final = 3
_LONGER: Final = ("outgoing:", "  request_timeout: 9.0")
_PATIENT: Final = ("LIMITS__SEARCH_SECONDS", 12)
"""Engines that have 9 seconds are heard within 12: they get four fifths of the time."""
_FORMATS: Final = ("search:", "  formats:", "    - html", "    - json")
_TRANSLATED: Final = ("preferences:", "  lock: []")
_OTHERS: Final = (
    "use_default_settings: true",
    "engines:",
    "  - name: mojeek",
    "    disabled: false",
    "  - name: mwmbl",
    "    disabled: false",
    "  - name: wikipedia",
    "    disabled: false",
    "    display_type: [list, infobox]",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The service that was asked, at this address, and how long a search may take.

    `without` is the setting that leaves it out.
    """

    url: str
    client: httpx2.AsyncClient
    without: str
    seconds: float = 6.0


async def mended(error: ProviderError, asked: Asked) -> str:
    """The mend of this failure; empty where it is like any other provider's.

    Source: SearXNG's documentation, "settings.yml" (`search:`, `preferences:`, `outgoing:`,
    `engine:`) and "Limiter".
    """
    if isinstance(error, Redirected):
        return await _moved(error.target, asked)
    match error.code:
        case "blocked" if "HTTP 403" in error.detail:
            return _settings("Its JSON format is off. Put into its settings.yml", _FORMATS)
        case "quota" if error.message == LIMITER:
            return await _passing(asked)
        case "blocked" | "no_results":
            return _engines(error)
        case _ if not error.detail or error.detail == UNTRANSLATED:
            return _engines_failed(error, asked)
        case _:
            return await _address(error, asked)


def _settings(words: str, lines: tuple[str, ...]) -> str:
    return mending(f"{words}, and restart it:", *lines)


def _engines(error: ProviderError) -> str:
    words = "Have it ask engines that do not block it, in its settings.yml"
    if error.detail == NO_ENGINES:
        words = "Have it ask engines of the category general, in its settings.yml"
    elif error.code == "no_results":
        words = "Have it ask other engines, in its settings.yml"
    return _settings(words, _OTHERS)


def _engines_failed(error: ProviderError, asked: Asked) -> str:
    """Not SearXNG itself failed but its engines."""
    match error.code:
        case _ if error.detail == UNTRANSLATED:
            return _settings(
                "It says why in a language that is not read here. Let it speak English, in its"
                " settings.yml",
                _TRANSLATED,
            )
        case "timeout" if asked.seconds < _PATIENT[1]:
            words = "Give its engines more time in its settings.yml"
            longer = mending("and give SearXNG as long:", setting(*_PATIENT))
            return f"{_settings(words, _LONGER)}\n{longer}"
        case "timeout" | "bad_reply":
            return _settings("Have it ask other engines, in its settings.yml", _OTHERS)
        case _:
            return mending(
                "See that the machine or container of SearXNG is online and can look up names: its"
                " engines cannot be reached. Until then, leave it out:",
                asked.without,
            )


async def _passing(asked: Asked) -> str:
    own = await _own_address(asked.url)
    return mending(
        "Let this machine pass, in the limiter.toml beside its settings.yml, and restart it. A"
        " SearXNG in a container may see another address, that of its network's gateway:",
        "[botdetection.ip_lists]",
        f'pass_ip = ["{own}"]',
    )


async def _own_address(url: str) -> str:
    """The address of this machine in the network of that one; nothing is sent."""
    try:
        parts = urlsplit(url)
        socket = await anyio.create_connected_udp_socket(parts.hostname or "", parts.port or 80)
        async with socket:
            return str(socket.extra(SocketAttribute.local_address)[0]).partition("%")[0]  # noqa: S610 - anyio
    except (OSError, ValueError):
        return "127.0.0.1"


async def _moved(target: str, asked: Asked) -> str:
    """It redirects: what answers there may be it, another redirection, or a page to log in on."""
    tried = {asked.url.rstrip("/")}
    for _ in range(_MOST_MOVES):
        url = _base(target, asked.url)
        if url in tried:
            break
        tried.add(url)
        try:
            await _ask(url, asked.client)
        except Redirected as further:
            target = further.target
        except ProviderError:
            break
        else:
            line = setting("SEARXNG__URL", fillable(url))
            return mending(f"It redirects to {shown(target)}. Set that address:", line)
    return mending(
        f"It redirects to {shown(target)}, where no SearXNG answers (a page to log in on?): let"
        " programs in there, set an address without a login (CODEXITY_SEARXNG__URL), or leave it"
        " out:",
        asked.without,
    )


def _base(target: str, url: str) -> str:
    """The address of the instance whose search is at this target of a redirection of `url`."""
    user, at, _ = urlsplit(url).netloc.rpartition("@")
    parts = urlsplit(target.rstrip("/").removesuffix("/search"))
    if parts.hostname == urlsplit(url).hostname:
        # A password is for the host that it was set for.
        parts = parts._replace(netloc=f"{user}{at}{parts.netloc}")
    return parts.geturl()


async def _address(error: ProviderError, asked: Asked) -> str:
    """It was not SearXNG that answered, or not to us."""
    if error.code == "timeout":
        return ""
    wrong = tls.told_of(error.message)
    if error.code == "unreachable":
        wrong = wrong or await tls.needed(asked.url, asked.client)
    if wrong:
        return wrong.mended("SEARXNG__URL", asked.url)
    if error.code == "unauthorized":
        user = urlsplit(asked.url)
        url = user._replace(netloc=f"user:password@{user.netloc.rpartition('@')[2]}").geturl()
        return mending("Put its password into the address:", setting("SEARXNG__URL", url))
    if error.code == "bad_reply":
        for url in _nearby(asked.url):
            if await _answers(url, asked.client):
                line = setting("SEARXNG__URL", fillable(url))
                return mending("A SearXNG answers beside it:", line)
        return mending(
            f"What answers at {shown(asked.url)} is no SearXNG, or one in trouble: set the address"
            " of its start page (CODEXITY_SEARXNG__URL), or leave it out:",
            asked.without,
        )
    return mending(
        f"Start it at {shown(asked.url)}, or set its right address (CODEXITY_SEARXNG__URL), or"
        " leave it out:",
        asked.without,
    )


async def _ask(url: str, client: httpx2.AsyncClient) -> None:
    await Searxng(url, client, timeout_seconds=_LOOK_SECONDS).search(KNOWN, limit=1)


async def _answers(url: str, client: httpx2.AsyncClient) -> bool:
    try:
        await _ask(url, client)
    except ProviderError:
        return False
    return True


def _nearby(url: str) -> Iterator[str]:
    """Where a SearXNG may be whose address was given somewhat wrong."""
    parts = urlsplit(url)
    origin = parts._replace(path="", query="", fragment="").geturl()
    bare = parts._replace(query="", fragment="").geturl().rstrip("/")
    likely = (bare.removesuffix("/search"), origin, f"{origin}/searxng")
    yield from (one for one in dict.fromkeys(likely) if one != url.rstrip("/"))
