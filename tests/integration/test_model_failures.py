"""What a person is told, and still given, when the model server fails; and when it rewords."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Callable, Generator, Iterator
from pathlib import Path

import httpx2
import pytest

from asking import QUESTION, Said, ask, library, models, skipped, text
from servers.local import Asked, LocalServer, Reply
from servers.openai import event, events, failure, whole
from smallweb.product import serving

WORDS = ("It flies", " into the wind [1]", " and keeps", " its head still [2].")
SAID = "".join(WORDS)
REWRITE_SECONDS = 0.5
FIRST_TOKEN_SECONDS = 1.0


class Model:
    """A model server that does one thing for writing and another for rewording."""

    def __init__(self, server: LocalServer) -> None:
        self.server = server
        self.write: Callable[[], Reply] = lambda: stream(*events(WORDS))
        self.reword: Callable[[], Reply] = lambda: failure(500, "Not now.", "server_error")
        server.answer = self.answer

    def answer(self, asked: Asked) -> Reply:
        return self.reword() if "response_format" in json.loads(asked.body) else self.write()


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Generator[tuple[LocalServer, str]]:
    folder = tmp_path_factory.mktemp("served")
    with LocalServer() as server:
        settings = {
            **library(folder),
            "CODEXITY_LLM__BASE_URL": f"{server.url}/v1",
            "CODEXITY_LLM__MODEL": "words-1",
            "CODEXITY_LLM__API_KEY": "sk-secret",
            "CODEXITY_LIMITS__FIRST_TOKEN_SECONDS": str(FIRST_TOKEN_SECONDS),
            "CODEXITY_LIMITS__REWRITE_SECONDS": str(REWRITE_SECONDS),
        }
        with serving(folder, settings) as address:
            yield server, address


@pytest.fixture
def model(served: tuple[LocalServer, str]) -> Model:
    return Model(served[0])


@pytest.fixture
def address(served: tuple[LocalServer, str]) -> str:
    return served[1]


def stream(*pieces: bytes) -> Reply:
    return Reply(media_type="text/event-stream", framing="chunked", pieces=pieces)


def told_nothing_of_this_installation(heard: list[Said]) -> bool:
    return not any(secret in str(heard) for secret in ("127.0.0.1", "sk-secret", "Traceback"))


# --- before the first token -------------------------------------------------------


def quoted(heard: list[Said]) -> bool:
    """Whether the answer is made of the sources' own sentences, and says so."""
    return (
        models(heard)[-1] is None
        and "exactly the speed of the wind. [" in text(heard)
        and heard[-1].data["status"] == "completed"
        and "error" not in {one.name for one in heard}
    )


UNKNOWN = "The model `words-1` does not exist."
FULL = "This model's maximum context length is 512 tokens."
REFUSALS = {
    "unauthorized": lambda: failure(401, "Incorrect API key provided.", "invalid_api_key"),
    "model_missing": lambda: failure(404, UNKNOWN, "model_not_found"),
    "quota": lambda: failure(429, "You exceeded your quota.", "insufficient_quota"),
    "context_too_small": lambda: failure(400, FULL, "context_length_exceeded"),
    "bad_reply": lambda: Reply(media_type="text/html", pieces=(b"<h1>It works!</h1>",)),
    "unreachable": lambda: failure(503, "Loading model", "unavailable_error"),
    "timeout": lambda: Reply(hold=True),
}


@pytest.mark.parametrize(("code", "refusal"), REFUSALS.items(), ids=REFUSALS)
def test_a_model_that_fails_before_its_first_token_is_replaced_by_quotations(
    model: Model, address: str, code: str, refusal: Callable[[], Reply]
) -> None:
    heard = ask(address)
    assert (models(heard), text(heard)) == (["words-1"], SAID)
    assert skipped(heard, "write") == []

    model.write = refusal
    heard = ask(address)
    assert models(heard) == ["words-1", None]
    assert skipped(heard, "write") == [code]
    assert quoted(heard)
    assert told_nothing_of_this_installation(heard)


def test_a_model_that_says_nothing_is_replaced_by_quotations(model: Model, address: str) -> None:
    model.write = lambda: stream(*events((" ", "\n", "[7]")))
    heard = ask(address)
    assert skipped(heard, "write") == ["bad_reply"]
    assert quoted(heard)


def test_a_stream_that_begins_and_then_hangs_is_given_up_at_the_deadline(
    model: Model, address: str
) -> None:
    first = b"".join(events(())).split(b"\n\n")[0] + b"\n\n"
    model.write = lambda: Reply(
        media_type="text/event-stream", framing="chunked", pieces=(first,), hold_at_end=True
    )
    begin = time.monotonic()
    heard = ask(address)
    assert skipped(heard, "write") == ["timeout"]
    assert quoted(heard)
    assert FIRST_TOKEN_SECONDS <= time.monotonic() - begin < 10 * FIRST_TOKEN_SECONDS


