"""Requests that no two programs may read differently, and heads that have no end."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from serving import Server, installed, serving, until
from sockets import Wire, resident, wired

HEALTH = b"GET /health HTTP/1.1\r\n"
POST = b"POST /runs HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
HOST = b"Host: 127.0.0.1\r\n"
CLOSE = b"Connection: close\r\n\r\n"
UPGRADE = b"Connection: Upgrade\r\nUpgrade: h2c\r\n"
OK = b'{"status":"ok"}'
KIB = 1024
ENDLESS_BYTES = 16 * 1024 * KIB
GROWN_BYTES = 1_000_000
SECONDS = 30
HASTE = 0.5
KEY = "a-long-random-key"


@pytest.fixture(scope="module")
def keyed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with a key, that waits half a second for what else may take ten."""
    deadlines = {"CONNECTIONS__HEAD_SECONDS": HASTE, "CONNECTIONS__FIRST_BYTE_SECONDS": HASTE}
    keys = {"SERVER__API_KEYS": {"a": KEY}, "SEARCH__STARTER": False}
    with serving(installed(tmp_path_factory.mktemp("keyed")), **deadlines, **keys) as server:
        yield server


def told(server: Server, *pieces: bytes) -> tuple[int, str]:
    """The status and the code with which a connection that sends this is answered, and closed.

    A client that is cut off while it sends has still got its answer.
    """
    with wired(server.url) as wire:
        try:
            for piece in pieces:
                wire.socket.sendall(piece)
        except (BrokenPipeError, ConnectionResetError):
            pass
        return refusal(wire)


def bounds_met(server: Server) -> list[str]:
    return [line["bound"] for line in server.log() if line["event"] == "bound met"]


def refusal(wire: Wire) -> tuple[int, str]:
    seen = wire.read_to_the_end(SECONDS)
    head, _, body = seen.partition(b"\r\n\r\n")
    assert head.count(b"HTTP/1.1 ") == 1, seen
    return int(head.split()[1]), json.loads(body).get("code", "")


def head(*, fields: int, size: int) -> bytes:
    """A head of so many fields and bytes."""
    few = HEALTH + HOST + b"X: 1\r\n" * (fields - 3) + b"Y: %b\r\n" + CLOSE
    return few % (b"y" * (size - len(few) + 2))


