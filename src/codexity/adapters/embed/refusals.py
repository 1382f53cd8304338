"""What an embedding server's refusals and broken connections mean."""

from __future__ import annotations

import re
from typing import Final

import httpx2

from codexity.adapters import tls
from codexity.errors import ProviderError, ProviderRefused, ProviderUnavailable

# In the words of llama.cpp, Ollama, vLLM and OpenAI.
_TOO_LONG: Final = re.compile(
    rb"too large to process|exceeds the context|context length|context size|maximum input length"
    rb"|too many tokens|input is too long",
    re.IGNORECASE,
)
_MISSING: Final = re.compile(
    r"model\b.{0,120}?(?:not found|does not exist|not loaded)|model_not_found"
    r"|does not support embeddings",
    re.IGNORECASE | re.DOTALL,
)


def is_too_long(said: bytes) -> bool:
    """Whether a text was longer than the model takes."""
    return _TOO_LONG.search(said) is not None


def refusal(status: int, said: str) -> ProviderError:
    """What a reply with this status and body means for the person who asked."""
    detail = f"HTTP {status}: {said[:300]}"
    if status in {401, 403}:
        return ProviderRefused(
            f"The embedding server refused the key (HTTP {status}); check CODEXITY_EMBED__API_KEY.",
            code="unauthorized",
            detail=detail,
        )
    if status == 429:
        return ProviderRefused(
            "The embedding server was asked too often, or its quota is used up (HTTP 429).",
            code="quota",
            detail=detail,
        )
    if status == 404 or _MISSING.search(said):
        return ProviderRefused(
            "The embedding server has no such model for embeddings; check CODEXITY_EMBED__MODEL, "
            "and that CODEXITY_EMBED__BASE_URL ends in /v1.",
            code="unauthorized",
            detail=detail,
        )
    if status in {502, 503, 504}:
        return ProviderUnavailable(
            f"The embedding server is not ready (HTTP {status}); it may still load its model.",
            code="unreachable",
            detail=detail,
        )
    return nonsense(f"HTTP {status}", detail)


def timeout(detail: str) -> ProviderUnavailable:
    """Nothing came for too long."""
    return ProviderUnavailable(
        "The embedding server was silent for too long; it may be busy.",
        code="timeout",
        detail=detail,
    )


def nonsense(what: str, detail: str) -> ProviderUnavailable:
    """A reply that cannot be used; `what` names it in few words."""
    return ProviderUnavailable(
        f"The embedding server's reply makes no sense ({what}); check that CODEXITY_EMBED__BASE_URL"
        " is that of an OpenAI-compatible server and ends in /v1.",
        code="bad_reply",
        detail=detail,
    )


def broken(error: httpx2.HTTPError | httpx2.InvalidURL) -> ProviderError:
    """What a connection that failed means."""
    wrong = tls.fault_of(error)
    silent = isinstance(error, httpx2.TimeoutException)
    if silent and wrong is None and not isinstance(error, httpx2.ConnectTimeout):
        return timeout(repr(error))
    why = wrong.said if wrong else "check that it runs and that CODEXITY_EMBED__BASE_URL is right."
    return ProviderUnavailable(
        f"The embedding server cannot be reached: {why}", code="unreachable", detail=repr(error)
    )
