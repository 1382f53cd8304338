"""A server of embeddings as Ollama and others are: OpenAI's protocol, and Ollama's list of models.

Its model knows a few meanings, each with words of several languages: a text's vector is the sum of
the meanings that it speaks of. So texts of two languages are near each other where they mean alike.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any
from zlib import crc32

from servers.local import Asked, LocalServer, Reply

MEANINGS: Mapping[str, str] = {
    "abroad": "abroad étranger ausland extranjero 国外",
    "work": "work working travailler télétravail arbeiten arbeiten trabajar 工作",
    "heating": "heating chauffage heizung calefacción 暖气",
    "bread": "bread loaf pain brot pan 面包",
    "leak": "leak leaks drips fuit tropft gotea 漏水",
}
_SIZE = 256
_NOISE = 0.05


def vector(text: str, size: int = _SIZE) -> list[float]:
    """The meanings of a text, each in a direction of its own, and a little of its own besides."""
    lower = text.lower()
    made = [_NOISE * (((crc32(f"{at}{text}".encode()) % 200) - 100) / 100) for at in range(size)]
    for at, words in enumerate(MEANINGS.values()):
        known = [re.escape(word) for word in words.split()]
        made[at] += (
            len(re.findall(rf"(?<![a-zà-ÿ])(?:{'|'.join(known)})(?![a-zà-ÿ])", lower)) ** 0.5
        )
    return made


class EmbeddingServer(LocalServer):
    """Embeds with `model`; wants `key`, where one is set, and no text of more than `most`."""

    def __init__(
        self,
        *,
        model: str = "meanings:latest",
        digest: str = "0123456789abcdef",
        key: str | None = None,
        most: int = 100_000,
    ) -> None:
        super().__init__()
        self.model = model
        self.digest = digest
        self.key = key
        self.most = most
        self.family = "bert"

    @property
    def base_url(self) -> str:
        return f"{self.url}/v1"

    @property
    def texts(self) -> list[str]:
        """Everything that was to be embedded, in order."""
        bodies = [json.loads(one.body) for one in self.asked if one.path == "/v1/embeddings"]
        return [text for body in bodies for text in body["input"]]

    def usual(self, asked: Asked) -> Reply:
        if asked.path == "/api/tags":
            told = {"name": self.model, "model": self.model, "digest": self.digest}
            writes = {"name": "llama3.2:latest", "digest": "a" * 64, "details": {"family": "llama"}}
            return said({"models": [writes, told | {"details": {"family": self.family}}]})
        if asked.path != "/v1/embeddings":
            return said({"error": "404 page not found"}, 404)
        if self.key and asked.headers.get("authorization") != f"Bearer {self.key}":
            return said({"error": {"message": "Incorrect API key provided."}}, 401)
        body: dict[str, Any] = json.loads(asked.body)
        if body["model"] != self.model:
            return said({"error": {"message": f"model {body['model']!r} not found"}}, 404)
        if any(len(one) > self.most for one in body["input"]):
            return said({"error": {"message": "input is too large to process"}}, 500)
        data = [
            {"object": "embedding", "index": at, "embedding": vector(one)}
            for at, one in enumerate(body["input"])
        ]
        return said({"object": "list", "model": self.model, "data": data})


def said(reply: object, status: int = 200) -> Reply:
    return Reply(status=status, pieces=[json.dumps(reply).encode()])