REFUSED = [
    (HEALTH + HOST + HOST + CLOSE, HEALTH + HOST + CLOSE),
    (HEALTH + b"Host: localhost\r\n" + HOST + CLOSE, HEALTH + b"Host: localhost\r\n" + CLOSE),
    (HEALTH + CLOSE, HEALTH + HOST + CLOSE),
    (HEALTH + b"Host:\r\n" + CLOSE, HEALTH + b"Host: \t127.0.0.1 \t \r\n" + CLOSE),
    (HEALTH + b"Host: me@127.0.0.1\r\n" + CLOSE, HEALTH + b"Host: [::1]\r\n" + CLOSE),
    (HEALTH + b"Host: me:it@127.0.0.1\r\n" + CLOSE, HEALTH + b"Host: [::1]:1\r\n" + CLOSE),
    (HEALTH + b"Host: 127.0.0.1/health\r\n" + CLOSE, HEALTH + b"Host: LOCALHOST\r\n" + CLOSE),
    (HEALTH + b"Host: 127.0.0.1?\r\n" + CLOSE, HEALTH + b"Host: localhost.\r\n" + CLOSE),
    (HEALTH + b"Host: 127.0.0.1 localhost\r\n" + CLOSE, HEALTH + HOST + CLOSE),
    (HEALTH + b"Host: 127.0.0.1:\r\n" + CLOSE, HEALTH + b"Host: 127.0.0.1:80\r\n" + CLOSE),
    (HEALTH + b"Host: 127.0.0.1:http\r\n" + CLOSE, HEALTH + b"Host: 127.0.0.1:1\r\n" + CLOSE),
    (HEALTH + b"Host: 127.0.0.1:65536\r\n" + CLOSE, HEALTH + b"Host: 127.0.0.1:65535\r\n" + CLOSE),
    (HEALTH + b"Host: [::1\r\n" + CLOSE, HEALTH + b"Host: [fe80::1]\r\n" + CLOSE),
    (HEALTH + b"Host: [1.2]\r\n" + CLOSE, HEALTH + b"Host: 192.168.1.7\r\n" + CLOSE),
    (HEALTH + b"Host: l\xc3\xb6calhost\r\n" + CLOSE, HEALTH + HOST + CLOSE),
    (
        HEALTH + HOST + b"Origin: http://localhost\r\norigin: http://a.example\r\n" + CLOSE,
        HEALTH + HOST + b"Origin: http://localhost\r\n" + CLOSE,
    ),
    (
        HEALTH + HOST + b"Authorization: a\r\nAuthorization: b\r\n" + CLOSE,
        HEALTH + HOST + b"Authorization: a\r\n" + CLOSE,
    ),
    (HEALTH + b"Host : 127.0.0.1\r\n" + CLOSE, HEALTH + HOST + CLOSE),
    (HEALTH + HOST + b"X: a\r\n b\r\n" + CLOSE, HEALTH + HOST + b"X: a b\r\n" + CLOSE),
    (HEALTH + HOST + b"X: a\0b\r\n" + CLOSE, HEALTH + HOST + b"X: a\tb\r\n" + CLOSE),
    (HEALTH + b"Host: 127.0.0.1\n" + CLOSE, HEALTH + HOST + CLOSE),
    (HEALTH + b"Host: 127.0.0.1\rX: 1\r\n" + CLOSE, HEALTH + HOST + b"X: 1\r\n" + CLOSE),
    (
        b"GET http://elsewhere.example/health HTTP/1.1\r\n" + HOST + CLOSE,
        b"GET http://127.0.0.1/health HTTP/1.1\r\n" + HOST + CLOSE,
    ),
    (
        b"GET http://127.0.0.1:81/health HTTP/1.1\r\n" + HOST + CLOSE,
        b"GET http://127.0.0.1:80/health HTTP/1.1\r\n" + HOST + CLOSE,
    ),
    (
        b"GET http://me@127.0.0.1/health HTTP/1.1\r\n" + HOST + CLOSE,
        b"GET HTTP://LOCALHOST/health HTTP/1.1\r\nHost: localhost\r\n" + CLOSE,
    ),
    (b"GET ftp://127.0.0.1/health HTTP/1.1\r\n" + HOST + CLOSE, HEALTH + HOST + CLOSE),
    (b"GET /health#a HTTP/1.1\r\n" + HOST + CLOSE, b"GET /health?%23 HTTP/1.1\r\n" + HOST + CLOSE),
    (b"CONNECT 127.0.0.1:80 HTTP/1.1\r\n" + HOST + CLOSE, HEALTH + HOST + CLOSE),
    (b"OPTIONS * HTTP/1.1\r\n" + HOST + CLOSE, HEALTH + HOST + CLOSE),
    (b"GET health HTTP/1.1\r\n" + HOST + CLOSE, HEALTH + HOST + CLOSE),
    (b"GET /health HTTP/1.2\r\n" + HOST + CLOSE, HEALTH + HOST + CLOSE),
    (b"GET /health HTTP/2.0\r\n" + HOST + CLOSE, HEALTH + HOST + CLOSE),
    (b"GET /health HTTP/0.9\r\n" + HOST + CLOSE, b"GET /health HTTP/1.0\r\n" + HOST + CLOSE),
    (b"GET /health\r\n\r\n", HEALTH + HOST + CLOSE),
    (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", HEALTH + HOST + CLOSE),
    (
        HEALTH + HOST + UPGRADE + b"Content-Length: 5\r\n\r\nhello",
        HEALTH + HOST + UPGRADE + b"Content-Length: 0\r\n\r\n",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("bad", "good"), REFUSED, ids=lambda one: one.decode("latin-1")[:60])
def test_what_can_be_read_in_two_ways_is_refused(server: Server, bad: bytes, good: bytes) -> None:
    assert told(server, bad) == (400, "bad_request")
    assert told(server, good) == (200, "")


@pytest.mark.parametrize(
    "bad",
    [
        POST.replace(b"/1.1", b"/1.0") + b"Transfer-Encoding: chunked\r\n",
        POST + b"Transfer-Encoding: gzip, chunked\r\n",
        POST + b"Transfer-Encoding: gzip\r\n",
        POST + b"Transfer-Encoding: identity\r\n",
        POST + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
        POST + b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n",
        POST + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
        POST + b"Content-Length: 5\r\nContent-Length: 6\r\n",
        POST + b"Content-Length: +5\r\n",
        POST + b"Content-Type: text/plain\r\nTransfer-Encoding: chunked\r\n",
    ],
)
def test_a_body_has_one_beginning_and_one_end(server: Server, bad: bytes) -> None:
    assert told(server, bad + CLOSE + b"0\r\n\r\n") == (400, "bad_request")
    for good in (b"Transfer-Encoding: Chunked\r\n", b"Content-Length: 5\r\n"):
        assert told(server, POST + good + CLOSE + b"0\r\n\r\n") == (422, "bad_question")


def test_another_protocol_is_not_spoken_and_nothing_behind_the_wish_is_read(server: Server) -> None:
    for wish in (UPGRADE, UPGRADE.replace(b"h2c", b"websocket")):
        with wired(server.url) as wire:
            wire.socket.sendall(HEALTH + HOST + wish + b"\r\n" + HEALTH + HOST + b"\r\n")
            assert wire.read_to_the_end(SECONDS).count(OK) == 1
    with wired(server.url) as wire:
        wire.socket.sendall(HEALTH + HOST + b"\r\n" + HEALTH + HOST + CLOSE)
        assert wire.read_to_the_end(SECONDS).count(OK) == 2


def test_what_stands_behind_a_body_is_no_field_of_the_request(keyed: Server) -> None:
    question, key = b'{"question": "what"}', b"Authorization: Bearer " + KEY.encode()
    chunked = b"Transfer-Encoding: chunked\r\n%bConnection: close\r\n\r\n14\r\n%b\r\n0\r\n%b\r\n"
    late = POST + chunked % (b"", question, key + b"\r\n")
    assert told(keyed, late) == (401, "unauthorized")
    assert told(keyed, POST + chunked % (key + b"\r\n", question, b"X: 1\r\n"))[0] == 201


TWICE = HEALTH + HOST + HOST + CLOSE


@pytest.mark.parametrize("bad", [TWICE, b"nonsense\r\n\r\n", head(fields=101, size=KIB)])
def test_a_refusal_is_never_read_as_the_answer_to_the_request_before(
    server: Server, bad: bytes
) -> None:
    for before in (HEALTH + HOST + b"\r\n", POST + b"Content-Length: 2\r\n\r\n{}"):
        with wired(server.url) as wire:
            wire.socket.sendall(before + bad)
            assert b"HTTP/1.1 4" not in wire.read_to_the_end(SECONDS)
    with wired(server.url) as wire:
        wire.socket.sendall(HEALTH + HOST + b"\r\n")
        wire.read_until(OK)
        wire.socket.sendall(bad)
        answers = wire.read_to_the_end(SECONDS).split(b"HTTP/1.1 ")[1:]
        assert [one[:1] for one in answers] == [b"2", b"4"]


# --- heads without end ------------------------------------------------------------


def test_a_head_of_64_kib_and_100_fields_is_read_and_no_larger_one(server: Server) -> None:
    assert told(server, head(fields=99, size=60 * KIB)) == (200, "")
    assert told(server, head(fields=100, size=64 * KIB)) == (200, "")
    too_large = (431, "head_too_large")
    assert told(server, head(fields=101, size=60 * KIB)) == too_large
    assert told(server, head(fields=99, size=65 * KIB)) == too_large
    # Blanks before a value are no part of what the parser hands on.
    assert told(server, HEALTH + HOST + b"X: " + b" " * 65 * KIB + b"1\r\n" + CLOSE) == too_large
    assert told(server, b"GET /%b HTTP/1.1\r\n" % (b"a" * 65 * KIB) + HOST + CLOSE) == too_large
    # One that does not end is not waited for.
    assert told(server, head(fields=99, size=66 * KIB)[: 65 * KIB]) == too_large


def test_the_head_of_a_request_behind_another_is_bounded_too(server: Server) -> None:
    for size, seen in ((60 * KIB, (b" 200 ", b" 200 ")), (65 * KIB, (b" 200 ", b" 431 "))):
        with wired(server.url) as wire:
            wire.socket.sendall(HEALTH + HOST + b"\r\n")
            wire.read_until(OK)
            wire.socket.sendall(head(fields=5, size=size))
            answers = wire.read_to_the_end(SECONDS).split(b"HTTP/1.1")[1:]
            assert tuple(one[:5] for one in answers) == seen


def test_the_fields_behind_a_body_are_bounded_too(server: Server) -> None:
    begun = POST + b"Transfer-Encoding: chunked\r\n" + CLOSE + b"2\r\n{}\r\n0\r\n"
    assert told(server, begun + b"X: 1\r\n" * 90 + b"\r\n") == (422, "bad_question")
    assert told(server, begun + b"X: 1\r\n" * 101) == (431, "head_too_large")
    assert told(server, begun, b"X: " + b"1" * 300 * KIB) == (431, "head_too_large")
    # Between the size of a piece and its beginning may stand as much.
    assert told(server, begun.removesuffix(b"0\r\n"), b"2;" + b"1" * 300 * KIB)[0] == 431


def test_a_head_without_end_is_answered_early_and_costs_nothing(keyed: Server) -> None:
    def endless() -> None:
        piece = b"a" * (ENDLESS_BYTES // 16)
        assert told(keyed, HEALTH + HOST + b"X: ", *[piece] * 16) == (431, "head_too_large")

    endless()  # once, so that what the process keeps for the next is not counted
    before = resident(keyed.process.pid)
    for _ in range(3):
        endless()
    assert resident(keyed.process.pid) - before < GROWN_BYTES
    until(lambda: bounds_met(keyed).count("bytes of a head") == 1, "told")


# --- what takes too long ----------------------------------------------------------


def test_a_head_that_does_not_come_in_time_is_408(keyed: Server) -> None:
    assert told(keyed, HEALTH) == (408, "head_timeout")
    assert told(keyed, HEALTH + HOST, CLOSE) == (200, "")
    with wired(keyed.url) as wire:
        wire.socket.sendall(HEALTH + HOST + b"\r\n")
        wire.read_until(OK)
        wire.seen = b""
        wire.socket.sendall(HEALTH)
        assert refusal(wire) == (408, "head_timeout")
    until(lambda: bounds_met(keyed).count("connections.head_seconds") == 1, "told")


def test_a_connection_that_says_nothing_is_closed_and_one_that_has_asked_may_rest(
    keyed: Server,
) -> None:
    with wired(keyed.url) as resting, wired(keyed.url) as silent, wired(keyed.url) as blank:
        resting.socket.sendall(HEALTH + HOST + b"\r\n")
        resting.read_until(OK)
        blank.socket.sendall(b"\r\n")
        assert silent.read_to_the_end(SECONDS) == b""
        assert blank.read_to_the_end(SECONDS) == b""
        resting.seen = b""
        resting.socket.sendall(HEALTH + HOST + b"\r\n")
        resting.read_until(OK)


def test_the_rest_of_a_body_that_was_answered_is_not_waited_for(keyed: Server) -> None:
    with wired(keyed.url) as wire:
        wire.socket.sendall(POST + b"Content-Length: 100\r\n\r\n{")
        wire.read_until(b'"code":"unauthorized"')
        wire.read_to_the_end(SECONDS)
    with wired(keyed.url) as wire:
        wire.socket.sendall(POST + b"Content-Length: 2\r\n\r\n{}" + HEALTH + HOST + CLOSE)
        assert wire.read_until(OK)
