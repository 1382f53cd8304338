"""Which provider's faults have mends of their own."""

from __future__ import annotations

from functools import partial

from codexity.adapters.search import duckduckgo_mends, keyed_mends, searxng_mends
from codexity.adapters.search.searxng_mends import Asked
from codexity.adapters.search.trial import Mender
from codexity.errors import ProviderError


def mender(provider: str, asked: Asked) -> Mender:
    """What knows the faults of the provider of this name."""
    match provider:
        case "duckduckgo":
            return partial(duckduckgo_mends.mended, without=asked.without)
        case "searxng":
            return partial(searxng_mends.mended, asked=asked)
        case name if name in keyed_mends.ACCOUNTS:
            return partial(keyed_mends.mended, provider=name, asked=asked)
        case _:
            return _unknown


async def _unknown(_error: ProviderError) -> str:
    return ""
