"""Every model server is spoken to under the port's promises: one of ours, and a real llama.cpp."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import anyio
import httpx2
import pytest

from codexity.adapters.llm.openai import OpenAIModel
from codexity.errors import ProviderError, ProviderRefused, ProviderUnavailable
from codexity.ports import LanguageModel, Message
from llamacpp import llamacpp
from servers.openai import ENDLESS, OpenAIServer
from tiny_gguf import Tiny, make

WORD = {"type": "string", "maxLength": 20}
SCHEMA = {
    "type": "object",
    "properties": {"queries": {"type": "array", "items": WORD, "maxItems": 2}},
    "required": ["queries"],
}
LONG = {
    "type": "object",
    "properties": {"text": {"type": "string", "minLength": 8_000}},
    "required": ["text"],
}
"""What no model is done with before these tests are; `{}` allows an empty object, which is."""
ASKED = (Message(role="user", content="how does the with statement work"),)
FOREVER = (Message(role="user", content=ENDLESS),)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rig:
    """A model server: where it is, what it takes, and whether it works on something right now."""

    base_url: str
    name: str
    key: str
    busy: Callable[[], bool]

    def model(self, client: httpx2.AsyncClient, **changes: Any) -> OpenAIModel:
        usual: dict[str, Any] = {"base_url": self.base_url, "api_key": self.key}
        return OpenAIModel(model=self.name, client=client, **(usual | changes))


@contextmanager
def ours(_folder: Path) -> Generator[Rig]:
    def say(question: str) -> str:
        return '{"queries": ["one"]}' if "JSON" in question else "some words of an answer " * 20

    with OpenAIServer(say, pause=0.002) as server:

        def busy() -> bool:
            with urlopen(f"{server.url}/slots", timeout=5) as reply:
                return any(slot["is_processing"] for slot in json.loads(reply.read()))

        yield Rig(base_url=server.base_url, name=server.model, key=server.key, busy=busy)


@contextmanager
def real(folder: Path) -> Generator[Rig]:
    # It never ends by itself, and 8,000 tokens take it longer than any of these tests waits.
    path = make(folder / "tiny.gguf", Tiny(end_bias=-30))
    with llamacpp(path, key="secret", slots=1) as server:
        yield Rig(
            base_url=server.base_url,
            name=server.model,
            key="secret",
            busy=lambda: server.busy() > 0,
        )


SERVERS = {"ours": ours, "llama.cpp": real}


@pytest.fixture(scope="module", params=SERVERS)
def rig(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Generator[Rig]:
    with SERVERS[request.param](tmp_path_factory.mktemp("model")) as started:
        yield started


@pytest.fixture
async def client() -> AsyncGenerator[httpx2.AsyncClient]:
    async with httpx2.AsyncClient(trust_env=False) as opened:
        yield opened


async def becomes(busy: Callable[[], bool], wanted: bool) -> bool:
    """Polls until the server is as wanted; False when it is not within thirty seconds."""
    with anyio.move_on_after(30):
        while await anyio.to_thread.run_sync(busy) is not wanted:
            await anyio.sleep(0.005)
        return True
    return False


async def read(model: LanguageModel, messages: Sequence[Message], most: int) -> list[str]:
    async with model.write(messages, max_tokens=most) as writing:
        return [piece async for piece in writing]


async def fails(asking: Awaitable[object]) -> ProviderError:
    with pytest.raises(ProviderError) as caught:
        await asking
    assert "127.0.0.1" not in caught.value.message
    assert "secret" not in caught.value.message + caught.value.detail
    return caught.value


async def test_a_reply_comes_in_pieces_that_are_never_empty(
    rig: Rig, client: httpx2.AsyncClient
) -> None:
    async with rig.model(client).write(ASKED, max_tokens=60) as writing:
        pieces = [piece async for piece in writing]
        assert writing.usage is not None
        assert writing.usage.completion_tokens == 60
        assert writing.usage.prompt_tokens > 0
    assert len(pieces) > 10
    assert all(pieces)
    assert pieces[0] == pieces[0].lstrip()


async def test_a_reply_that_ends_at_its_limit_is_cut_off(
    rig: Rig, client: httpx2.AsyncClient
) -> None:
    async with rig.model(client).write(ASKED, max_tokens=3) as writing:
        assert [piece async for piece in writing]
        assert writing.cut_off
    assert rig.model(client).name == rig.name


@pytest.mark.parametrize("how", ["leave", "cancel", "fail"])
async def test_leaving_the_block_frees_the_server(
    rig: Rig, client: httpx2.AsyncClient, how: str
) -> None:
    assert await becomes(rig.busy, wanted=False)
    told = anyio.Event()

    async def listen() -> None:
        async with rig.model(client).write(FOREVER, max_tokens=8_000) as writing:
            heard = 0
            async for _ in writing:
                heard += 1
                if heard == 10:
                    told.set()
                    if how == "leave":
                        break
                    if how == "fail":
                        raise LookupError

    with anyio.fail_after(20):
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(swallow, listen)
            await told.wait()
            tasks.cancel_scope.cancel()
    assert await becomes(rig.busy, wanted=False)


async def swallow(work: Callable[[], Awaitable[None]]) -> None:
    with suppress(LookupError):
        await work()


async def test_while_its_reader_stays_the_server_is_busy(
    rig: Rig, client: httpx2.AsyncClient
) -> None:
    async with rig.model(client).write(FOREVER, max_tokens=8_000) as writing:
        heard = 0
        async for _ in writing:
            heard += 1
            if heard % 20 == 0:
                assert await anyio.to_thread.run_sync(rig.busy)
            if heard == 200:
                break
    assert await becomes(rig.busy, wanted=False)


async def test_one_client_survives_many_readers_that_leave_early(
    rig: Rig, client: httpx2.AsyncClient
) -> None:
    model = rig.model(client)
    for _ in range(30):
        async with model.write(FOREVER, max_tokens=8_000) as writing:
            await anext(aiter(writing))
    assert await read(model, ASKED, 5)


async def test_a_reply_fits_its_schema(rig: Rig, client: httpx2.AsyncClient) -> None:
    asked = (Message(role="user", content="Reply in JSON"),)
    got = await rig.model(client).reply(asked, SCHEMA, max_tokens=2_000)
    assert list(got) == ["queries"]
    assert all(isinstance(query, str) for query in got["queries"])


async def test_a_cancelled_reply_frees_the_server(rig: Rig, client: httpx2.AsyncClient) -> None:
    ended: list[object] = []

    async def ask() -> None:
        ended.append(await rig.model(client).reply(FOREVER, LONG, max_tokens=8_000))

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(ask)
        assert await becomes(rig.busy, wanted=True)
        tasks.cancel_scope.cancel()
    assert await becomes(rig.busy, wanted=False)
    assert ended == []


async def test_a_wrong_key_is_unauthorized(rig: Rig, client: httpx2.AsyncClient) -> None:
    for key in ("wrong", None):
        model = rig.model(client, api_key=key)
        for failure in (
            await fails(read(model, ASKED, 5)),
            await fails(model.reply(ASKED, SCHEMA, max_tokens=5)),
        ):
            assert isinstance(failure, ProviderRefused)
            assert failure.code == "unauthorized"
    assert await read(rig.model(client), ASKED, 5)


async def test_a_wrong_address_below_the_server_is_told(
    rig: Rig, client: httpx2.AsyncClient
) -> None:
    failure = await fails(read(rig.model(client, base_url=f"{rig.base_url}/v2"), ASKED, 5))
    assert failure.code == "model_missing"
    assert "/v1" in failure.message
    assert await read(rig.model(client, base_url=f"{rig.base_url}/"), ASKED, 5)


async def test_a_question_too_long_for_the_context_is_told(
    rig: Rig, client: httpx2.AsyncClient
) -> None:
    long = (Message(role="user", content="word " * 9_000),)
    for failure in (
        await fails(read(rig.model(client), long, 5)),
        await fails(rig.model(client).reply(long, SCHEMA, max_tokens=5)),
    ):
        assert isinstance(failure, ProviderUnavailable)
        assert failure.code == "context_too_small"
    assert await read(rig.model(client), ASKED, 5)


async def test_nobody_listening_is_unreachable(rig: Rig, client: httpx2.AsyncClient) -> None:
    nobody = rig.model(client, base_url="http://127.0.0.1:1/v1")
    failure = await fails(read(nobody, ASKED, 5))
    assert isinstance(failure, ProviderUnavailable)
    assert failure.code == "unreachable"
    assert await read(rig.model(client), ASKED, 5)


async def test_words_of_any_kind_may_be_asked(rig: Rig, client: httpx2.AsyncClient) -> None:
    odd = (
        Message(role="system", content="日本語 \U0001f600"),
        Message(role="user", content='half a pair \ud83d, "quotes", \u2028 and \x00'),
    )
    assert await read(rig.model(client), odd, 5)


async def test_a_model_that_the_server_does_not_have_is_missing(
    client: httpx2.AsyncClient, tmp_path: Path
) -> None:
    # Of ours alone: a llama.cpp with one model answers by whatever name it is called.
    with ours(tmp_path) as rig:
        model = OpenAIModel(base_url=rig.base_url, model="other", client=client, api_key=rig.key)
        failure = await fails(read(model, ASKED, 5))
        assert isinstance(failure, ProviderRefused)
        assert failure.code == "model_missing"
        assert await read(rig.model(client), ASKED, 5)
