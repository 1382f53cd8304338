"""A reader that stops taking while its run goes on: neither the run nor the others wait for it."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from serving import installed, serving, until
from sockets import SMALLEST, events_of, send_queue, wired
from upstreams import Upstreams

TOKENS = 450
TOKEN = "kestrel " * 250
SEND_SECONDS = 1


def test_one_that_takes_no_more_is_dropped_while_the_model_still_writes(tmp_path: Path) -> None:
    settings = {
        "LIMITS__MAX_ANSWER_CHARS": 1_000_000,
        "LIMITS__MAX_UNREAD_EVENTS": 1_000_000,
        "STREAM__SEND_SECONDS": SEND_SECONDS,
    }
    with (
        Upstreams(count=TOKENS, text=TOKEN, endless=False, pause=0.01) as up,
        serving(installed(tmp_path), **{**up.settings, **settings}) as server,
        wired(server.url, receive_buffer=SMALLEST) as stalled,
        wired(server.url) as reading,
    ):
        asked = server.client.post(f"{server.url}/runs", json={"question": "a kestrel"})
        run = asked.json()["run"]
        for wire in (stalled, reading):
            wire.request(f"/runs/{run}/events", accept="text/event-stream")
        stalled.read_until(b"\nevent: token\n")
        port = urlsplit(server.url).port or 0

        def dropped() -> bool:
            reading.read_what_is_there()  # or it would be one that takes no more itself
            return send_queue(port, stalled.port) is None

        until(dropped, "dropped", 60)
        assert server.get(f"/runs/{run}").json()["status"] == "running"
        up.ends.set()
        reading.read_until(b"\nevent: done\n")
        reading.read_until(b"\n\n\r\n0\r\n")
        stalled.read_to_the_end()
        taken, told = list(events_of(stalled.seen)), list(events_of(reading.seen))
        assert [one.seq for one in told] == list(range(1, len(told) + 1))
        assert 0 < len(taken) < len(told)
        assert [one.data for one in taken] == [one.data for one in told[: len(taken)]]
        rest = server.get(f"/runs/{run}/events", {"Last-Event-ID": taken[-1].id}).text
        assert rest.count("\nevent: ") == len(told) - len(taken)
        assert [line["event"] for line in server.log() if line["level"] != "info"] == []
