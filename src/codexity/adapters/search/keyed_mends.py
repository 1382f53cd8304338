"""What to do about a search service with a key (Brave, Tavily, Mojeek) that does not help."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from codexity.adapters.search import brave, mojeek, tavily
from codexity.adapters.search.searxng_mends import Asked
from codexity.errors import ProviderError
from codexity.ports import mending, setting, shown

_SOON_SECONDS: Final = 120.0
"""Who may be asked again this soon was asked too fast; a plan is used up for longer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A service as its customers know it: where it answers, and where their keys and plans are."""

    title: str
    url: str
    keys: str


ACCOUNTS: Final = {
    "brave": Account(title="Brave", url=brave.URL, keys="https://api-dashboard.search.brave.com"),
    "tavily": Account(title="Tavily", url=tavily.URL, keys="https://app.tavily.com"),
    "mojeek": Account(
        title="Mojeek",
        url=mojeek.URL,
        keys="https://www.mojeek.com/services/search/web-search-api",
    ),
}
"""By the provider's name, which is that of its settings too."""


async def mended(error: ProviderError, *, provider: str, asked: Asked) -> str:
    """The mend of this failure, if it has one of its own."""
    account = ACCOUNTS[provider]
    key = setting(f"{provider.upper()}__API_KEY", "the-key-of-your-account")
    match error.code:
        case "unauthorized":
            return mending(
                f"Copy your key from {account.keys} (or make one there), and set it:", key
            )
        case "blocked":
            return mending(
                f"Choose a plan that allows web searches at {account.keys}, and set its key:", key
            )
        case "quota" if _is_pace(error):
            return mending(
                f"Most plans of {account.title} allow one search a second. Keep to that, or to what"
                f" yours allows ({account.keys}):",
                setting(f"{provider.upper()}__PACE_SECONDS", 1),
            )
        case "quota":
            return mending(
                "The searches of your plan are used up. Wait for the next month or day, choose a"
                f" larger plan at {account.keys}, or leave {account.title} out:",
                asked.without,
            )
        case "unreachable" | "bad_reply":
            return _address(error, provider, asked)
        case _:
            return ""


def _is_pace(error: ProviderError) -> bool:
    soon = error.retry_seconds is None or error.retry_seconds <= _SOON_SECONDS
    return "HTTP 429" in error.detail and soon


def _address(error: ProviderError, provider: str, asked: Asked) -> str:
    account = ACCOUNTS[provider]
    if asked.url.rstrip("/") != account.url.rstrip("/"):
        return mending(
            f"See that {account.title} can be asked at {shown(asked.url)}, a gateway of yours, or"
            " ask it where it answers itself:",
            setting(f"{provider.upper()}__URL", account.url),
        )
    if error.code == "bad_reply":
        return ""
    return mending(
        f"See that this machine is online and may open {account.url} (a proxy or firewall may"
        f" forbid it), or leave {account.title} out:",
        asked.without,
    )
