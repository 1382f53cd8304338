"""How pending events become writes, and what is told of a run that is gone."""

from __future__ import annotations

import json
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as some

from codexity.edges.http.sse import RETRY, gone, joined, start

RUN = "0123456789abcdef" * 2
MOST = 64 * 1024


def _writes(head: bytes, *pieces: bytes) -> list[bytes]:
    return list(joined(head, pieces))


def test_the_first_event_goes_alone_and_at_once_with_the_head() -> None:
    assert _writes(b"head\n", b"a", b"b", b"c") == [b"head\na", b"bc"]
    assert _writes(b"", b"a", b"b", b"c") == [b"abc"]
    assert _writes(b"head\n", b"a") == [b"head\na"]


def test_nothing_pending_is_no_write() -> None:
    assert _writes(b"") == []
    assert _writes(b"head\n") == [b"head\n"]


@pytest.mark.parametrize(
    ("sizes", "writes"),
    [
        ([MOST], [MOST]),
        ([MOST - 1, 1], [MOST]),
        ([MOST, 1], [MOST, 1]),
        ([1, MOST], [1, MOST]),
        ([1, MOST + 1, 1], [1, MOST + 1, 1]),
        ([MOST // 2] * 5, [MOST, MOST, MOST // 2]),
        ([100_000, 100_000], [100_000, 100_000]),
        ([1_000] * 100, [65_000, 35_000]),
    ],
    ids=["just", "filled", "one-more", "one-before", "larger", "halves", "two-larger", "many"],
)
def test_a_write_holds_sixty_four_kibibytes_or_one_event(
    sizes: Sequence[int], writes: Sequence[int]
) -> None:
    assert [len(one) for one in _writes(b"", *(b"x" * size for size in sizes))] == writes


@given(some.binary(max_size=20), some.lists(some.integers(1, 90_000), max_size=12))
def test_writes_are_the_pieces_in_their_order_and_never_parted(
    head: bytes, sizes: list[int]
) -> None:
    pieces = [bytes([65 + number]) * size for number, size in enumerate(sizes)]
    writes = _writes(head, *pieces)

    assert b"".join(writes) == head + b"".join(pieces)
    assert all(len(one) <= MOST or len(set(one.removeprefix(head))) == 1 for one in writes)
    ends = [sum(map(len, pieces[:n])) + len(head) for n in range(len(pieces) + 1)]
    assert {sum(map(len, writes[: n + 1])) for n in range(len(writes))} <= set(ends)


def test_of_a_run_that_is_gone_an_error_and_its_end_are_told_under_the_number_zero() -> None:
    told = gone(RUN)
    assert told.startswith(RETRY)
    assert told.endswith(b"\n\n")
    blocks = [
        dict(line.split(": ", 1) for line in block.splitlines())
        for block in told.removeprefix(RETRY).decode("ascii").strip().split("\n\n")
    ]
    assert [(one["id"], one["event"]) for one in blocks] == [
        (f"{RUN}-0", "error"),
        (f"{RUN}-0", "done"),
    ]
    error, done = (json.loads(one["data"]) for one in blocks)
    assert (error["code"], error["retryable"]) == ("run_gone", True)
    assert (done["status"], done["run"]) == ("interrupted", RUN)
    assert b"\r" not in told


def test_proxies_are_told_to_pass_a_stream_on_as_it_is() -> None:
    for identity in (True, False):
        message = start(identity=identity)
        headers = dict(message["headers"])
        assert message["status"] == 200
        assert headers[b"content-type"] == b"text/event-stream; charset=utf-8"
        assert headers[b"cache-control"] == b"no-cache, no-store, no-transform"
        assert headers[b"x-accel-buffering"] == b"no"
        assert headers.get(b"content-encoding") == (b"identity" if identity else None)
        assert not {b"connection", b"content-length"} & headers.keys()
