"""How large a context is said to be, by a real llama.cpp and others, and what is done about it."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Generator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest
from anyio.to_thread import run_sync

from asking import ask, models, shelved, text
from broken.setup import NOTHING
from codexity.adapters.llm.context import Context, context_of, enlarged
from codexity.adapters.llm.look import look_at
from codexity.compose.trials import examinations
from codexity.ports import Trial
from codexity.settings import load
from llamacpp import LlamaCpp, llamacpp
from servers.local import Asked, LocalServer, Reply
from smallweb.product import serving
from tiny_gguf import Tiny, make


@pytest.fixture
async def client() -> AsyncGenerator[httpx2.AsyncClient]:
    async with httpx2.AsyncClient(trust_env=False) as opened:
        yield opened


@pytest.fixture(scope="module", params=[1, 2, None], ids=["one slot", "two slots", "four share"])
def server(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Generator[LlamaCpp]:
    path = make(tmp_path_factory.mktemp("model") / "tiny.gguf", Tiny(end_bias=-30))
    with llamacpp(path, slots=request.param, context=2_048) as started:
        yield started


@contextmanager
def in_front(server: LlamaCpp, *opened: str) -> Generator[str]:
    """The address of what passes on these paths alone."""

    def answer(asked: Asked) -> Reply:
        if asked.path not in opened:
            return Reply(status=403)
        return Reply(pieces=(server.get(asked.path),))

    with LocalServer(answer) as passing:
        yield f"{passing.url}/v1"


async def test_a_llamacpp_says_its_context_with_and_without_its_props(
    server: LlamaCpp, client: httpx2.AsyncClient
) -> None:
    slots = len(json.loads(await run_sync(server.get, "/slots")))
    whole = await context_of(client, server.base_url, "tiny", {})
    assert whole == Context(kind="llama.cpp", tokens=2_048, slots=slots)
    with in_front(server, "/v1/models") as shut:
        assert await context_of(client, shut, "another name", {}) == Context(
            kind="llama.cpp", tokens=2_048
        )
        found = await look_at(client, shut, None, None, 5.0)
        assert found is not None
        assert (found.model, found.slots, found.context_tokens) == ("tiny", None, 2_048)
    with in_front(server, "/v1/chat") as shut:
        assert await context_of(client, shut, "tiny", {}) is None


META: tuple[dict[str, object], ...] = (
    {},
    {"meta": None},
    {"meta": []},
    {"meta": {}},
    {"meta": {"n_ctx": "2048"}},
    {"meta": 7},
    {"owned_by": "me", "meta": {"n_ctx": 2_048}},
)


@pytest.mark.parametrize("meta", META)
async def test_what_says_none_has_none(client: httpx2.AsyncClient, meta: dict[str, object]) -> None:
    listed = {"data": [{"id": "tiny", "owned_by": "llamacpp", **meta}]}

    def answer(asked: Asked) -> Reply:
        if asked.path != "/v1/models":
            return Reply(status=404)
        return Reply(pieces=(json.dumps(listed).encode(),))

    with LocalServer(answer) as said:
        assert await context_of(client, f"{said.url}/v1", "tiny", {}) is None


async def doctored(server: LlamaCpp, folder: Path, **limits: int) -> Trial:
    told = {**NOTHING, "LLM__BASE_URL": server.base_url, "DATA_DIR": str(folder)}
    told |= {f"LIMITS__{name.upper()}": str(value) for name, value in limits.items()}
    environ = {f"CODEXITY_{name}": value for name, value in told.items()}
    settings = (await run_sync(lambda: load(environ=environ, cwd=folder))).settings
    async with examinations(settings) as parts:
        [model] = [one for one in parts if one.part == "model"]
        return await model.examine()


async def test_doctor_tells_slots_that_may_share_from_one(server: LlamaCpp, tmp_path: Path) -> None:
    slots = len(json.loads(await run_sync(server.get, "/slots")))
    small = await doctored(server, tmp_path)
    assert small.ok is False
    assert f"`-c {5_120 * slots}" in small.mend
    enough = await doctored(server, tmp_path, evidence_tokens=1_000, answer_tokens=500)
    assert enough.ok is True
    for told in (small.mend, enough.said):
        assert ("share" in told) is (slots > 1)
    assert (f"-np {slots}" in small.mend) is (slots > 1)
    assert "`-c 5120`" in small.mend, "what is enough where they share"


@pytest.mark.parametrize(
    ("context", "words"),
    [
        (None, "a context of 5120"),
        (Context(kind="llama.cpp", tokens=2_048, slots=1), "`-c 5120`,"),
        (Context(kind="llama.cpp", tokens=2_048, slots=4), "`-c 20480 -np 4`"),
        (Context(kind="llama.cpp", tokens=2_048), "`-c 5120` for each"),
        (Context(kind="Ollama", tokens=2_048), "OLLAMA_CONTEXT_LENGTH=5120"),
        (Context(kind="vLLM", tokens=2_048), "--max-model-len 5120"),
        (Context(kind="vLLM", tokens=512), "--max-model-len 5120`."),
    ],
)
def test_the_mend_is_that_of_the_server(context: Context | None, words: str) -> None:
    mend = enlarged(context, 3_000, 1_024)
    assert words in mend
    has_room = context is not None and context.tokens == 2_048
    assert ("LIMITS__EVIDENCE_TOKENS=1024" in mend) is has_room
    assert ("LIMITS__ANSWER_TOKENS=512" in mend) is has_room


# --- whole runs -------------------------------------------------------------------


def page(number: int) -> str:
    """A long page about what is asked, unlike the others."""
    return " ".join(
        f"In place {number} and {at} a kestrel hovers by flying into wind of force {number * at}."
        for at in range(60)
    )


@pytest.mark.parametrize("known", [True, False])
def test_a_small_context_gets_an_answer_of_the_model_all_the_same(
    tmp_path: Path, known: bool
) -> None:
    statuses: list[int] = []
    path = make(tmp_path / "tiny.gguf", Tiny(end_bias=-30))
    shelved(tmp_path / "library", *map(page, range(1, 6)))
    with llamacpp(path, slots=1, context=2_048) as server:

        def answer(asked: Asked) -> Reply:
            if asked.method == "GET":
                return Reply(pieces=(server.get(asked.path),)) if known else Reply(status=404)
            url = f"{server.url}{asked.path}"
            got = httpx2.post(url, content=asked.body, trust_env=False, timeout=60)
            if "response_format" not in json.loads(asked.body):
                statuses.append(got.status_code)
            media_type = got.headers["content-type"]
            return Reply(status=got.status_code, media_type=media_type, pieces=(got.content,))

        with LocalServer(answer) as between:
            settings = {
                "CODEXITY_DATA_DIR": str(tmp_path / "library"),
                "CODEXITY_SEARCH__PROVIDERS": '["library"]',
                "CODEXITY_SEARCH__STARTER": "false",
                "CODEXITY_LLM__BASE_URL": f"{between.url}/v1",
                "CODEXITY_LLM__MODEL": "tiny",
                "CODEXITY_LIMITS__ANSWER_TOKENS": "64",
            }
            with serving(tmp_path, settings) as address:
                heard = ask(address)
    assert models(heard) == ["tiny"], "no answer in the sources' own sentences"
    assert text(heard)
    # Even where the size is known, how many tokens a text has is an estimate.
    assert statuses in ([400, 200], [200]) if known else statuses == [400, 200]
    why = [one.data["why"] for one in heard if one.data.get("code") == "context_too_small"]
    assert len(why) == statuses.count(400)
    assert all("2,048" in one for one in why)
