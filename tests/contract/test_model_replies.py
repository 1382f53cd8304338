"""Objects that a model is asked for: as a stream, as a whole, and where it will not be held."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Callable
from typing import Any

import httpx2
import pytest

from codexity.adapters.llm.openai import OpenAIModel
from codexity.errors import ContextTooSmall, ProviderError
from codexity.ports import Message
from servers.local import Asked, LocalServer, Reply
from servers.openai import event, events, failure, whole

ASKED = (Message(role="user", content="how"),)
SCHEMA = {
    "type": "object",
    "properties": {"queries": {"type": "array", "items": {"type": "string"}}},
    "required": ["queries"],
}
SAID = '{"queries": ["a", "b"]}'
WANTED = {"queries": ["a", "b"]}


@pytest.fixture
async def client() -> AsyncGenerator[httpx2.AsyncClient]:
    async with httpx2.AsyncClient(trust_env=False) as opened:
        yield opened


def stream(*pieces: bytes) -> Reply:
    return Reply(media_type="text/event-stream", framing="chunked", pieces=pieces)


def as_whole(text: str, **more: Any) -> Reply:
    return Reply(pieces=(json.dumps(whole(text, **more)).encode(),))


def says(*pieces: str, **more: Any) -> Reply:
    return stream(*events(pieces, **more))


async def reply(client: httpx2.AsyncClient, answer: Callable[[Asked], Reply]) -> tuple[Any, Any]:
    """The object, or the error's code; and the bodies that were sent."""
    with LocalServer(answer) as server:
        model = OpenAIModel(base_url=server.url, model="m", client=client, silence_seconds=5)
        got: object
        try:
            got = await model.reply(ASKED, SCHEMA, max_tokens=99)
        except ProviderError as error:
            got = error.code
        return got, [json.loads(one.body) for one in server.asked]


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        (lambda: says(SAID), WANTED),
        (lambda: says(*SAID), WANTED),
        (lambda: says("Here: ```json\n", SAID, "\n```"), WANTED),
        (lambda: says("<think>{}</think>", SAID), WANTED),
        (lambda: as_whole(SAID), WANTED),
        (lambda: as_whole(f"<think>so</think>{SAID}"), WANTED),
        (lambda: says(SAID[:9], finish="length"), "cut_off"),
        (lambda: as_whole(SAID[:9], finish="length"), "cut_off"),
        (lambda: says(SAID[:9]), "bad_reply"),
        (says, "bad_reply"),
        (lambda: stream(event({"delta": {"content": SAID}})), "cut_off"),
        (lambda: stream(b'event: error\ndata: {"message": "No."}\n\n'), "cut_off"),
        (lambda: says(*["{" * 1_000_000] * 5), "bad_reply"),
        (lambda: Reply(media_type="text/html", pieces=(b"<h1>Hi</h1>",)), "bad_reply"),
    ],
)
async def test_an_object_is_read_from_a_stream_and_from_a_whole(
    client: httpx2.AsyncClient, said: Callable[[], Reply], wanted: object
) -> None:
    got, bodies = await reply(client, lambda _: said())
    assert got == wanted
    assert [one["stream"] for one in bodies] == [True]


@pytest.mark.parametrize("words", ["stream is not supported with response_format", "no `stream`."])
async def test_a_server_that_streams_no_objects_is_asked_for_a_whole(
    client: httpx2.AsyncClient, words: str
) -> None:
    def answer(asked: Asked) -> Reply:
        if json.loads(asked.body).get("stream"):
            return failure(400, words, "unsupported")
        return as_whole(SAID)

    got, bodies = await reply(client, answer)
    assert got == WANTED
    assert ["stream" in one for one in bodies] == [True, False]
    assert all("response_format" in one for one in bodies)


async def test_an_answer_is_a_stream_even_where_objects_are_not(client: httpx2.AsyncClient) -> None:
    def answer(asked: Asked) -> Reply:
        body = json.loads(asked.body)
        if "response_format" in body and body.get("stream"):
            return failure(400, "no stream here", "unsupported")
        return says("So") if body.get("stream") else as_whole(SAID)

    with LocalServer(answer) as server:
        model = OpenAIModel(base_url=server.url, model="m", client=client, silence_seconds=5)
        assert await model.reply(ASKED, SCHEMA, max_tokens=9) == WANTED
        async with model.write(ASKED, max_tokens=9) as writing:
            assert [piece async for piece in writing] == ["So"]


# --- both numbers -----------------------------------------------------------------

LLAMA = {
    "code": 400,
    "message": "request (4031 tokens) exceeds the available context size (2048 tokens)",
    "type": "exceed_context_size_error",
    "n_prompt_tokens": 4031,
    "n_ctx": 2048,
}
TOO_LARGE = "This model's maximum context length is 4096 tokens. However, "


@pytest.mark.parametrize(
    ("said", "numbers"),
    [
        ({"error": LLAMA}, (4031, 2048)),
        ({"error": {"message": LLAMA["message"]}}, (4031, 2048)),
        (
            {"error": {"message": f"{TOO_LARGE}your messages resulted in 5,012 tokens."}},
            (5012, 4096),
        ),
        (
            {
                "error": f"{TOO_LARGE}you requested 5000 tokens (3976 in the messages, 1024 in the"
                " completion)."
            },
            (3976, 4096),
        ),
        (
            {
                "message": f"{TOO_LARGE}you requested 1024 output tokens and your prompt contains"
                " 3500 input tokens, for a total of 4524 tokens."
            },
            (3500, 4096),
        ),
        (
            {
                "error": "Trying to keep the first 4031 tokens when context the overflows. However,"
                " the model is loaded with context length of only 2048 tokens"
            },
            (4031, 2048),
        ),
        (
            {
                "message": "Prompt contains 40000 tokens and 0 draft tokens, too large for model"
                " with 32768 maximum context length"
            },
            (40000, 32768),
        ),
        ({"error": "prompt is too long: 208310 tokens > 200000 maximum"}, (208310, 200000)),
        ({"error": {"message": "Context size has been exceeded.", "code": 500}}, (None, None)),
        ({"error": {"code": 500, "message": "context window exceeded"}}, (None, None)),
        ({"error": "maximum context length is 4096 tokens"}, (None, None)),
    ],
)
@pytest.mark.parametrize("way", ["status", "in the stream"])
async def test_both_numbers_of_a_context_too_small_are_known(
    client: httpx2.AsyncClient, said: object, numbers: tuple[int | None, int | None], way: str
) -> None:
    text = json.dumps(said).encode()
    if way == "status":
        refused = Reply(status=400, pieces=(text,))
    else:
        refused = stream(b"event: error\ndata: %s\n\n" % text)
    with LocalServer(lambda _: refused) as server:
        model = OpenAIModel(base_url=server.url, model="m", client=client, silence_seconds=5)
        with pytest.raises(ContextTooSmall) as caught:
            await model.reply(ASKED, SCHEMA, max_tokens=9)
    assert (caught.value.prompt_tokens, caught.value.context_tokens) == numbers
    for number in numbers:
        assert number is None or f"{number:,}" in caught.value.message
