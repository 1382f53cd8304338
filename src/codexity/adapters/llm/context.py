"""How large a model server's context is, and what to do where it is too small."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, cast

import httpx2

from codexity.adapters.llm.discover import listed, object_at
from codexity.ports import mending, setting

_ROOM: Final = 512
"""For the rules, the question, and the titles of sources and the marks around them."""
_STEP: Final = 1_024
_LEAST_EVIDENCE: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """The tokens that one conversation has, and how many the server holds at once."""

    kind: Literal["llama.cpp", "Ollama", "vLLM"]
    tokens: int
    slots: int = 1


async def context_of(
    client: httpx2.AsyncClient, base_url: str, model: str, headers: Mapping[str, str]
) -> Context | None:
    """The context of the model that was just asked; None where its server does not say.

    llama.cpp's is that of one slot. Ollama's is that of the model as it is loaded, which is not the
    one it was trained with, and it says so only while the model is in its memory.

    Source: llama.cpp's server guide, `GET /props`; Ollama's API reference, "List running models";
    vLLM's `ModelCard.max_model_len`.
    """
    root = base_url.rstrip("/").removesuffix("/v1")
    props = await object_at(client, f"{root}/props", headers)
    settings: object = props.get("default_generation_settings")
    if isinstance(settings, dict):
        tokens = _number(cast("dict[str, Any]", settings).get("n_ctx"))
        slots = _number(props.get("total_slots")) or 1
        return Context(kind="llama.cpp", tokens=tokens, slots=slots) if tokens else None
    for one in listed(await object_at(client, f"{root}/api/ps", headers), "models"):
        named = one.get("name") in {model, f"{model}:latest"}
        if named and (tokens := _number(one.get("context_length"))):
            return Context(kind="Ollama", tokens=tokens)
    for one in listed(await object_at(client, f"{base_url.rstrip('/')}/models", headers), "data"):
        if one.get("id") == model and (tokens := _number(one.get("max_model_len"))):
            return Context(kind="vLLM", tokens=tokens)
    return None


def enlarged(context: Context | None, evidence_tokens: int, answer_tokens: int) -> str:
    """The mend of a context too small for these limits: a larger one, or smaller limits."""
    wanted = -(-(evidence_tokens + answer_tokens + _ROOM) // _STEP) * _STEP
    if context is None:
        return f"Give the model server a context of {wanted} tokens."
    match context.kind:
        case "llama.cpp":
            words = f"Start llama-server with `-c {wanted * context.slots}`" + (
                f" (its {context.slots} slots share it)" if context.slots > 1 else ""
            )
        case "Ollama":
            words = f"Start Ollama with `OLLAMA_CONTEXT_LENGTH={wanted}` in its environment"
        case "vLLM":
            words = f"Start vLLM with `--max-model-len {wanted}`"
    answer = min(answer_tokens, context.tokens // 4)
    evidence = context.tokens - answer - _ROOM
    if evidence < _LEAST_EVIDENCE:
        return f"{words}."
    return mending(
        f"{words}, or give the model less:",
        setting("LIMITS__EVIDENCE_TOKENS", str(evidence)),
        setting("LIMITS__ANSWER_TOKENS", str(answer)),
    )


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0
