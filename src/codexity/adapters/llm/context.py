"""How large a model server's context is, and what to do where it is too small."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, cast

import httpx2

from codexity.adapters.llm.discover import listed, object_at
from codexity.fitting import ROOM, within
from codexity.model import Limits
from codexity.ports import mending, setting

_STEP: Final = 1_024


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """The tokens that one conversation has, and how many the server holds at once, if known."""

    kind: Literal["llama.cpp", "Ollama", "vLLM"]
    tokens: int
    slots: int | None = None

    @property
    def may_be_shared(self) -> bool:
        """Whether what one conversation has may be all that there is for several.

        llama.cpp divides its context over as many slots as it is told to have; those that it
        chooses itself share one (`kv_unified`), and each is said to have all of it. Nothing that it
        says tells the two apart.
        """
        return self.slots is not None and self.slots > 1


async def context_of(
    client: httpx2.AsyncClient, base_url: str, model: str, headers: Mapping[str, str]
) -> Context | None:
    """The context of the model that was just asked; None where its server does not say.

    llama.cpp's is that of one slot, and is among its models too, for where `/props` is shut by
    what stands in front of it. Ollama's is that of the model as it is loaded, which is not the
    one it was trained with, and it says so only while the model is in its memory.

    Source: llama.cpp's server guide, `GET /props` and `GET /v1/models`; Ollama's API reference,
    "List running models"; vLLM's `ModelCard.max_model_len`.
    """
    root = base_url.rstrip("/").removesuffix("/v1")
    props = await object_at(client, f"{root}/props", headers)
    settings: object = props.get("default_generation_settings")
    if isinstance(settings, dict):
        tokens = _number(cast("dict[str, Any]", settings).get("n_ctx"))
        slots = _number(props.get("total_slots")) or None
        return Context(kind="llama.cpp", tokens=tokens, slots=slots) if tokens else None
    for one in listed(await object_at(client, f"{root}/api/ps", headers), "models"):
        named = one.get("name") in {model, f"{model}:latest"}
        if named and (tokens := _number(one.get("context_length"))):
            return Context(kind="Ollama", tokens=tokens)
    for one in listed(await object_at(client, f"{base_url.rstrip('/')}/models", headers), "data"):
        if one.get("id") == model and (tokens := _number(one.get("max_model_len"))):
            return Context(kind="vLLM", tokens=tokens)
        meta: object = one.get("meta")
        # It has one model, and takes any name for it.
        if one.get("owned_by") == "llamacpp" and isinstance(meta, dict):
            tokens = _number(cast("dict[str, Any]", meta).get("n_ctx"))
            return Context(kind="llama.cpp", tokens=tokens) if tokens else None
    return None


def enlarged(context: Context | None, evidence_tokens: int, answer_tokens: int) -> str:
    """The mend of a context too small for these limits: a larger one, or smaller limits."""
    wanted = -(-(evidence_tokens + answer_tokens + ROOM) // _STEP) * _STEP
    if context is None:
        return f"Give the model server a context of {wanted} tokens."
    match context.kind:
        case "llama.cpp":
            words = f"Start llama-server with {_started(wanted, context)}"
        case "Ollama":
            words = f"Start Ollama with `OLLAMA_CONTEXT_LENGTH={wanted}` in its environment"
        case "vLLM":
            words = f"Start vLLM with `--max-model-len {wanted}`"
    limits = Limits(evidence_tokens=evidence_tokens, answer_tokens=answer_tokens)
    fitted = within(limits, context.tokens)
    if fitted.evidence_tokens + fitted.answer_tokens + ROOM > context.tokens:
        return f"{words}."
    return mending(
        f"{words}, or give the model less:",
        setting("LIMITS__EVIDENCE_TOKENS", str(fitted.evidence_tokens)),
        setting("LIMITS__ANSWER_TOKENS", str(fitted.answer_tokens)),
    )


def _started(wanted: int, context: Context) -> str:
    if context.slots is None:
        return f"`-c {wanted}` for each of its slots"
    if not context.may_be_shared:
        return f"`-c {wanted}`"
    return (
        f"`-c {wanted * context.slots} -np {context.slots}`, which its {context.slots} slots divide"
        f" (without `-np` they share it: `-c {wanted}` is then enough for one answer at a time)"
    )


def _number(value: object) -> int:
    # To Python a bool is an int.
    return value if type(value) is int and value > 0 else 0
