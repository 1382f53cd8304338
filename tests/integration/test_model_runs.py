"""Whole runs with a real llama.cpp behind a tap: citations stay clean, leaving stops the model."""

from __future__ import annotations

import json
import re
import statistics
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import httpx2
import pytest

from asking import QUESTION, Said, ask, asking, library, text
from llamacpp import LlamaCpp, llamacpp
from servers.local import Asked, LocalServer, Reply
from smallweb.product import serving
from smallweb.questions import cases
from smallweb.web import SmallWeb, small_web
from tap import Exchange, Tap
from tiny_gguf import Tiny, make

NUMBER = re.compile(r"\[\d+\]")
RIGHT = re.compile(r"\[[12]\]")
INVENTED = re.compile(r"\[[345]\]")
ENDLESS = Tiny(end_bias=-30)
"""It writes until it is stopped or has reached its length limit."""
ANSWER_TOKENS = 200
FREE_SECONDS = 2.0
RUNS_ON_SECONDS = 5.0
LEAVINGS = 5
CONTEXT = 100_000


def settings(base_url: str, **more: str) -> dict[str, str]:
    return {
        "CODEXITY_SEARCH__PROVIDERS": '["library"]',
        "CODEXITY_SEARCH__STARTER": "false",
        "CODEXITY_LLM__BASE_URL": base_url,
        "CODEXITY_LLM__MODEL": "tiny",
        "CODEXITY_LLM__TEMPERATURE": "1",
        **more,
    }


