"""Looks at a model server: which model it has, how many requests it takes, and how large."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import anyio
import httpx2

from codexity.adapters.llm.context import context_of
from codexity.adapters.llm.discover import Candidate, Found, discover, first_model


async def look_around(
    client: httpx2.AsyncClient,
    candidates: Sequence[Candidate],
    model: str | None,
    seconds: float,
) -> Found | None:
    """The first model server among the candidates, as `discover` has it, with what it says.

    Its model is the one that is named, where one is.
    """
    found = await discover(client, candidates, seconds=seconds)
    if found is None:
        return None
    return await _with_context(client, replace(found, model=model or found.model), {}, seconds)


async def look_at(
    client: httpx2.AsyncClient,
    base_url: str,
    model: str | None,
    api_key: str | None,
    seconds: float,
) -> Found | None:
    """The named server, with its first model where none is named; None when it says nothing."""
    name = model
    if name is None:
        with anyio.move_on_after(seconds):
            name = await first_model(client, base_url, api_key=api_key)
    if name is None:
        return None
    headers = {"Authorization": f"Bearer {api_key}"} if api_key else {}
    found = Found(kind="named", base_url=base_url, model=name)
    told = await _with_context(client, found, headers, seconds)
    return None if told == found and model is not None else told


async def _with_context(
    client: httpx2.AsyncClient, found: Found, headers: dict[str, str], seconds: float
) -> Found:
    context = None
    with anyio.move_on_after(seconds):
        context = await context_of(client, found.base_url, found.model, headers)
    if context is None:
        return found
    return replace(found, slots=context.slots, context_tokens=context.tokens)
