"""What `GET /search` sends, and that programs of three kinds can read it."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx2
import pytest

from servers.local import LocalServer, Reply
from serving import NONSENSE, STEPS, WITH, Heard, Server, heard, installed, serving, until

SHELL_LOOP = """
set -euo pipefail
curl -sN "$1" | while IFS= read -r line; do
  case $line in
    "data: "*) "$2" -m json.tool <<< "${line#data: }" ;;
  esac
done
"""


@pytest.fixture
def answered(server: Server) -> Heard:
    return server.ask(WITH)


def in_order(run: Heard) -> None:
    """What holds of every run."""
    assert [event.id for event in run.events] == [
        f"{run.run}-{seq}" for seq in range(1, len(run.events) + 1)
    ]
    assert re.fullmatch("[0-9a-f]{32}", run.run)
    assert run.events[0].data == {"step": "rewriting_query", "run": run.run, "protocol": 1}
    assert [event.name for event in run.events].count("done") == 1
    assert run.events[-1].name == "done"
    assert run.events[-1].data["run"] == run.run
    assert run.events[-1].data["seconds"]["total"] > 0


def test_an_answer_s_events_come_in_the_contract_s_order(answered: Heard) -> None:
    in_order(answered)
    assert answered.steps() == STEPS
    names = [event.name for event in answered.events]
    assert names.index("sources_preview") < names.index("page") < names.index("sources")
    assert names.index("sources") < names.index("token")
    assert names.count("sources") == 1
    assert "error" not in names
    assert answered.status == "completed"
    assert answered.events[-1].data["usage"] is None
    assert answered.events[-1].data["reason"] is None
    pages = answered.named("page")
    assert all(page.keys() == {"url", "title", "chars", "via"} for page in pages)
    [preview] = answered.named("sources_preview")
    assert preview["count"] >= len(preview["urls"]) > 0
    [queries] = [s["queries"] for s in answered.named("status") if s["step"] == "queries_ready"]
    assert WITH in queries


def test_the_with_statement_is_answered_from_its_reference(answered: Heard) -> None:
    assert "context manager" in answered.text
    assert "starter collection" in answered.text
    [reference] = [
        source for source in answered.sources if source["url"].endswith("/starter/topic-with")
    ]
    assert f"[{reference['index']}]" in answered.text
    indexes = [source["index"] for source in answered.sources]
    assert indexes == list(range(1, len(indexes) + 1))
    assert {int(n) for n in re.findall(r"\[(\d+)\]", answered.text)} <= set(indexes)
    for source in answered.sources:
        assert source.keys() == {"index", "title", "url", "site", "published", "quote", "link"}
        assert source["link"].startswith(source["url"] + "#:~:text=")


def test_each_sentence_is_followed_by_its_claim_and_the_snapshot_has_them(
    server: Server, answered: Heard
) -> None:
    said = ""
    claims: list[dict[str, Any]] = []
    for event in answered.events:
        if event.name == "token":
            said += event.data["text"]
        elif event.name == "claim":
            assert event.data["end"] == len(said)
            assert re.fullmatch(r".+ \[\d\]", said[event.data["start"] :], re.DOTALL)
            claims.append(event.data)
    assert said.startswith("Nothing else was found")
    assert len(claims) == len(re.findall(r"\[\d\]", said)) > 0
    assert answered.events[-1].data["claims"] == {"quoted": len(claims)}
    whole = server.get(f"/runs/{answered.run}").json()
    assert (whole["answer"], whole["claims"]) == (said, claims)
    quoted = [(one["text"], one["link"]) for claim in claims for one in claim["quotes"]]
    assert all((one["quote"], one["link"]) in quoted for one in whole["sources"])

    first = next(event.id for event in answered.events if event.name == "claim")
    path = f"/runs/{answered.run}/events"
    again = server.get(path, headers={"Last-Event-ID": first}).text
    assert again.count("event: claim") == len(claims) - 1


def test_nothing_found_is_an_error_and_then_done(server: Server) -> None:
    run = server.ask(NONSENSE)
    in_order(run)
    assert [event.name for event in run.events[-2:]] == ["error", "done"]
    [error] = run.named("error")
    assert (error["code"], error["message"]) == ("no_results", "No search results found")
    assert error["retryable"] is False
    assert {tried["what"] for tried in error["tried"]} == {"library", "starter"}
    assert run.status == "no_evidence"
    assert not run.named("token")
    assert [one["code"] for one in run.named("skipped")] == ["no_results", "no_results"]


def test_the_first_event_is_small_alone_and_says_when_to_come_back(server: Server) -> None:
    with server.client.stream("GET", f"{server.url}/search", params={"q": WITH}) as response:
        pieces = response.iter_raw()
        first = next(pieces)
        rest = b"".join(pieces)
    assert first.startswith(b"retry: 2000\nid: ")
    assert first.endswith(b"\n\n")
    assert first.count(b"\n\n") == 1
    assert len(first) < 512
    assert b"retry" not in rest.replace(b'"retryable"', b"")
    headers = dict(response.headers)
    assert headers["content-type"] == "text/event-stream; charset=utf-8"
    assert headers["cache-control"] == "no-cache, no-store, no-transform"
    assert headers["x-accel-buffering"] == "no"
    assert headers["content-encoding"] == "identity"
    assert not headers.keys() & {"connection", "content-length"}


def test_each_event_is_three_lines_and_a_blank_one(server: Server) -> None:
    body = server.get(f"/search?q={quote(WITH)}").content
    assert not re.search(rb"\r|\xc2\x85|\xe2\x80[\xa8\xa9]", body)
    for block in body.removeprefix(b"retry: 2000\n").removesuffix(b"\n\n").split(b"\n\n"):
        assert re.fullmatch(rb"id: [0-9a-f]{32}-\d+\nevent: [a-z_]+\ndata: \{.*\}", block)


def test_a_shell_loop_prints_it(server: Server) -> None:
    url = f"{server.url}/search?q={quote(NONSENSE)}"
    loop = subprocess.run(
        ["bash", "-c", SHELL_LOOP, "loop", url, sys.executable],
        capture_output=True, text=True, check=False, timeout=30,
    )  # fmt: skip
    assert loop.returncode == 0, loop.stderr
    decoder = json.JSONDecoder()
    rest = loop.stdout.strip()
    objects: list[dict[str, object]] = []
    while rest:
        found, end = decoder.raw_decode(rest)
        objects.append(found)
        rest = rest[end:].lstrip()
    assert objects[0]["step"] == "rewriting_query"
    assert objects[-1]["status"] == "no_evidence"
    assert '    "step": "rewriting_query"' in loop.stdout


async def test_a_line_by_line_program_reads_it(server: Server) -> None:
    name, answer, last = "", "", ""
    async with (
        httpx2.AsyncClient(timeout=30) as client,
        client.stream("GET", f"{server.url}/search", params={"q": WITH}) as response,
    ):
        async for line in response.aiter_lines():
            if line.startswith("event:"):
                last = name = line[7:]
            elif line.startswith("data:") and name == "token":
                answer += json.loads(line[6:])["text"]
    assert "context manager" in answer
    assert last == "done"


def test_what_waits_for_a_slow_search_is_kept_awake(tmp_path: Path) -> None:
    with (
        LocalServer(lambda _: Reply(hold=True)) as search,
        serving(
            installed(tmp_path),
            SEARCH__PROVIDERS=["searxng"],
            SEARXNG__URL=search.url,
            SEARCH__STARTER=False,
            STREAM__FIRST_HEARTBEAT_SECONDS=1,
            LIMITS__SEARCH_SECONDS=2.5,
        ) as server,
    ):
        told = heard(server.get("/search?q=anything").text).events
    beats = [event for event in told if event.name == "heartbeat"]
    assert len(beats) == 2
    for before, event in pairwise(told):
        if event.name == "heartbeat":
            assert (event.id, event.data) == (before.id, {})
        else:
            assert event.seq == before.seq + 1
    assert [event.data["code"] for event in told if event.name == "skipped"] == ["timeout"]
    assert told[-1].data["status"] == "no_evidence"


@pytest.mark.parametrize("how", ["header", "parameter"])
def test_who_comes_back_hears_the_rest(server: Server, how: str) -> None:
    run = server.ask(NONSENSE)
    path, headers = {
        "header": ("/search?q=again", {"Last-Event-ID": f"{run.run}-2"}),
        "parameter": (f"/search?q=again&last_event_id={run.run}-2", {}),
    }[how]
    back = server.get(path, headers)
    assert back.status_code == 200
    assert heard(back.text).events == run.events[2:]
    nothing_but(server, run)


@pytest.mark.parametrize("how", ["header", "parameter", "odd header", "without a question"])
def test_who_has_heard_all_or_says_nothing_known_is_told_to_stay_away(
    server: Server, how: str
) -> None:
    run = server.ask(NONSENSE)
    path, headers = {
        "header": ("/search?q=again", {"Last-Event-ID": run.events[-1].id}),
        "parameter": (f"/search?q=again&last_event_id={run.events[-1].id}", {}),
        "odd header": ("/search?q=again", {"Last-Event-ID": "-5; what?"}),
        "without a question": ("/search?last_event_id=", {}),
    }[how]
    back = server.get(path, headers)
    assert (back.status_code, back.content) == (204, b"")
    nothing_but(server, run)


def nothing_but(server: Server, run: Heard) -> None:
    """Nothing was started since this run but the control that is asked here."""
    control = server.ask(NONSENSE)
    until(lambda: control.run in server.ended_runs(), "logged")
    assert server.ended_runs()[-2:] == [run.run, control.run]
