"""Why an encrypted connection does not come about is told truly: pages, model servers, searches."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable, Generator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass

import httpx2
import pytest

from codexity.adapters import tls
from codexity.adapters.fetch.guard import Guard
from codexity.adapters.fetch.http import HttpFetcher
from codexity.adapters.fetch.limits import FetchLimits
from codexity.adapters.llm.mends import Server, mended
from codexity.adapters.llm.openai import OpenAIModel
from codexity.adapters.search import searxng_mends
from codexity.adapters.search.searxng import Searxng
from codexity.errors import CodexityError, ProviderError
from codexity.model import Query
from codexity.ports import Message
from servers.encrypted import EncryptedServer, trusting
from servers.local import Asked, LocalServer, Reply
from servers.openai import events

ASKED = (Message(role="user", content="how"),)
GO = b"Client sent an HTTP request to an HTTPS server.\n"
NGINX = b"<h1>400 Bad Request</h1>The plain HTTP request was sent to HTTPS port"


def answer(asked: Asked) -> Reply:
    """As a page, as SearXNG, and as a model server."""
    if asked.path == "/search":
        return Reply(pieces=(b'{"results": []}',))
    if asked.path == "/v1/chat/completions":
        return Reply(media_type="text/event-stream", framing="chunked", pieces=events(["Yes"]))
    page = b"<!doctype html><title>A page</title><p>Hello</p>"
    return Reply(media_type="text/html", pieces=(page,))


def at_400(body: bytes) -> LocalServer:
    return LocalServer(lambda _: Reply(status=400, media_type="text/html", pieces=(body,)))


SERVERS: Mapping[str, Callable[[], LocalServer]] = {
    "good": lambda: EncryptedServer("good", answer),
    "self_signed": lambda: EncryptedServer("self_signed", answer),
    "expired": lambda: EncryptedServer("expired", answer),
    "early": lambda: EncryptedServer("early", answer),
    "other_name": lambda: EncryptedServer("other_name", answer),
    "unknown": lambda: EncryptedServer("unknown", answer),
    "old": lambda: EncryptedServer("good", answer, old=True),
    "plain": lambda: LocalServer(answer),
    "go": lambda: at_400(GO),
    "nginx": lambda: at_400(NGINX),
}
WORDS = {
    "self_signed": "its certificate is signed by itself, and this machine does not trust it.",
    "expired": "its certificate has expired.",
    "early": "its certificate is not valid yet.",
    "other_name": "its certificate is for another name.",
    "unknown": "its certificate is signed by nobody whom this machine trusts.",
    "old": "it speaks no TLS as new as 1.2.",
    "plain": "it does not speak TLS at that port.",
}
TRUST = " If it is yours, have this machine trust it, or name its file in SSL_CERT_FILE."
ONLY_TLS = "it speaks TLS at that port, and the address begins with http://."
REVERSED = ("go", "nginx")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rig:
    """The three that ask, at an address; the client is theirs."""

    client: httpx2.AsyncClient
    fetcher: HttpFetcher
    addresses: Mapping[str, str]

    async def page(self, url: str) -> None:
        await self.fetcher.fetch(f"{url}/page")

    async def model(self, url: str) -> None:
        model = OpenAIModel(base_url=f"{url}/v1", model="words", client=self.client)
        async with model.write(ASKED, max_tokens=5) as writing:
            assert [piece async for piece in writing] == ["Yes"]

    async def searxng(self, url: str) -> None:
        service = Searxng(url, self.client, timeout_seconds=30)
        assert not await service.search(Query(text="how"), limit=3)


@pytest.fixture(scope="module")
def addresses() -> Generator[Mapping[str, str]]:
    with ExitStack() as stack:
        urls = {name: stack.enter_context(make()).url for name, make in SERVERS.items()}
        urls["plain"] = urls["plain"].replace("http://", "https://")
        yield urls


@pytest.fixture
async def rig(addresses: Mapping[str, str]) -> AsyncGenerator[Rig]:
    async def resolver(_host: str, _port: int) -> Sequence[str]:
        return ("127.0.0.1",)

    allowed = frozenset(url.partition("//")[2] for url in addresses.values())
    async with (
        httpx2.AsyncClient(verify=trusting(), trust_env=False) as client,
        HttpFetcher(
            version="1",
            contact="https://example.org",
            guard=Guard(allow_hosts=allowed, resolver=resolver),
            limits=FetchLimits(total_seconds=30, robots=False),
            tls=trusting,
        ) as fetcher,
    ):
        yield Rig(client=client, fetcher=fetcher, addresses=addresses)


async def fails(asking: Awaitable[object]) -> CodexityError:
    with pytest.raises(CodexityError) as caught:
        await asking
    assert "127.0.0.1" not in caught.value.message
    return caught.value


async def test_with_a_certificate_that_is_trusted_all_of_them_read(rig: Rig) -> None:
    """The control."""
    for ask in (rig.page, rig.model, rig.searxng):
        await ask(rig.addresses["good"])


@pytest.mark.parametrize(("name", "words"), WORDS.items(), ids=WORDS)
async def test_what_is_wrong_with_the_encryption_is_said(rig: Rig, name: str, words: str) -> None:
    begins = {
        rig.page: "The site cannot be read over TLS: ",
        rig.model: "The model server cannot be reached: ",
        rig.searxng: "SearXNG cannot be reached: ",
    }
    for ask, begin in begins.items():
        error = await fails(ask(rig.addresses[name]))
        is_untrusted = "trust" in words and ask == rig.page
        assert error.message == begin + words + (TRUST if is_untrusted else "")
        assert getattr(error, "code", None) == "unreachable"


@pytest.mark.parametrize("name", REVERSED)
async def test_a_server_of_tls_that_is_asked_without_it_is_told(rig: Rig, name: str) -> None:
    for ask in (rig.model, rig.searxng):
        error = await fails(ask(rig.addresses[name]))
        assert error.message.endswith(ONLY_TLS)
    page = await fails(rig.page(rig.addresses[name]))
    assert page.message == "The site answered 400 (Bad Request)."


@pytest.mark.parametrize("name", [*WORDS, *REVERSED])
async def test_doctor_has_a_mend_for_each(rig: Rig, name: str) -> None:
    url = rig.addresses[name]
    error = await fails(rig.model(url))
    assert isinstance(error, ProviderError)
    server = Server(base_url=f"{url}/v1", model="words", api_key=None, candidates=())
    trial = await mended(error, server, rig.client)
    fault = tls.told_of(error.message)
    assert fault is not None
    assert (trial.ok, trial.mend) == (False, fault.mended("LLM__BASE_URL", server.base_url))
    refused = await fails(rig.searxng(url))
    assert isinstance(refused, ProviderError)
    asked = searxng_mends.Asked(url=url, client=rig.client, without="X=1")
    assert await searxng_mends.mended(refused, asked) == fault.mended("SEARXNG__URL", url)


@pytest.mark.parametrize("name", ["good", "expired", "unknown"])
async def test_doctor_looks_whether_one_that_hangs_up_speaks_tls(rig: Rig, name: str) -> None:
    url = rig.addresses[name].replace("https://", "http://")
    error, refused = await fails(rig.model(url)), await fails(rig.searxng(url))
    assert isinstance(error, ProviderError)
    assert isinstance(refused, ProviderError)
    server = Server(base_url=f"{url}/v1", model="words", api_key=None, candidates=())
    right = url.replace("http://", "https://")
    mend = f"Ask it over TLS:\n    CODEXITY_LLM__BASE_URL={right}/v1"
    assert (await mended(error, server, rig.client)).mend == mend
    asked = searxng_mends.Asked(url=url, client=rig.client, without="X=1")
    mend = f"Ask it over TLS:\n    CODEXITY_SEARXNG__URL={right}"
    assert await searxng_mends.mended(refused, asked) == mend


async def test_a_server_that_is_not_there_is_told_as_before(rig: Rig) -> None:
    """The control: not all that is unreachable is a matter of TLS."""
    with LocalServer() as gone:
        url = gone.url
    error = await fails(rig.model(url))
    assert isinstance(error, ProviderError)
    assert "check that it runs" in error.message
    server = Server(base_url=f"{url}/v1", model="words", api_key=None, candidates=())
    assert "Start the model server there" in (await mended(error, server, rig.client)).mend
