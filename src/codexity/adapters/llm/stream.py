"""The pieces of a chat completion as its server sends them, whatever the byte boundaries."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, cast

from codexity.model import Usage

_MAX_LINE = 1_000_000
_DATA = b"data:"
_ERROR = b"error:"
_EVENT = b"event:"
_FAILED = b"error"


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """What one line of the stream said: `error` in the server's words, `done` for `[DONE]`.

    `fault` is what is wrong with the line itself, in ours.
    """

    text: str = ""
    finish: str | None = None
    usage: Usage | None = None
    error: str | None = None
    fault: str | None = None
    done: bool = False


class Pieces:
    r"""Makes pieces of bytes, a line at a time.

    Lines end in LF or CRLF and are cut before they are decoded, so that neither a character split
    between two reads nor a U+2028 inside one can harm. A `data:` line that is JSON by itself is an
    event of its own: some servers leave the blank line out. One that is not is the beginning of an
    event over several, which the blank line ends. Comments (`: ping`) and empty data make no piece;
    the data of an `event: error` is an error, whatever its form.
    Source: OpenAI's API reference, "Chat completion chunk"; WHATWG HTML, "Server-sent events".
    """

    def __init__(self) -> None:
        self._rest = bytearray()
        self._kind = b""
        self._begun = bytearray()

    def feed(self, data: bytes) -> list[Piece]:
        """The pieces of the lines that these bytes end; one of a line beyond a million bytes."""
        *lines, rest = data.split(b"\n")
        if lines:
            lines[0] = bytes(self._rest) + lines[0]
            self._rest.clear()
        self._rest += rest
        pieces = [piece for line in lines if (piece := self._piece(line)) is not None]
        if len(self._rest) + len(self._begun) > _MAX_LINE:
            self._begun.clear()
            pieces.append(Piece(fault="a line that does not end"))
        return pieces

    def end(self) -> list[Piece]:
        """The pieces of what nothing ended, as far as it is whole; else none."""
        last = [self._piece(bytes(self._rest)), self._ended()]
        self._rest.clear()
        return [piece for piece in last if piece is not None and not piece.fault]

    def _piece(self, line: bytes) -> Piece | None:
        line = line.strip()
        if line.startswith(_DATA):
            return self._data(line[len(_DATA) :].strip())
        if line.startswith(_ERROR):
            return Piece(error=line[len(_ERROR) :].decode(errors="replace").strip())
        if line.startswith(_EVENT):
            self._kind = line[len(_EVENT) :].strip()
        elif not line:
            piece = self._ended()
            self._kind = b""
            return piece
        return None

    def _data(self, data: bytes) -> Piece | None:
        if data == b"[DONE]":
            return self._ended() or Piece(done=True)
        if self._begun:
            # Looked at once, when the event ends: at each line, many would cost their square.
            self._begun += b"\n" + data
            return None
        piece = _piece(data, self._kind) if data else None
        if piece is None:
            self._begun += data
        return piece

    def _ended(self) -> Piece | None:
        """The piece of an event over several lines, which ends here; none where there is none."""
        if not self._begun:
            return None
        data = bytes(self._begun)
        self._begun.clear()
        if self._kind == _FAILED:
            return Piece(error=data.decode(errors="replace"))
        return _piece(data, self._kind) or Piece(fault="a line that is no JSON")


def _piece(data: bytes, kind: bytes) -> Piece | None:
    """What this JSON says; None where it is none, or not whole."""
    try:
        chunk: object = json.loads(data)
    except RecursionError:
        return Piece(fault="a line that is nested too deeply")
    except ValueError:
        return None
    if kind == _FAILED:
        return Piece(error=data.decode(errors="replace"))
    try:
        return piece_of(chunk)
    except (ValueError, RecursionError) as odd:
        return Piece(fault=str(odd))


def piece_of(reply: object) -> Piece:
    """The piece that one chunk, or one whole reply that was not streamed, holds.

    Reasoning (`reasoning_content`, `reasoning`, parts of the content that are no text) is no part
    of the answer and is left out. What is not there, or null, says nothing.

    Raises:
        ValueError: something in it is of another type than the protocol's; it says what.
    """
    chunk = _object(reply, "a chunk", needed=True)
    if chunk.get("error"):
        return Piece(error=json.dumps(chunk["error"]))
    if "error" in {str(chunk.get("object")), str(chunk.get("type"))}:
        # As vLLM had it: the error's fields lie in the chunk itself.
        return Piece(error=json.dumps(chunk))
    usage = _usage(_object(chunk.get("usage"), "usage"))
    choices = _list(chunk.get("choices"), "choices")
    if not choices:
        return Piece(usage=usage)
    choice = _object(choices[0], "a choice", needed=True)
    delta = _object(choice.get("delta"), "a delta")
    said = delta or _object(choice.get("message"), "a message")
    finish = choice.get("finish_reason")
    if finish is not None and not isinstance(finish, str):
        raise ValueError("a finish_reason that is no string")
    return Piece(text=_text(said.get("content")), finish=finish or None, usage=usage)


def _text(content: object) -> str:
    """Source: Mistral's API reference, "Reasoning": content may be a list of parts."""
    if content is None or isinstance(content, str):
        return content or ""
    parts = [_object(part, "a part", needed=True) for part in _list(content, "content")]
    texts = [part.get("text") for part in parts if part.get("type") == "text"]
    if not all(isinstance(text, str) for text in texts):
        raise ValueError("a text that is no string")
    return "".join(cast("list[str]", texts))


def _object(value: object, what: str, *, needed: bool = False) -> dict[str, Any]:
    if value is None and not needed:
        return {}
    if not isinstance(value, dict):
        raise ValueError(f"{what} that is no JSON object")  # noqa: TRY004 - of the reply, not ours
    return cast("dict[str, Any]", value)


def _list(value: object, what: str) -> list[object]:
    if value is None:
        return []
    if not isinstance(value, list):
        raise ValueError(f"{what} of another type")  # noqa: TRY004 - of the reply, not ours
    return cast("list[object]", value)


def _usage(counted: dict[str, Any]) -> Usage | None:
    prompt, completion = counted.get("prompt_tokens"), counted.get("completion_tokens")
    # To Python a bool is an int.
    if type(prompt) is int and type(completion) is int and min(prompt, completion) >= 0:
        return Usage(prompt_tokens=prompt, completion_tokens=completion)
    return None
