"""What to do about a model server that refuses, is silent, or is not there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import httpx2

from codexity.adapters import tls
from codexity.adapters.llm.discover import Candidate, discover, model_names
from codexity.errors import ProviderError
from codexity.ports import Trial, fillable, mending, setting, shown

_NAMED = 20
_LOOK_SECONDS = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """The server and the model that were asked, and where else one usually is."""

    base_url: str
    model: str
    api_key: str | None = field(repr=False)
    candidates: tuple[Candidate, ...]

    @property
    def headers(self) -> Mapping[str, str]:
        """What shows the key, where there is one."""
        return {"Authorization": f"Bearer {self.api_key}"} if self.api_key else {}


async def mended(error: ProviderError, server: Server, client: httpx2.AsyncClient) -> Trial:
    """What the failure is, in the words of this installation, and its mend."""
    said = f"{shown(server.base_url)}: {error.message}"
    match error.code:
        case "unauthorized":
            return Trial(ok=False, said=said, mend=_key(server))
        case "model_missing" | "bad_reply":
            return await _lacking(said, server, client)
        case "unreachable" if error.detail.startswith("HTTP "):
            mend = "Wait until it has loaded its model, and ask again."
            return Trial(ok=False, said=said, mend=mend)
        case "unreachable":
            return await _silent(said, server, client)
        case "timeout":
            mend = "Ask again in a minute: it may still be loading. Else take a smaller model."
            return Trial(ok=False, said=said, mend=mend)
        case _:
            mend = "Ask again in a minute, and look at what the model server logs."
            return Trial(ok=False, said=said, mend=mend)


def _key(server: Server) -> str:
    which = "another key than the one that is set" if server.api_key else "a key"
    return mending(
        f"The server wants {which}; put it in place of the words:",
        setting("LLM__API_KEY", "the-key-of-the-model-server"),
    )


async def _lacking(said: str, server: Server, client: httpx2.AsyncClient) -> Trial:
    """It answers, but not as asked: the path is wrong, or the model's name."""
    names = await model_names(client, server.base_url, api_key=server.api_key)
    below = f"{server.base_url.rstrip('/')}/v1"
    if not names and await model_names(client, below, api_key=server.api_key):
        mend = mending("The address lacks its /v1:", setting("LLM__BASE_URL", fillable(below)))
        return Trial(ok=False, said=said, mend=mend)
    if server.model in names:
        mend = "It lists the model and yet fails: look at what the model server logs."
        return Trial(ok=False, said=said, mend=mend)
    if not names:
        return await _silent(said, server, client)
    mend = mending(
        "Take one of those that it has, or give it the other (Ollama: `ollama pull NAME`):",
        setting("LLM__MODEL", names[0]),
    )
    has = ", ".join(names[:_NAMED])
    return Trial(ok=False, said=f"{said} It lacks {server.model}; it has: {has}.", mend=mend)


async def _silent(said: str, server: Server, client: httpx2.AsyncClient) -> Trial:
    """No model server is there, or not for us: perhaps one is where they usually are."""
    if wrong := tls.told_of(said) or await tls.needed(server.base_url, client):
        mend = wrong.mended("LLM__BASE_URL", server.base_url)
        return Trial(ok=False, said=said, mend=mend)
    found = await discover(client, server.candidates, seconds=_LOOK_SECONDS)
    if found is None:
        mend = mending(
            "Start the model server there, or set its right address, or do without:",
            setting("LLM__BASE_URL", ""),
        )
        return Trial(ok=False, said=said, mend=mend)
    lines = [setting("LLM__BASE_URL", found.base_url)]
    if server.model not in await model_names(client, found.base_url):
        lines.append(setting("LLM__MODEL", found.model))
    there = f"{found.kind} answers at {found.base_url}"
    return Trial(ok=False, said=f"{said} But {there}.", mend=mending("Take that one:", *lines))
