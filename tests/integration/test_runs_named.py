"""Runs that their clients name: a key begins one run, however often it is sent."""

from __future__ import annotations

import threading
from pathlib import Path

import httpx2
import pytest

from asking import QUESTION
from cutting import (
    SAID,
    begun,
    nothing_started,
    over,
    post,
    settings,
)
from servers.openai import OpenAIServer
from serving import Server, installed, problem, serving, until

Installed = tuple[Server, OpenAIServer]


def test_a_key_begins_one_run_also_after_a_restart(tmp_path: Path) -> None:
    with OpenAIServer(lambda _: SAID) as model:
        named = settings(tmp_path, model)
        body = {"question": QUESTION, "max_sources": 2}
        key = {"Idempotency-Key": "my-own-key"}
        with serving(installed(tmp_path), **named) as server:
            first = post(server, body, key)
            assert first.status_code == 201
            again = post(server, body, key)
            assert (again.status_code, again.json()) == (201, first.json())
            assert again.headers["location"] == first.headers["location"]
            over(server, first.json()["run"])
            assert post(server, body, key).json() == first.json()
        with serving(tmp_path, **named) as server:
            assert post(server, body, key).json() == first.json()
            for other in ({"max_sources": 3}, {"question": "Another?"}, {"on_leave": "stop"}):
                refused = post(server, body | other, key)
                problem(refused, 422, "bad_question")
                assert refused.json()["detail"][0]["loc"] == ["header", "Idempotency-Key"]
            assert len(model.bodies) == 1
            other = post(server, body, {"Idempotency-Key": "another"})
            assert other.json()["run"] != first.json()["run"]
            assert post(server, body).json()["run"] != first.json()["run"]
            until(lambda: len(model.bodies) == 3, "asked")


def test_two_at_once_with_one_key_begin_one_run(idle: Installed) -> None:
    server, _ = idle
    before = len(server.ended_runs())
    runs: list[str] = []

    def ask() -> None:
        key = {"Idempotency-Key": "at-once"}
        response = httpx2.post(
            f"{server.url}/runs", json={"question": QUESTION}, headers=key, timeout=60
        )
        runs.append(response.json()["run"])

    threads = [threading.Thread(target=ask) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(runs) == 10
    assert len(set(runs)) == 1
    over(server, runs[0])
    assert server.ended_runs()[before:] == runs[:1]


@pytest.mark.parametrize("key", ["", "a b", "k" * 256, "\u00e9", "a\tb"])
def test_a_key_that_is_none_is_refused(idle: Installed, key: str) -> None:
    server = idle[0]
    with nothing_started(*idle):
        headers = {b"Idempotency-Key": key.encode(), b"Content-Type": b"application/json"}
        response = server.client.post(
            f"{server.url}/runs", content=b'{"question": "x"}', headers=headers
        )
        problem(response, 422, "bad_question")
    over(server, begun(server, {"Idempotency-Key": "k" * 255}))
