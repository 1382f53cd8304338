"""A server that speaks OpenAI's chat completions, and llama.cpp's `/slots`, with words of ours."""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import chain, repeat
from typing import Any

from servers.local import Asked, LocalServer, Reply

ENDLESS = "endless"
"""A question that is answered until the client leaves."""


class OpenAIServer(LocalServer):
    """Answers with `say(question)`; a stream goes word by word, `pause` seconds apart.

    It has one model, takes one key, and refuses more than `context` words.
    """

    model = "words-1"
    key = "sk-local"

    def __init__(
        self,
        say: Callable[[str], str] = lambda question: f"You said: {question}",
        *,
        pause: float = 0.0,
        context: int = 2_000,
    ) -> None:
        super().__init__()
        self.say: Callable[[str], str] = say
        self.pause = pause
        self.context = context
        self._running = 0
        self._counting = threading.Lock()

    @property
    def base_url(self) -> str:
        return f"{self.url}/v1"

    @property
    def bodies(self) -> list[dict[str, Any]]:
        """What chat completions were asked for, in order."""
        posts = [one for one in self.asked if one.path == "/v1/chat/completions"]
        return [json.loads(one.body) for one in posts]

    def usual(self, asked: Asked) -> Reply:
        if asked.path == "/slots":
            return _json([{"id": 0, "is_processing": self._running > 0}])
        if asked.headers.get("authorization") != f"Bearer {self.key}":
            return failure(401, "Incorrect API key provided.", "invalid_api_key")
        if asked.path == "/v1/models":
            return _json({"object": "list", "data": [{"id": self.model, "object": "model"}]})
        if asked.path != "/v1/chat/completions":
            return failure(404, f"Invalid URL (POST {asked.path})", "not_found")
        return self._complete(json.loads(asked.body))

    def _complete(self, body: dict[str, Any]) -> Reply:
        if body["model"] != self.model:
            what = f"The model `{body['model']}` does not exist or you do not have access to it."
            return failure(404, what, "model_not_found")
        question = body["messages"][-1]["content"]
        used = sum(len(one["content"].split()) for one in body["messages"])
        if used > self.context:
            what = f"This model's maximum context length is {self.context} tokens. However, your "
            return failure(400, f"{what}messages resulted in {used} tokens.", "context_length")
        words = re.findall(r"\s*\S+", self.say(question))
        most = body.get("max_tokens") or body.get("max_completion_tokens") or 100_000
        finish = "length" if len(words) > most else "stop"
        words = words[:most]
        usage = {"prompt_tokens": used, "completion_tokens": len(words)}
        if not body.get("stream"):
            return _json(whole("".join(words), finish=finish, usage=usage))
        told = usage if body.get("stream_options", {}).get("include_usage") else None
        said = chain(words, repeat(" more")) if question == ENDLESS else words
        pieces = self._counted(events(said, finish=finish, usage=told))
        return Reply(media_type="text/event-stream", framing="chunked", pieces=pieces)

    def _counted(self, pieces: Iterator[bytes]) -> Iterator[bytes]:
        with self._counting:
            self._running += 1
        try:
            for piece in pieces:
                yield piece
                time.sleep(self.pause)
        finally:
            with self._counting:
                self._running -= 1


def events(
    words: Sequence[str] | Iterator[str],
    *,
    finish: str = "stop",
    usage: dict[str, int] | None = None,
) -> Iterator[bytes]:
    """The events of a stream that says these words."""
    yield event({"delta": {"role": "assistant", "content": None}})
    for word in words:
        yield event({"delta": {"content": word}})
    yield event({"delta": {}, "finish_reason": finish})
    if usage is not None:
        yield b"data: %s\n\n" % json.dumps({"choices": [], "usage": usage}).encode()
    yield b"data: [DONE]\n\n"


def event(choice: dict[str, Any]) -> bytes:
    """One event with this choice."""
    chunk = {"object": "chat.completion.chunk", "choices": [{"index": 0, **choice}]}
    return b"data: %s\n\n" % json.dumps(chunk, ensure_ascii=False).encode()


def pings() -> Iterator[bytes]:
    """Nothing but comments, for five seconds."""
    for _ in range(100):
        time.sleep(0.05)
        yield b": ping\n\n"


def whole(text: str, *, finish: str = "stop", usage: dict[str, int] | None = None) -> object:
    """A reply that is not streamed."""
    message = {"role": "assistant", "content": text}
    choice = {"index": 0, "message": message, "finish_reason": finish}
    return {"object": "chat.completion", "choices": [choice], "usage": usage}


def failure(status: int, message: str, code: str) -> Reply:
    """An error in OpenAI's form."""
    error = {"message": message, "type": "invalid_request_error", "param": None, "code": code}
    return _json({"error": error}, status=status)


def _json(value: object, *, status: int = 200) -> Reply:
    return Reply(status=status, pieces=(json.dumps(value).encode(),))
