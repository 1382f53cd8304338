"""What a run stands on, in one server: a search engine, pages and a model that may never end."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from typing import Any

from servers.local import Asked, LocalServer, Reply
from servers.openai import event, events
from serving import until

WORDS = "A kestrel hovers in one place by flying into the wind. [1] "
_PAGE = (
    b"<!doctype html><title>Kestrels</title><article><h1>Kestrels</h1><p>A kestrel hovers in one "
    b"place by flying into the wind at exactly the speed of the wind. The bird spreads its tail "
    b"feathers and keeps its head still while it looks for voles.</p></article>"
)
_LOOK_SECONDS = 0.02
MODEL = "/v1/chat/completions"


class Upstreams(LocalServer):
    """Answers as SearXNG at `/search`, with pages at `/page-1` and `/page-2`, and as a model.

    What is asked at a path in `holding` gets no answer. The model says `text` so many times, and
    then nothing more until its client leaves, or until `ends` is set where it is not `endless`;
    before each it takes `pause` seconds.
    """

    def __init__(
        self,
        *holding: str,
        count: int = 5,
        text: str = WORDS,
        endless: bool = True,
        pause: float = 0.0,
    ) -> None:
        super().__init__()
        self.pause = pause
        self.endless = endless
        self.holding = set(holding)
        self.count = count
        self.text = text
        self.ends = threading.Event()
        self.pages = 1
        self.page = _PAGE

    @property
    def host(self) -> str:
        return self.url.removeprefix("http://")

    @property
    def settings(self) -> dict[str, object]:
        """Of a Codexity that knows nothing else."""
        return {
            "SEARCH__PROVIDERS": ["searxng"],
            "SEARXNG__URL": self.url,
            "SEARCH__STARTER": False,
            "FETCH__ALLOW_HOSTS": [self.host],
            **self.model_settings,
        }

    @property
    def model_settings(self) -> dict[str, object]:
        return {
            "LLM__BASE_URL": f"{self.url}/v1",
            "LLM__MODEL": "words",
            "LIMITS__MAX_QUERIES": 1,
        }

    def usual(self, asked: Asked) -> Reply:
        if asked.path in self.holding:
            return Reply(hold=True)
        if asked.path == "/search":
            return Reply(pieces=(json.dumps(self._hits()).encode(),))
        if asked.path == MODEL:
            return Reply(
                media_type="text/event-stream",
                framing="chunked",
                pieces=self._says(),
                hold_at_end=self.endless,
            )
        if asked.path.startswith("/page"):
            return Reply(media_type="text/html", pieces=(self.page,))
        return super().usual(asked)

    def at(self, path: str) -> list[Asked]:
        """What was asked at this path, in order."""
        return [one for one in tuple(self.asked) if one.path == path]

    def reached(self, path: str, count: int = 1) -> Asked:
        """The request number `count` at this path, once it has come."""
        until(lambda: len(self.at(path)) >= count, f"asked at {path}", 30)
        return self.at(path)[count - 1]

    def held(self) -> int:
        """How many requests at paths that get no end have a client that still waits."""
        held = (*self.holding, *(() if self.ends.is_set() else (MODEL,)))
        return sum(one.path in held and not one.left.is_set() for one in tuple(self.asked))

    def _says(self) -> Iterator[bytes]:
        for _ in range(self.count):
            time.sleep(self.pause)
            yield event({"delta": {"content": self.text}})
        if self.endless:
            return
        # A write is what tells that the other side has gone.
        while not self.ends.wait(_LOOK_SECONDS):
            yield b": waiting\n\n"
        yield from events(())

    def _hits(self) -> dict[str, Any]:
        urls = [f"{self.url}/page-{number}" for number in range(1, self.pages + 1)]
        rows = [{"title": "Kestrels", "url": url, "content": ""} for url in urls]
        return {"query": "", "results": rows, "answers": [], "unresponsive_engines": []}
