"""Whatever shape a model server's chunks and replies have, it is said in words what is wrong."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncGenerator, Generator
from typing import Any

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from codexity.adapters.llm.openai import OpenAIModel
from codexity.adapters.llm.stream import Piece, Pieces
from codexity.errors import ProviderError, ProviderUnavailable
from codexity.model import Usage
from codexity.ports import Message
from servers.local import LocalServer, Reply
from servers.openai import event, events

ASKED = (Message(role="user", content="how"),)
SCHEMA = {"type": "object", "properties": {"queries": {"type": "array"}}, "required": ["queries"]}
QUERIES = '{"queries": []}'
ODD = ("text", 7, 1.5, True, [1], ["text"], {"a": 1})


def _chunk(**choice: object) -> dict[str, object]:
    return {"choices": [{"index": 0, **choice}]}


NONSENSE: dict[str, object] = {
    **{f"delta {odd!r}": _chunk(delta=odd) for odd in (*ODD[:-1], [], "", 0, False)},
    **{f"message {odd!r}": _chunk(message=odd) for odd in ODD[:-1]},
    **{f"content {odd!r}": _chunk(delta={"content": odd}) for odd in (*ODD[1:], [None])},
    "content with a part whose text is none": _chunk(
        delta={"content": [{"type": "text", "text": 7}]}
    ),
    **{f"finish_reason {odd!r}": _chunk(delta={}, finish_reason=odd) for odd in ODD[1:]},
    **{f"choices {odd!r}": {"choices": odd} for odd in (*ODD[:5], {"a": 1}, [None], [[1]])},
    **{f"usage {odd!r}": {"choices": [], "usage": odd} for odd in ODD[:-1]},
    **{f"chunk {odd!r}": odd for odd in (*ODD[:-1], None)},
}
SENSE: dict[str, object] = {
    "an empty object": {},
    "no delta": _chunk(),
    "a delta of null": _chunk(delta=None, message=None, finish_reason=None),
    "choices of null": {"choices": None, "usage": None},
    "content of null": _chunk(delta={"content": None, "role": "assistant"}),
    "what it thinks": _chunk(delta={"content": [{"type": "thinking", "thinking": [1]}]}),
    "an error of null": {"error": None, "choices": []},
    "progress": {"choices": [], "prompt_progress": {"total": 7}},
    "no number": _chunk(delta={"content": ""}, logprobs=float("nan")),
    "odd counts": {"choices": [], "usage": {"prompt_tokens": True, "completion_tokens": -1}},
}


@pytest.fixture(scope="module")
def server() -> Generator[LocalServer]:
    with LocalServer() as started:
        yield started


@pytest.fixture(scope="module")
async def model(server: LocalServer) -> AsyncGenerator[OpenAIModel]:
    async with httpx2.AsyncClient(trust_env=False) as client:
        yield OpenAIModel(base_url=server.url, model="words", client=client, silence_seconds=5)


def stream(*pieces: bytes) -> Reply:
    return Reply(media_type="text/event-stream", framing="chunked", pieces=pieces)


def line(chunk: object) -> bytes:
    return b"data: %s\n\n" % json.dumps(chunk).encode()


async def heard(model: OpenAIModel) -> tuple[str, ProviderError | None]:
    text = ""
    try:
        async with model.write(ASKED, max_tokens=9) as writing:
            async for piece in writing:
                text += piece
    except ProviderError as error:
        return text, error
    return text, None


@pytest.mark.parametrize("chunk", NONSENSE.values(), ids=NONSENSE)
async def test_a_chunk_of_another_shape_is_a_bad_reply(
    server: LocalServer, model: OpenAIModel, chunk: object
) -> None:
    begun = event({"delta": {"content": "So"}})
    server.answer = lambda _: stream(begun + line(chunk), *events([" far"]))
    text, error = await heard(model)
    assert text == "So", "what came before it is kept"
    assert error is not None
    assert error.code == "bad_reply"
    assert "Error" not in error.message + error.detail
    server.answer = lambda _: Reply(pieces=(json.dumps(chunk).encode(),))
    with pytest.raises(ProviderUnavailable) as caught:
        await model.reply(ASKED, SCHEMA, max_tokens=9)
    assert caught.value.code == "bad_reply"


@pytest.mark.parametrize("chunk", SENSE.values(), ids=SENSE)
async def test_a_chunk_that_says_nothing_is_none(
    server: LocalServer, model: OpenAIModel, chunk: object
) -> None:
    server.answer = lambda _: stream(line(chunk), *events(["So", " far"]))
    assert await heard(model) == ("So far", None)


async def test_content_in_parts_is_read(server: LocalServer, model: OpenAIModel) -> None:
    """As Mistral's reasoning models send it."""
    parts: list[dict[str, object]] = [
        {"type": "thinking", "thinking": "hm"},
        {"type": "text", "text": QUERIES},
    ]
    server.answer = lambda _: stream(line(_chunk(delta={"content": parts})), *events([" end"]))
    assert await heard(model) == (f"{QUERIES} end", None)
    server.answer = lambda _: Reply(
        pieces=(json.dumps(_chunk(message={"content": parts})).encode(),)
    )
    assert await model.reply(ASKED, SCHEMA, max_tokens=9) == {"queries": []}


