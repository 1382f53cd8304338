"""How pending events become writes, and what is told of a run that is gone."""

from __future__ import annotations

import json
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as some

from codexity.edges.http.sse import RETRY, gone, start, writes
from codexity.ports import Entries

RUN = "0123456789abcdef" * 2
MOST = 64 * 1024


ID = len("id: -1\n") + len(RUN)
"""What an id takes in a stream, for numbers of one figure."""


def _block(size: int, letter: bytes = b"x") -> bytes:
    """A block that takes so many bytes with its id."""
    return letter * (size - ID)


def _writes(head: bytes, *sizes: int) -> list[int]:
    blocks = [_block(size) for size in sizes]
    return [len(one) for one in writes(head, RUN.encode(), Entries(1, blocks))]


def test_the_first_event_goes_alone_and_at_once_with_the_head() -> None:
    assert _writes(b"head\n", 100, 200, 300) == [105, 500]
    assert _writes(b"", 100, 200, 300) == [600]
    assert _writes(b"head\n", 100) == [105]


@pytest.mark.parametrize(
    ("sizes", "sent"),
    [
        ([MOST - 9], [MOST - 9]),
        ([MOST - 200, 100], [MOST - 100]),
        ([MOST, 100], [MOST, 100]),
        ([100, MOST], [100, MOST]),
        ([100, MOST + 1, 100], [100, MOST + 1, 100]),
        ([MOST // 2 - 9] * 5, [MOST - 18, MOST - 18, MOST // 2 - 9]),
        ([100_000, 100_000], [100_000, 100_000]),
    ],
    ids=["just", "filled", "one-more", "one-before", "larger", "halves", "two-larger"],
)
def test_a_write_holds_sixty_four_kibibytes_or_one_event(
    sizes: Sequence[int], sent: Sequence[int]
) -> None:
    assert _writes(b"", *sizes) == sent


@given(
    some.binary(max_size=20).filter(lambda head: b"id: " not in head),
    some.lists(some.integers(1, 90_000), min_size=1, max_size=12),
)
def test_writes_are_the_events_in_their_order_and_never_parted(
    head: bytes, sizes: list[int]
) -> None:
    blocks = [bytes([65 + number]) * size for number, size in enumerate(sizes)]
    sent = list(writes(head, RUN.encode(), Entries(7, blocks)))

    each = [b"id: %b-%d\n%b" % (RUN.encode(), 7 + at, one) for at, one in enumerate(blocks)]
    assert b"".join(sent) == head + b"".join(each)
    assert all(len(one) <= MOST + len(head) or one.count(b"id: ") == 1 for one in sent)
    ends = [sum(map(len, each[:n])) + len(head) for n in range(len(each) + 1)]
    assert {sum(map(len, sent[: n + 1])) for n in range(len(sent))} <= set(ends)


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
