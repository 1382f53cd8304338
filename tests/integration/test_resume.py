"""Coming back: over a wire that cuts anywhere, and with ids of every kind."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from urllib.parse import quote

import anyio
import pytest

from asking import QUESTION
from cutting import (
    SAID,
    Reading,
    listen,
    open_cutter,
    patient,
    settings,
    to_the_end,
)
from servers.openai import OpenAIServer
from serving import Server, installed, serving
from tap import Tap

WORDS = (
    "kestrel",
    "wind",
    "東京",
    "세계",
    "\U0001f600\U0001f468\u200d\U0001f469",
    "naïve",
    "a\u2028b",
    "data:",
)
SPACES = (" ", "\n", "\n\n", " \n", "\u2028", "\t")
MOST_BYTES = 3_000


def answer_to(prompt: str) -> str:
    """Some words of its own for each question."""
    chance = random.Random(prompt.rpartition("Question: ")[2])
    words = (chance.choice(SPACES) + chance.choice(WORDS) for _ in range(120))
    return "Well:" + "".join(words)


@pytest.fixture
def model() -> Iterator[OpenAIServer]:
    with OpenAIServer(lambda _: SAID) as server:
        yield server


# --- over a wire that cuts --------------------------------------------------------


@pytest.mark.parametrize(
    ("runs", "cuts", "seed"),
    [(50, 200, 1), pytest.param(250, 1_000, 2, marks=pytest.mark.soak)],
)
async def test_whatever_is_cut_every_reader_has_the_whole_answer_once(
    tmp_path: Path, runs: int, cuts: int, seed: int
) -> None:
    readings: list[Reading] = []

    async def read(number: int, server: Server, address: str) -> None:
        question = QUESTION + "?" * number  # a number would have to be answered
        path = f"/search?q={quote(question)}"
        if number % 2:
            begun = await client.post(f"{server.url}/runs", json={"question": question})
            path = f"{begun.headers['location']}/events"
        reading = Reading(path=path)
        await to_the_end(client, address, reading)
        readings.append(reading)

    with (
        OpenAIServer(answer_to, pause=0.02, context=100_000) as model,
        Tap(model.url) as tap,
        serving(
            installed(tmp_path),
            **{**settings(tmp_path, model), "LLM__BASE_URL": f"{tap.url}/v1"},
            STREAM__RESUME_SECONDS=60,
            # So many at once have a slow model: none is to be given up for quotations.
            LIMITS__FIRST_TOKEN_SECONDS=120,
        ) as server,
    ):
        with anyio.fail_after(300):
            async with (
                patient() as client,
                open_cutter(server.url, seed=seed, wanted=cuts, most=MOST_BYTES) as cutter,
                anyio.create_task_group() as tasks,
            ):
                for number in range(runs):
                    tasks.start_soon(read, number, server, cutter.url)
        assert cutter.cuts == cuts
        said = [(one.request["messages"][-1]["content"], one.said()) for one in tap.answers()]
        snapshots = [server.get(f"/runs/{reading.run}").json() for reading in readings]
    assert len({reading.run for reading in readings}) == runs
    for reading, snapshot in zip(readings, snapshots, strict=True):
        assert reading.status == snapshot["status"] == "completed"
        assert snapshot["skipped"] == []
        assert reading.text == snapshot["answer"] == answer_to(snapshot["question"])
        asked = f"Question: {snapshot['question']}"
        assert reading.text in [text for prompt, text in said if prompt.endswith(asked)]
    assert sum(len(reading.back) for reading in readings) > cuts / 2
    assert sum(reading.halves for reading in readings) > cuts / 4


def test_a_reader_of_these_tests_notices_what_comes_twice_or_not(
    tmp_path: Path, model: OpenAIServer
) -> None:
    with serving(installed(tmp_path), **settings(tmp_path, model)) as server:
        whole = server.get(f"/search?q={quote(QUESTION)}").content
        for off in (0, -1, 1):
            reading = Reading(path="/search")
            reading.feed(whole[: whole.index(b"sources_preview")])
            reading.broke()
            assert (reading.status, reading.halves) == (None, 1)
            back = {"Last-Event-ID": f"{reading.run}-{len(reading.events) + off}"}
            rest = server.get("/search", back).content
            with pytest.raises(AssertionError, match="was due") if off else nullcontext():
                reading.feed(rest)
                assert (reading.status, reading.text) == ("completed", SAID)


async def test_a_reader_who_comes_back_in_time_keeps_the_run_alive(
    tmp_path: Path, model: OpenAIServer
) -> None:
    model.say, model.pause = answer_to, 0.03
    with serving(
        installed(tmp_path), **settings(tmp_path, model), STREAM__RESUME_SECONDS=30
    ) as server:
        reading = Reading(path=f"/search?q={quote(QUESTION)}")
        with anyio.fail_after(100):
            async with (
                patient() as client,
                open_cutter(server.url, seed=3, wanted=1, most=4_000) as cutter,
            ):
                while not reading.events:
                    await listen(client, cutter.url, reading)
                # Nobody reads; the model still writes.
                while len(running(server, reading.run)) < 200:
                    assert reading.status is None
                    await anyio.sleep(0.01)
                await to_the_end(client, cutter.url, reading)
        assert reading.status == "completed"
        assert reading.text == answer_to(QUESTION)


def running(server: Server, run: str) -> str:
    return server.get(f"/runs/{run}").json()["answer"]