@pytest.mark.parametrize(
    ("said", "code"),
    [
        (b'event: error\ndata: {"message": "Compute error."}\n\n', "cut_off"),
        (b"event: error\ndata: out of memory\n\n", "cut_off"),
        (b'event: error\r\ndata: {"message": "exceed_context_size"}\r\n\r\n', "context_too_small"),
        (
            b'event: error\ndata: {"message":\ndata: "context size exceeded"}\n\n',
            "context_too_small",
        ),
        (b"event: error\ndata: out of\ndata: memory\n\n", "cut_off"),
        (b"event: error\ndata: [1]\n\n", "cut_off"),
        (b'event: error\ndata: {"choices": [{"delta": {"content": "No"}}]}\n\n', "cut_off"),
        (b'data: {"object": "error", "message": "Compute error.", "code": 500}\n\n', "cut_off"),
        (b'data: {"type": "error", "message": "model x not found"}\n\n', "model_missing"),
        (b'data: {"error": "Compute error."}\n\n', "cut_off"),
        (b'event: message\ndata: {"message": "Compute error."}\n\n', None),
        (b'event: error\n\ndata: {"message": "Compute error."}\n\n', None),
        (b"data:\n\ndata: \n\n", None),
        (b"data:\ndata:\ndata: \n\n", None),
        (b"data\n\n", None),
    ],
)
async def test_an_error_event_is_an_error_in_any_form(
    server: LocalServer, model: OpenAIModel, said: bytes, code: str | None
) -> None:
    server.answer = lambda _: stream(said, *events(["So"]))
    text, error = await heard(model)
    assert (error.code if error else None) == code
    assert text == ("" if code else "So")


SPLIT = json.dumps(_chunk(delta={"content": "So"}), indent=1).encode()
"""One chunk as many write JSON for people: over several lines."""


def over_lines(data: bytes) -> bytes:
    return b"".join(b"data: %s\n" % one for one in data.split(b"\n")) + b"\n"


@pytest.mark.parametrize(
    "said",
    [
        over_lines(SPLIT),
        over_lines(SPLIT.replace(b'"choices": [\n', b'"choices":\n[\n')),
        over_lines(SPLIT).replace(b"\n", b"\r\n"),
        over_lines(b"\n" + SPLIT + b"\n"),
        b": ping\n" + over_lines(SPLIT).replace(b"data: {\n", b"data: {\n: ping\n"),
        # A line that is JSON by itself is a part here, and no event.
        over_lines(b'{"extra":\n{}\n,' + SPLIT[1:]),
    ],
)
async def test_an_event_may_take_several_lines(
    server: LocalServer, model: OpenAIModel, said: bytes
) -> None:
    server.answer = lambda _: stream(said, *events([" far"]))
    assert await heard(model) == ("So far", None)


@pytest.mark.parametrize("more", [b"", b"data: {}\n", b"data: {broken\n"])
async def test_an_event_that_is_no_json_in_all_its_lines_is_a_bad_reply(
    server: LocalServer, model: OpenAIModel, more: bytes
) -> None:
    server.answer = lambda _: stream(
        event({"delta": {"content": "So"}}) + b"data: {broken\n" + more + b"\n", *events([" far"])
    )
    text, error = await heard(model)
    assert (text, error and error.code) == ("So", "bad_reply")


def test_an_event_over_very_many_lines_takes_no_more_time_than_its_bytes() -> None:
    pieces = Pieces()
    begun = time.process_time()
    found = [one for _ in range(100) for one in pieces.feed(b"data: [\n" * 1_000)]
    assert time.process_time() - begun < 2
    assert not found
    found = [one for _ in range(300) for one in pieces.feed(b"data: [[[[[[[[[[\n" * 1_000)]
    assert {piece.fault for piece in found} == {"a line that does not end"}


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["choices", "delta", "message", "content", "usage", "error", "text"])
            | st.text(max_size=3),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(_JSON, _JSON, _JSON)
def test_no_shape_is_more_than_words(content: Any, choice: Any, chunk: Any) -> None:
    for shape in (_chunk(delta={"content": content}), {"choices": [choice]}, chunk):
        [piece] = Pieces().feed(line(shape))
        assert isinstance(piece.text, str)
        assert piece.finish is None or isinstance(piece.finish, str)
        assert piece.usage is None or isinstance(piece.usage, Usage)


@given(st.binary(max_size=200), st.integers(1, 20))
def test_no_bytes_are_more_than_words(data: bytes, size: int) -> None:
    pieces = Pieces()
    for at in range(0, len(data), size):
        assert all(isinstance(piece, Piece) for piece in pieces.feed(data[at : at + size]))
    assert all(piece.fault is None for piece in pieces.end())
