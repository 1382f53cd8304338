"""Tries the model: has it write a word, and looks at its context."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import anyio
import httpx2

from codexity.adapters.llm import mends
from codexity.adapters.llm.context import context_of, enlarged
from codexity.adapters.llm.discover import CANDIDATES, Candidate, discover, first_model
from codexity.adapters.llm.openai import OpenAIModel
from codexity.errors import ProviderError
from codexity.ports import Message, Trial, shown

SECONDS: Final = 12.0
"""How long a trial may take: a model that has to be loaded first takes some seconds."""
_SILENCE_SECONDS: Final = 8.0
_LOOK_SECONDS: Final = 2.0
_ASKED: Final = Message(role="user", content="Say yes.")
_ANSWER_TOKENS: Final = 16
_DEFAULT: Final = "default"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """The model as it is set, and what the limits ask of its context."""

    base_url: str | None
    model: str | None
    api_key: str | None = field(repr=False)
    discovers: bool
    evidence_tokens: int
    answer_tokens: int


async def tried(
    wanted: Wanted, client: httpx2.AsyncClient, candidates: Sequence[Candidate] = CANDIDATES
) -> Trial:
    """Whether the model writes, and has room for what `limits` give it."""
    base_url = wanted.base_url
    if base_url is None:
        found = await discover(client, candidates) if wanted.discovers else None
        if found is None:
            return _absent(candidates if wanted.discovers else ())
        base_url, wanted = found.base_url, replace(wanted, model=wanted.model or found.model)
    name = wanted.model
    if name is None:
        with anyio.move_on_after(_LOOK_SECONDS):
            name = await first_model(client, base_url, api_key=wanted.api_key)
    name = name or _DEFAULT
    model = OpenAIModel(
        base_url=base_url,
        model=name,
        client=client,
        api_key=wanted.api_key,
        silence_seconds=_SILENCE_SECONDS,
    )
    where = mends.Server(
        base_url=base_url, model=name, api_key=wanted.api_key, candidates=tuple(candidates)
    )
    try:
        await _speak(model)
    except ProviderError as error:
        if error.code == "context_too_small":
            mend = enlarged(None, wanted.evidence_tokens, wanted.answer_tokens)
            return Trial(ok=False, said=f"{shown(base_url)}: {error.message}", mend=mend)
        return await mends.mended(error, where, client)
    return await _room(wanted, where, client)


async def _speak(model: OpenAIModel) -> None:
    """Returns when there was a word, or the whole of what was said held none but thoughts."""
    async with model.write((_ASKED,), max_tokens=_ANSWER_TOKENS) as writing:
        async for _ in writing:
            return


async def _room(wanted: Wanted, server: mends.Server, client: httpx2.AsyncClient) -> Trial:
    context = None
    with anyio.move_on_after(_LOOK_SECONDS):
        context = await context_of(client, server.base_url, server.model, server.headers)
    said = f"{server.model} at {shown(server.base_url)} writes"
    if context is None:
        return Trial(ok=True, said=f"{said}; its server does not say how large its context is.")
    needed = wanted.evidence_tokens + wanted.answer_tokens
    room = (
        f"its context has {context.tokens:,} tokens, and limits.evidence_tokens and"
        f" limits.answer_tokens need {needed:,}"
    )
    if context.tokens >= needed:
        shared = ""
        if context.may_be_shared and context.tokens < 2 * needed:
            shared = (
                f" Where its {context.slots} slots share that (llama-server was started without"
                " `-np`), answers that do not fit together are written one after the other."
            )
        return Trial(ok=True, said=f"{said}; {room}.{shared}")
    mend = enlarged(context, wanted.evidence_tokens, wanted.answer_tokens)
    return Trial(ok=False, said=f"{said}, but {room}: it is too small.", mend=mend)


def _absent(candidates: Sequence[Candidate]) -> Trial:
    looked = " or ".join(f"{one.kind} at {one.url}" for one in candidates)
    found = f", and there is no {looked}" if looked else ""
    return Trial(
        ok=None,
        said=f"No model is set{found}: answers are made of the sources' own sentences.",
    )
