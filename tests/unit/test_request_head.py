"""What a client is told of a head that the parser cannot read: which rule it breaks."""

from __future__ import annotations

import json

import httptools
import pytest

from codexity.edges.http.request_head import unreadable

HEAD = b"POST / HTTP/1.1\r\nHost: a\r\n"


class Taking:
    """Takes what the parser finds."""

    def on_url(self, url: bytes) -> None:
        """Takes it."""

    def on_header(self, name: bytes, value: bytes) -> None:
        """Takes it."""


@pytest.mark.parametrize(
    ("sent", "says"),
    [
        (HEAD + b"Transfer-Encoding: gzip\r\n\r\n", "transfer coding here is chunked"),
        (HEAD + b"Transfer-Encoding: chunked, gzip\r\n\r\n", "transfer coding here is chunked"),
        (HEAD + b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n", "not both"),
        (HEAD + b"Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n", "not both"),
        (HEAD + b"Content-Length: 3\r\nContent-Length: 3\r\n\r\n", "one Content-Length"),
        (HEAD + b"Content-Length: three\r\n\r\n", "in digits"),
        (HEAD + b"X: a\r\n b\r\n\r\n", "none is folded"),
        (b"GET / HTTP/1.1\r\n X: a\r\n\r\n", "No space is before"),
        (b"GET / HTTP/1.1\r\nHost : a\r\n\r\n", "colon right behind it"),
        (HEAD + b"X: a\0b\r\n\r\n", "no control characters"),
        (b"GET / HTTP/1.1\nHost: a\n\n", "CR and LF"),
        (HEAD + b"X: a\n\r\n", "CR and LF"),
        (HEAD + b"X: a\rY: b\r\n\r\n", "CR and LF"),
        (HEAD + b"Content-Length: 99999999999999999999999\r\n\r\n", "in digits"),
        (HEAD + b"Content-Length: \r\n\r\n", "in digits"),
        (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "HTTP/1.1 and HTTP/1.0"),
        (b"GET / HTTP/9.9\r\n\r\n", "HTTP/1.1 and HTTP/1.0"),
        (b"\x16\x03\x01\x02\x00\x01", "HTTPS"),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n", "hexadecimal"),
    ],
)
def test_the_rule_that_is_broken_is_told(sent: bytes, says: str) -> None:
    with pytest.raises(httptools.HttpParserError) as met:
        httptools.HttpRequestParser(Taking()).feed_data(sent)
    told = unreadable(met.value)
    assert (told.status, told.code) == (400, "bad_request")
    assert says in told.message
    assert json.loads(told.response().partition(b"\r\n\r\n")[2])["message"] == told.message


def test_what_has_no_words_of_its_own_is_no_request() -> None:
    error = httptools.HttpParserError("what no version says yet")
    assert unreadable(error).message == "This is no request of HTTP/1.1."
    error.__context__ = RuntimeError("ours")
    assert unreadable(error).status == 500, "the control"