# --- the questions of the small web ----------------------------------------------


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallWeb]:
    with small_web(tmp_path_factory.mktemp("web")) as opened:
        yield opened


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A question, what the model server sent for it, and what the client heard."""

    question: str
    stream: Exchange
    heard: list[Said]


def of_the_web(web: SmallWeb, base_url: str) -> dict[str, str]:
    return settings(
        base_url,
        CODEXITY_SEARCH__PROVIDERS='["searxng"]',
        CODEXITY_SEARXNG__URL=web.search.url,
        CODEXITY_FETCH__ALLOW_HOSTS=json.dumps([web.host]),
        CODEXITY_LIMITS__ANSWER_TOKENS=str(ANSWER_TOKENS),
        # Parsing the documentation and reading the prompt are most of the time; a page more than
        # the two sources, and a part of each, are enough.
        CODEXITY_LIMITS__MAX_PAGES="3",
        CODEXITY_LIMITS__MAX_QUERIES="2",
        CODEXITY_LIMITS__EVIDENCE_TOKENS="600",
    )


@pytest.fixture(scope="module", params=[4, pytest.param(1, marks=pytest.mark.soak)])
def written(
    request: pytest.FixtureRequest, web: SmallWeb, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Written, ...]:
    """To every fourth question, since each costs seconds; `make soak` asks them all."""
    asked = [case.question for case in cases()][:: request.param]
    folder = tmp_path_factory.mktemp("written")
    with (
        llamacpp(make(folder / "tiny.gguf", ENDLESS)) as model,
        Tap(model.url) as tap,
        serving(folder, of_the_web(web, f"{tap.url}/v1")) as address,
    ):
        heard = ask_all(address, asked)
    assert len(heard) == len(asked) >= 20 // request.param
    streams = by_question(tap)
    return tuple(
        Written(question=one, stream=streams[one], heard=said) for one, said in heard.items()
    )


def ask_all(address: str, questions: Sequence[str]) -> dict[str, list[Said]]:
    """What is heard to each question, two of them asked at a time."""
    with ThreadPoolExecutor(2) as pool:
        heard = pool.map(partial(ask, address, max_sources=2), questions)
        return dict(zip(questions, heard, strict=True))


def by_question(tap: Tap) -> dict[str, Exchange]:
    """What went through the tap for each question, which is no more than once."""
    streams = [(asked_in(one.request), one) for one in tap.answers()]
    assert len(streams) == len(dict(streams))
    return dict(streams)


def asked_in(body: dict[str, Any]) -> str:
    """The question in a request to write its answer."""
    return body["messages"][-1]["content"].rpartition("Question: ")[2]


@pytest.mark.system
def test_no_number_that_names_no_source_reaches_the_wire(written: tuple[Written, ...]) -> None:
    for one in written:
        assert INVENTED.search(one.stream.said()), "the model invented nothing: this shows nothing"
        assert set(NUMBER.findall(text(one.heard))) <= {"[1]", "[2]"}
        assert one.heard[-1].data["status"] == "completed"
    # What is right stays; few are so entangled with wrong ones that they go with them.
    said = sum(len(RIGHT.findall(one.stream.said())) for one in written)
    kept = sum(len(RIGHT.findall(text(one.heard))) for one in written)
    assert kept > 0.9 * said > 0


@pytest.mark.system
def test_a_stream_cut_at_every_byte_gives_the_same(
    web: SmallWeb, written: tuple[Written, ...], tmp_path: Path
) -> None:
    said = {one.question: one.stream.reply for one in written}

    def replay(asked: Asked) -> Reply:
        data = said[asked_in(json.loads(asked.body))]
        pieces = (data[at : at + 7] for at in range(0, len(data), 7))
        return Reply(media_type="text/event-stream", framing="chunked", pieces=pieces)

    with (
        LocalServer(replay) as server,
        Tap(server.url, piece=1) as tap,
        serving(tmp_path, of_the_web(web, f"{tap.url}/v1")) as address,
    ):
        heard = ask_all(address, [one.question for one in written])
    streams = by_question(tap)
    for one in written:
        assert streams[one.question].said() == one.stream.said()
        assert text(heard[one.question]) == text(one.heard)


# --- leaving ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Rig:
    """A server of Codexity over a small library, and the model server behind it."""

    address: str
    model: LlamaCpp

    def free_after(self, seconds: float = FREE_SECONDS) -> float | None:
        """How long it took until no slot was busy; None when one still was after so long."""
        begin = time.monotonic()
        while (spent := time.monotonic() - begin) < seconds:
            if not self.model.busy():
                return spent
        return None


@pytest.fixture(scope="module")
def rig(tmp_path_factory: pytest.TempPathFactory) -> Generator[Rig]:
    folder = tmp_path_factory.mktemp("leaving")
    path = make(folder / "tiny.gguf", ENDLESS)
    with llamacpp(path, slots=1, context=CONTEXT) as model, Tap(model.url) as tap:
        endless = settings(
            f"{tap.url}/v1",
            **library(folder),
            CODEXITY_LIMITS__ANSWER_TOKENS=str(CONTEXT),
            CODEXITY_LIMITS__MAX_ANSWER_CHARS="1000000",
        )
        with serving(folder, endless) as address:
            yield Rig(address=address, model=model)


def tokens(events: Iterator[Said], count: int) -> None:
    """Listens until so many pieces of the answer have come."""
    for one in events:
        count -= one.name == "token"
        if not count:
            return
    raise AssertionError("the answer ended")


def test_a_client_that_stays_keeps_the_slot_busy(rig: Rig) -> None:
    with asking(rig.address, QUESTION) as events:
        tokens(events, 10)
        begin = time.monotonic()
        assert rig.free_after() is None
        while time.monotonic() - begin < RUNS_ON_SECONDS:
            tokens(events, 1)
        assert rig.model.busy() == 1


def test_leaving_at_the_tenth_token_frees_the_slot(
    rig: Rig, record_property: Callable[[str, object], None]
) -> None:
    spent: list[float] = []
    for _ in range(LEAVINGS):
        with asking(rig.address, QUESTION) as events:
            tokens(events, 10)
            assert rig.model.busy() == 1
        free = rig.free_after()
        assert free is not None
        spent.append(free)
    record_property("median_seconds_until_free", statistics.median(spent))


def test_a_stop_is_answered_once_the_slot_is_free(rig: Rig) -> None:
    for _ in range(LEAVINGS):
        with asking(rig.address, QUESTION) as events:
            run = next(events).data["run"]
            tokens(events, 10)
            assert rig.model.busy() == 1
            stopped = httpx2.delete(f"{rig.address}/runs/{run}", trust_env=False, timeout=10)
            assert rig.free_after() is not None
            assert stopped.json()["status"] == "cancelled"
            *_, last = events
        assert (last.name, last.data["status"]) == ("done", "cancelled")
