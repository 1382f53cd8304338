"""The stream of a model server, cut, split, wrapped and spoilt in every way that was seen."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Awaitable, Generator
from dataclasses import replace

import anyio
import httpx2
import pytest

from codexity.adapters.llm.openai import OpenAIModel
from codexity.errors import ProviderError, ProviderRefused, ProviderUnavailable
from codexity.model import Usage
from codexity.ports import Message
from servers.local import Asked, Reply
from servers.openai import OpenAIServer, event, events, failure, pings, whole

ASKED = (Message(role="user", content="how"),)
SCHEMA = {
    "type": "object",
    "properties": {"queries": {"type": "array", "items": {"type": "string"}}},
    "required": ["queries"],
}
WORDS = ("Ein", " schöner", " 日本語", " \U0001f600\u2028", "[1]", " end.")
TEXT = "".join(WORDS)
USAGE = {"prompt_tokens": 7, "completion_tokens": 6}


@pytest.fixture
async def client() -> AsyncGenerator[httpx2.AsyncClient]:
    async with httpx2.AsyncClient(trust_env=False) as opened:
        yield opened


@pytest.fixture
def server() -> Generator[OpenAIServer]:
    with OpenAIServer() as started:
        yield started


@pytest.fixture
def model(server: OpenAIServer, client: httpx2.AsyncClient) -> OpenAIModel:
    return OpenAIModel(
        base_url=server.base_url,
        model=server.model,
        client=client,
        api_key=server.key,
        silence_seconds=1,
    )


def stream(*pieces: bytes) -> Reply:
    return Reply(media_type="text/event-stream", framing="chunked", pieces=pieces)


async def heard(model: OpenAIModel) -> tuple[str, ProviderError | None, Usage | None]:
    """What was said, how it failed, and the tokens counted."""
    pieces: list[str] = []
    usage = None
    try:
        async with model.write(ASKED, max_tokens=100) as writing:
            async for piece in writing:
                pieces.append(piece)  # noqa: PERF401 - a failure comes behind the pieces
            usage = writing.usage
    except ProviderError as error:
        return "".join(pieces), error, usage
    return "".join(pieces), None, usage


async def fails(asking: Awaitable[object]) -> ProviderError:
    with pytest.raises(ProviderError) as caught:
        await asking
    assert "127.0.0.1" not in caught.value.message
    return caught.value


@pytest.mark.parametrize("framing", ["chunked", "close", "length"])
async def test_a_stream_cut_at_any_byte_gives_what_came_and_says_that_it_was_cut(
    server: OpenAIServer, model: OpenAIModel, framing: str
) -> None:
    data = b"".join(events(WORDS, usage=USAGE))
    told_why = data.index(b'"finish_reason"')
    told_why = data.index(b"}]}", told_why) + 3
    last_text = data.index(b" end.") + len(b' end."}}]}')
    most, error = "", None
    for cut in range(0, len(data) + 1, 1 if framing == "chunked" else 7):
        reply = replace(stream(data), framing=framing, cut_at=cut)  # type: ignore[arg-type]
        server.answer = lambda _, reply=reply: reply
        text, error, _ = await heard(model)
        assert TEXT.startswith(text)
        assert len(text) >= len(most)
        most = text
        assert (text == TEXT) is (cut >= last_text)
        if cut >= told_why:
            assert error is None
        else:
            assert isinstance(error, ProviderUnavailable)
            assert error.code == "cut_off"
    assert (most, error) == (TEXT, None)


@pytest.mark.parametrize("size", [1, 2, 3, 5, 64])
async def test_characters_split_between_reads_are_whole(
    server: OpenAIServer, model: OpenAIModel, size: int
) -> None:
    data = b"".join(events(WORDS, usage=USAGE))
    server.answer = lambda _: stream(*(data[at : at + size] for at in range(0, len(data), size)))
    usage = Usage(prompt_tokens=7, completion_tokens=6)
    assert await heard(model) == (TEXT, None, usage)


@pytest.mark.parametrize(
    ("usual", "odd"),
    [
        (b"\n", b"\r\n"),
        (b"\n\n", b"\n"),
        (b"data: ", b"data:"),
        (b"data: ", b": ping\n\nevent: message\nid: 7\ndata: "),
        (b"[DONE]\n\n", b"[DONE]"),
        (b"data: [DONE]\n\n", b""),
    ],
    ids=["crlf", "no-blank-lines", "no-space", "comments", "no-end-of-line", "no-done"],
)
async def test_streams_are_spelled_in_many_ways(
    server: OpenAIServer, model: OpenAIModel, usual: bytes, odd: bytes
) -> None:
    data = b"".join(events(WORDS, usage=USAGE)).replace(usual, odd)
    server.answer = lambda _: stream(data)
    text, error, usage = await heard(model)
    assert (text, error) == (TEXT, None)
    assert usage is not None


async def test_what_a_model_thinks_is_left_out(server: OpenAIServer, model: OpenAIModel) -> None:
    said = "<think>\nhm, [9]?\n</think>\n\nThe answer.</think>"
    for size in (1, 3, 100):
        words = [said[at : at + size] for at in range(0, len(said), size)]
        server.answer = lambda _, words=words: stream(*events(words))
        assert (await heard(model))[0] == "The answer.</think>"
    thoughts = [event({"delta": {"reasoning_content": "hm", "content": None}})] * 3
    server.answer = lambda _: stream(*thoughts, *events(["Yes <think>", " no"]))
    assert (await heard(model))[0] == "Yes <think> no"


@pytest.mark.parametrize(
    ("said", "code"),
    [
        (b'data: {"error": {"code": 500, "message": "Compute error."}}\n\n', "cut_off"),
        (b'error: {"code": 500, "message": "Compute error."}\n\n', "cut_off"),
        (
            b'data: {"error": {"message": "Context size has been exceeded."}}\n',
            "context_too_small",
        ),
        (b"data: {nonsense}\n\n", "bad_reply"),
        (b"data: " + b"[" * 100_000 + b"\n\n", "bad_reply"),
        (b"x" * 1_100_000, "bad_reply"),
        (b"data: 7\n\n", "bad_reply"),
    ],
)
async def test_an_error_inside_a_stream_comes_behind_what_was_said(
    server: OpenAIServer, model: OpenAIModel, said: bytes, code: str
) -> None:
    begun = event({"delta": {"content": "So"}})
    server.answer = lambda _: stream(begun, said, *events([" far"]))
    text, error, _ = await heard(model)
    assert text == "So"
    assert error is not None
    assert error.code == code
    server.answer = lambda _: stream(begun, *events([" far"]))
    assert (await heard(model))[:2] == ("So far", None)


async def test_a_server_that_falls_silent_is_a_timeout_but_not_once_it_has_finished(
    server: OpenAIServer, model: OpenAIModel
) -> None:
    *most, _ = events(WORDS)
    server.answer = lambda _: replace(stream(*most[:3]), hold_at_end=True)
    text, error, _ = await heard(model)
    assert text == "".join(WORDS[:2])
    assert error is not None
    assert error.code == "timeout"
    server.answer = lambda _: Reply(hold=True)
    assert (await fails(model.reply(ASKED, SCHEMA, max_tokens=5))).code == "timeout"
    server.answer = lambda _: replace(stream(), pieces=pings())
    error = (await heard(model))[1]
    assert error is not None
    assert error.code == "timeout"
    assert await anyio.to_thread.run_sync(server.asked[-1].left.wait, 5)
    server.answer = lambda _: replace(stream(*most), hold_at_end=True)
    assert (await heard(model))[:2] == (TEXT, None)


@pytest.mark.parametrize(
    ("reply", "code", "kind"),
    [
        (failure(403, "no", "forbidden"), "unauthorized", ProviderRefused),
        (failure(404, 'model "m" not found, try pulling it first', ""), "model_missing", None),
        (failure(400, "No models loaded. Please load a model", ""), "model_missing", None),
        (failure(429, "Rate limit reached", "rate_limit"), "quota", ProviderRefused),
        (failure(503, "Loading model", "unavailable_error"), "unreachable", ProviderUnavailable),
        (failure(500, "exceeds the available context size", ""), "context_too_small", None),
        (failure(400, "maximum model length of 2048", ""), "context_too_small", None),
        (failure(500, "boom", ""), "bad_reply", ProviderUnavailable),
        (Reply(status=302, headers=(("Location", "/"),)), "bad_reply", None),
        (Reply(media_type="text/html", pieces=(b"<h1>Hello</h1>",)), "bad_reply", None),
        (Reply(pieces=(b'{"error": {"message": "exceed_context_size_error"}}',)), None, None),
        (Reply(pieces=(b"",)), "bad_reply", None),
    ],
)
async def test_refusals_are_told_apart(
    server: OpenAIServer,
    model: OpenAIModel,
    reply: Reply,
    code: str | None,
    kind: type[ProviderError] | None,
) -> None:
    server.answer = lambda _: reply
    for error in ((await heard(model))[1], await fails(model.reply(ASKED, SCHEMA, max_tokens=5))):
        assert error is not None
        assert error.code == (code or "context_too_small")
        assert kind is None or isinstance(error, kind)
    server.answer = server.usual
    assert (await heard(model))[:2] == ("You said: how", None)


async def test_a_field_that_a_server_refuses_is_left_out_from_then_on(
    server: OpenAIServer, model: OpenAIModel
) -> None:
    wrong = ("stream_options", "temperature", "max_tokens")

    def answer(asked: Asked) -> Reply:
        for name in wrong:
            if name in json.loads(asked.body):
                return failure(400, f"Unsupported parameter: '{name}'", "unsupported_parameter")
        return server.usual(asked)

    server.answer = answer
    assert (await heard(model))[:2] == ("You said: how", None)
    assert len(server.bodies) == 4
    assert (await heard(model))[:2] == ("You said: how", None)
    assert len(server.bodies) == 5
    assert server.bodies[-1]["max_completion_tokens"] == 100
    assert not server.bodies[-1].keys() & set(wrong)


@pytest.mark.parametrize(
    "said",
    [
        '{"queries": ["a", "b"]}',
        '```json\n{"queries": ["a", "b"]}\n```',
        'Sure! {"thought": 1} Here you go: {"queries": ["a", "b"]} {"queries": ["c"]}',
        '<think>{"queries": ["no"]}</think>{"queries": ["a", "b"], "more": null}',
        '{{"queries": ["a", "b"]}',
    ],
)
async def test_a_reply_is_found_in_what_surrounds_it(
    server: OpenAIServer, model: OpenAIModel, said: str
) -> None:
    server.say = lambda _: said
    got = await model.reply(ASKED, SCHEMA, max_tokens=50)
    assert got["queries"] == ["a", "b"]


@pytest.mark.parametrize(
    "said", ["", "I cannot.", '{"queries": "a"}', '{"queries": [1]}', "[]", '{"a":' * 30_000]
)
async def test_a_reply_that_does_not_fit_is_a_bad_reply(
    server: OpenAIServer, model: OpenAIModel, said: str
) -> None:
    server.say = lambda _: said
    assert (await fails(model.reply(ASKED, SCHEMA, max_tokens=50))).code == "bad_reply"


async def test_a_reply_at_its_length_limit_is_cut_off(
    server: OpenAIServer, model: OpenAIModel
) -> None:
    server.say = lambda _: '{"queries": ["a", "b"]}'
    assert (await fails(model.reply(ASKED, SCHEMA, max_tokens=2))).code == "cut_off"
    assert await model.reply(ASKED, SCHEMA, max_tokens=3)


@pytest.mark.parametrize("words", ["response_format is not supported", "failed to parse grammar"])
async def test_a_server_that_cannot_hold_to_a_schema_is_asked_in_plain_words(
    server: OpenAIServer, model: OpenAIModel, words: str
) -> None:
    def answer(asked: Asked) -> Reply:
        body = json.loads(asked.body)
        if "response_format" in body:
            return failure(400, words, "bad_request")
        assert '"queries"' in body["messages"][-1]["content"]
        return Reply(pieces=(json.dumps(whole('So: {"queries": []}')).encode(),))

    server.answer = answer
    assert await model.reply(ASKED, SCHEMA, max_tokens=50) == {"queries": []}
    assert [("response_format" in body) for body in server.bodies] == [True, False]
