"""Settings become what tells texts by their meaning."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec
from typing import Final

import httpx2

from codexity.adapters.embed.found import Embedders, ollama_embedder
from codexity.adapters.embed.kept import KeepingEmbedder
from codexity.adapters.llm.discover import Candidate
from codexity.errors import Misconfigured
from codexity.ports import Embedder
from codexity.settings import Settings

_COMPARES: Final = ("numpy",)
_RUNS: Final = ("numpy", "onnxruntime", "tokenizers")


def embedders(
    settings: Settings, client: httpx2.AsyncClient, candidates: Sequence[Candidate]
) -> Embedders | None:
    """What embeds here; None where nothing is to, or the extra `semantic` is not installed.

    Raises:
        Misconfigured: what is set needs the extra, or the folder holds no model.
    """
    embed = settings.embed
    embed.check()
    if embed.folder is not None:
        _need(_RUNS, "embed.folder")
        from codexity.adapters.embed.onnx import OnnxEmbedder

        return Embedders(KeepingEmbedder(OnnxEmbedder(embed.folder.expanduser())))
    if embed.base_url is not None:
        _need(_COMPARES, "embed.base_url")
        from codexity.adapters.embed.openai import OpenAIEmbedder

        key = embed.api_key.get_secret_value() if embed.api_key else None
        named = OpenAIEmbedder(
            base_url=embed.base_url, model=embed.model or "", client=client, api_key=key
        )
        return Embedders(KeepingEmbedder(named))
    looks = embed.discover and settings.llm.discover
    if not looks or not candidates or _missing(_COMPARES):
        return None

    async def look() -> Embedder | None:
        found = await ollama_embedder(client, candidates, embed.model)
        return None if found is None else KeepingEmbedder(found)

    return Embedders(look=look)


def _missing(names: Sequence[str]) -> tuple[str, ...]:
    return tuple(one for one in names if find_spec(one) is None)


def _need(names: Sequence[str], setting: str) -> None:
    if missing := _missing(names):
        raise Misconfigured(
            f"{setting} needs {', '.join(missing)}: install `codexity[semantic]` (pip install"
            f" 'codexity[semantic]'), or take {setting} out"
        )
