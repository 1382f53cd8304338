"""What to do about a SearXNG that does not help."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

import httpx2

from codexity.adapters import tls
from codexity.adapters.search.searxng import Searxng
from codexity.adapters.search.trial import KNOWN
from codexity.errors import ProviderError
from codexity.ports import fillable, mending, setting, shown

_LOOK_SECONDS: Final = 2.0
_FORMATS: Final = ("search:", "  formats:", "    - html", "    - json")
_LIMITER: Final = ("server:", "  limiter: false")
_PATIENCE: Final = ("outgoing:", "  request_timeout: 10.0")
_OTHERS: Final = (
    "use_default_settings: true",
    "engines:",
    "  - name: mojeek",
    "    disabled: false",
    "  - name: wikipedia",
    "    disabled: false",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The service that was asked, at this address; `without` is the setting that leaves it out."""

    url: str
    client: httpx2.AsyncClient
    without: str


async def mended(error: ProviderError, asked: Asked) -> str:
    """The mend of this failure; empty where it is like any other provider's.

    Source: SearXNG's documentation, "settings.yml": `search:`, `server:`, `outgoing:`, `engine:`.
    """
    match error.code:
        case "blocked" if "HTTP 403" in error.detail:
            words, lines = "Its JSON format is off. Put into its settings.yml", _FORMATS
        case "quota":
            words, lines = "Turn its limiter off (it is yours alone) in its settings.yml", _LIMITER
        case "blocked" | "no_results":
            words, lines = "Have it ask engines that do not block it, in its settings.yml", _OTHERS
        case _ if not error.detail:
            # Its engines failed, not SearXNG itself.
            words = "See that its machine is online, and give its engines more time (settings.yml)"
            lines = _PATIENCE
        case _:
            return await _address(error, asked)
    return mending(f"{words}, and restart it:", *lines)


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


async def _answers(url: str, client: httpx2.AsyncClient) -> bool:
    try:
        await Searxng(url, client, timeout_seconds=_LOOK_SECONDS).search(KNOWN, limit=1)
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
