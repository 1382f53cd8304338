"""What to do about a DuckDuckGo that does not help."""

from __future__ import annotations

from codexity.errors import ProviderError
from codexity.ports import mending


async def mended(error: ProviderError, *, without: str) -> str:
    """The mend of this failure, if it has one of its own; `without` leaves DuckDuckGo out."""
    match error.code:
        case "blocked_or_empty":
            words = (
                "DuckDuckGo blocks whoever asks often, for minutes to hours: wait, ask from another"
                " network, add a SearXNG of your own (CODEXITY_SEARXNG__URL), or leave it out:"
            )
        case "unreachable":
            words = (
                "See that this machine is online and may open https://html.duckduckgo.com/ (a proxy"
                " or firewall may forbid it), or leave DuckDuckGo out:"
            )
        case _:
            return ""
    return mending(words, without)