def test_a_model_server_that_is_not_there_is_replaced_by_quotations(
    served: tuple[LocalServer, str], tmp_path: Path
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    settings = {
        **library(tmp_path / "of"),
        "CODEXITY_LLM__BASE_URL": f"http://127.0.0.1:{port}/v1",
        "CODEXITY_LLM__MODEL": "words-1",
    }
    with serving(tmp_path, settings) as address:
        heard = ask(address)
    assert skipped(heard, "write") == ["unreachable"]
    assert quoted(heard)
    assert told_nothing_of_this_installation(heard)


# --- in the middle ----------------------------------------------------------------


def half() -> Iterator[bytes]:
    yield event({"delta": {"role": "assistant"}})
    yield from (event({"delta": {"content": word}}) for word in WORDS[:2])


BREAKS = {
    "closed": lambda: Reply(
        media_type="text/event-stream",
        framing="chunked",
        pieces=half(),
        cut_at=len(b"".join(half())),
    ),
    "error in the stream": lambda: stream(
        *half(), b'data: {"error": {"message": "Compute error."}}\n\n'
    ),
    "nonsense": lambda: stream(*half(), b"data: {nonsense}\n\n"),
    "silence": lambda: Reply(
        media_type="text/event-stream", framing="chunked", pieces=half(), hold_at_end=True
    ),
}


@pytest.mark.parametrize("broken", BREAKS.values(), ids=BREAKS)
def test_what_was_said_is_kept_when_a_model_breaks_in_the_middle(
    model: Model, address: str, broken: Callable[[], Reply]
) -> None:
    model.write = broken
    heard = ask(address)
    assert text(heard) == "".join(WORDS[:2])
    assert models(heard) == ["words-1"]
    assert skipped(heard, "write") == ["cut_off"]
    assert [one.name for one in heard[-2:]] == ["error", "done"]
    assert (heard[-2].data["code"], heard[-2].data["retryable"]) == ("model_failed", True)
    assert heard[-1].data["status"] == "failed"
    assert told_nothing_of_this_installation(heard)

    run = heard[0].data["run"]
    kept = httpx2.get(f"{address}/runs/{run}", trust_env=False).json()
    assert (kept["answer"], kept["status"]) == ("".join(WORDS[:2]), "failed")


@pytest.mark.parametrize("finish", ["length", "content_filter"])
def test_an_answer_that_is_stopped_by_a_limit_or_a_filter_is_an_answer_and_says_so(
    model: Model, address: str, finish: str
) -> None:
    usage = {"prompt_tokens": 7, "completion_tokens": 4}
    model.write = lambda: stream(*events(WORDS, finish=finish, usage=usage))
    heard = ask(address)
    assert text(heard) == SAID
    assert skipped(heard, "write") == ["cut_off"]
    assert heard[-1].data["status"] == "completed"
    assert heard[-1].data["usage"] == usage


# --- rewording --------------------------------------------------------------------


def queries(heard: list[Said]) -> list[list[str]]:
    return [one.data["queries"] for one in heard if one.data.get("step") == "queries_ready"]


OWN = [QUESTION, "kestrel hover one place"]


def reworded(content: str) -> Reply:
    return Reply(pieces=(json.dumps(whole(content)).encode(),))


def test_a_models_queries_join_the_questions_own(model: Model, address: str) -> None:
    more = ["kestrel hovering flight", "why birds hover"]
    model.reword = lambda: reworded(json.dumps({"queries": more}))
    assert queries(ask(address)) == [OWN, [*OWN, *more]]
    # Prose and a fence around the object are taken off.
    model.reword = lambda: reworded('Sure:\n```json\n{"queries": ["kestrel hovering"]}\n```')
    assert queries(ask(address)) == [OWN, [*OWN, "kestrel hovering"]]


@pytest.mark.parametrize(
    "content",
    ["", "Sorry.", '{"queries": ["kestrel', '{"queries": "kestrel"}', '{"queries": []}', "[1]"],
)
def test_a_broken_rewording_is_dropped(model: Model, address: str, content: str) -> None:
    model.reword = lambda: reworded(content)
    heard = ask(address)
    assert queries(heard) == [OWN]
    assert text(heard) == SAID


def test_a_late_rewording_is_dropped_and_not_waited_for(model: Model, address: str) -> None:
    model.reword = lambda: Reply(hold=True)
    begin = time.monotonic()
    heard = ask(address)
    spent = time.monotonic() - begin
    assert queries(heard) == [OWN]
    assert text(heard) == SAID
    assert REWRITE_SECONDS <= spent < REWRITE_SECONDS + 5
    asked = [one for one in model.server.asked if b'"response_format"' in one.body]
    assert asked[-1].left.wait(5), "the model server still works on it"
