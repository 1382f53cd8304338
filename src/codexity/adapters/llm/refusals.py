"""What a model server's refusals and broken connections mean."""

from __future__ import annotations

import re
from typing import Final

import httpx2

from codexity.adapters import tls
from codexity.errors import (
    ContextTooSmall,
    ProviderError,
    ProviderRefused,
    ProviderUnavailable,
)

# In the words of OpenAI, llama.cpp, vLLM and LM Studio. llama.cpp was seen to send this with
# status 400, 500 and, inside a stream, 200; so the words count at any status.
_CONTEXT = re.compile(
    r"context[ _-]?(?:length|size|window)|exceed_context|context_exceeded|context the overflow"
    r"|maximum (?:model|context) length|prompt is too long",
    re.IGNORECASE,
)
# How many tokens the context has, and how many the prompt (or all that is asked for, where only
# that is said), in the words of llama.cpp, OpenAI, vLLM, LM Studio, Mistral and Anthropic; the
# first that is found counts.
_HAS: Final = tuple(
    re.compile(words, re.IGNORECASE)
    for words in (
        r'"n_ctx\\?":\s{0,9}(\d{1,9})',
        r"context (?:length|size|window)[^\d]{0,40}(\d{1,9})",
        r"(\d{1,9})\s+(?:tokens\s+)?maximum",
    )
)
_ASKED: Final = tuple(
    re.compile(words, re.IGNORECASE)
    for words in (
        r'"n_prompt_tokens\\?":\s{0,9}(\d{1,9})',
        r"(\d{1,9}) in the (?:messages|prompt)",
        r"prompt contains (?:at least )?(\d{1,9})",
        r"resulted in (\d{1,9})",
        r"requested (?:about )?(\d{1,9})",
        r"request \((\d{1,9})",
        r"request has (\d{1,9})",
        r"prompt is too long: (\d{1,9})",
        r"first (\d{1,9}) tokens",
    )
)
_LOOKED_AT: Final = 4_000
_MISSING = re.compile(
    r"model\b.{0,120}?(?:not found|does not exist|not loaded|not available)|model_not_found"
    r"|no models? (?:is |are )?loaded|(?:unknown|invalid|unexpected) model",
    re.IGNORECASE | re.DOTALL,
)


def refusal(status: int, said: str) -> ProviderError:
    """What a reply with this status and body means for the person who asked."""
    detail = f"HTTP {status}: {said[:300]}"
    if status in {401, 403}:
        return ProviderRefused(
            f"The model server refused the key (HTTP {status}); check CODEXITY_LLM__API_KEY.",
            code="unauthorized",
            detail=detail,
        )
    if is_context(said):
        return _context(said, detail)
    if status == 404 or _MISSING.search(said):
        return _missing(detail)
    if status == 429:
        return ProviderRefused(
            "The model server was asked too often, or its quota is used up (HTTP 429); wait, or "
            "use another model.",
            code="quota",
            detail=detail,
        )
    if status in {502, 503, 504}:
        return ProviderUnavailable(
            f"The model server is not ready (HTTP {status}); it may still be loading its model.",
            code="unreachable",
            detail=detail,
        )
    wrong = tls.refused(status, said)
    return _encrypted(wrong, detail) if wrong else nonsense(f"HTTP {status}", detail)


def stopped(said: str) -> ProviderError:
    """What an error that was said inside a stream means."""
    if is_context(said):
        return _context(said, said[:300])
    if _MISSING.search(said):
        return _missing(said[:300])
    return cut_off(f"the server said: {said[:300]}")


def is_context(said: str) -> bool:
    """Whether these words of a server mean that its context is too small."""
    return _CONTEXT.search(said) is not None


def cut_off(detail: str) -> ProviderUnavailable:
    """The reply broke off."""
    return ProviderUnavailable(
        "The model server broke off in the middle of its reply; try again.",
        code="cut_off",
        detail=detail,
    )


def timeout(detail: str) -> ProviderUnavailable:
    """Nothing came for too long."""
    return ProviderUnavailable(
        "The model server was silent for too long; it may be busy, or the model too large for its "
        "machine.",
        code="timeout",
        detail=detail,
    )


def busy(detail: str) -> ProviderUnavailable:
    """Its turn did not come: the server works on others' questions."""
    return ProviderUnavailable(
        "The model is busy with other questions; ask again in a moment.",
        code="timeout",
        detail=detail,
    )


def nonsense(what: str, detail: str) -> ProviderUnavailable:
    """A reply that cannot be used; `what` names it in few words."""
    return ProviderUnavailable(
        f"The model server's reply makes no sense ({what}); check that CODEXITY_LLM__BASE_URL is "
        "that of an OpenAI-compatible server and ends in /v1.",
        code="bad_reply",
        detail=detail,
    )


def broken(error: httpx2.HTTPError | httpx2.InvalidURL) -> ProviderError:
    """What a failure before the first byte of a reply means."""
    if wrong := tls.fault_of(error):
        return _encrypted(wrong, repr(error))
    if isinstance(error, httpx2.ConnectTimeout) or not isinstance(error, httpx2.TimeoutException):
        return ProviderUnavailable(
            "The model server cannot be reached; check that it runs and that "
            "CODEXITY_LLM__BASE_URL is right.",
            code="unreachable",
            detail=repr(error),
        )
    return timeout(repr(error))


def _encrypted(wrong: tls.TlsFault, detail: str) -> ProviderUnavailable:
    message = f"The model server cannot be reached: {wrong.said}"
    return ProviderUnavailable(message, code="unreachable", detail=f"TLS: {detail}")


def _context(said: str, detail: str) -> ContextTooSmall:
    asked, has = _number(_ASKED, said), _number(_HAS, said)
    if asked is None or has is None:
        asked = has = None
        numbers = ""
    else:
        numbers = f" (a prompt of {asked:,} tokens, a context of {has:,})"
    return ContextTooSmall(
        f"The model's context is too small for the question and its sources{numbers}; give the "
        "model server a larger context, or use fewer sources.",
        detail=detail,
        prompt_tokens=asked,
        context_tokens=has,
    )


def _number(forms: tuple[re.Pattern[str], ...], said: str) -> int | None:
    # Some write thousands apart.
    said = re.sub(r"(?<=\d),(?=\d{3})", "", said[:_LOOKED_AT])
    found = (form.search(said) for form in forms)
    return next((int(one[1]) for one in found if one), None)


def _missing(detail: str) -> ProviderRefused:
    return ProviderRefused(
        "The model server has no such model; check CODEXITY_LLM__MODEL, and that "
        "CODEXITY_LLM__BASE_URL ends in /v1.",
        code="model_missing",
        detail=detail,
    )
