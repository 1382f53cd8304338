"""The pieces of a chat completion as its server sends them, whatever the byte boundaries."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, cast

from codexity.model import Usage

_MAX_LINE = 1_000_000
_DATA = b"data:"
_ERROR = b"error:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """What one line of the stream said: `error` in the server's words, `done` for `[DONE]`."""

    text: str = ""
    finish: str | None = None
    usage: Usage | None = None
    error: str | None = None
    done: bool = False


class Pieces:
    r"""Makes pieces of bytes, a line at a time.

    Lines end in LF or CRLF and are cut before they are decoded, so that neither a character split
    between two reads nor a U+2028 inside one can harm. Each `data:` line is an event of its own:
    some servers leave the blank line out. Comments (`: ping`) make no piece.
    Source: OpenAI's API reference, "Chat completion chunk"; WHATWG HTML, "Server-sent events".
    """

    def __init__(self) -> None:
        self._rest = bytearray()

    def feed(self, data: bytes) -> list[Piece]:
        """The pieces of the lines that these bytes end.

        Raises:
            ValueError: a line is no JSON object, or longer than a million bytes.
        """
        *lines, rest = data.split(b"\n")
        if lines:
            lines[0] = bytes(self._rest) + lines[0]
            self._rest.clear()
        self._rest += rest
        if len(self._rest) > _MAX_LINE:
            raise ValueError("a line that does not end")
        return [piece for line in lines if (piece := _piece(line)) is not None]

    def end(self) -> list[Piece]:
        """The piece of a last line that nothing ended, when it is whole; else none."""
        line = bytes(self._rest)
        self._rest.clear()
        try:
            piece = _piece(line)
        except ValueError:
            return []
        return [] if piece is None else [piece]


def _piece(line: bytes) -> Piece | None:
    line = line.strip()
    if line.startswith(_ERROR):
        return Piece(error=line[len(_ERROR) :].decode(errors="replace").strip())
    if not line.startswith(_DATA):
        return None
    data = line[len(_DATA) :].strip()
    if data == b"[DONE]":
        return Piece(done=True)
    try:
        chunk: object = json.loads(data)
    except RecursionError as deep:
        raise ValueError("JSON nested too deeply") from deep
    if not isinstance(chunk, dict):
        raise ValueError("a chunk that is no JSON object")  # noqa: TRY004 - of the reply, not ours
    return piece_of(cast("dict[str, Any]", chunk))


def piece_of(reply: dict[str, Any]) -> Piece:
    """The piece that one chunk, or one whole reply that was not streamed, holds.

    Reasoning (`reasoning_content`, `reasoning`) is no part of the answer and is left out.
    """
    if reply.get("error"):
        return Piece(error=json.dumps(reply["error"]))
    text, finish = "", None
    choices: object = reply.get("choices")
    first: object = cast("list[object]", choices)[0] if isinstance(choices, list) and choices else 0
    if isinstance(first, dict):
        choice = cast("dict[str, Any]", first)
        said: object = choice.get("delta") or choice.get("message")
        content: object = cast("dict[str, Any]", said).get("content") if said else ""
        text = content if isinstance(content, str) else ""
        finish = str(choice["finish_reason"]) if choice.get("finish_reason") else None
    return Piece(text=text, finish=finish, usage=_usage(reply.get("usage")))


def _usage(counted: object) -> Usage | None:
    if not isinstance(counted, dict):
        return None
    numbers = cast("dict[str, object]", counted)
    prompt, completion = numbers.get("prompt_tokens"), numbers.get("completion_tokens")
    if isinstance(prompt, int) and isinstance(completion, int):
        return Usage(prompt_tokens=prompt, completion_tokens=completion)
    return None
