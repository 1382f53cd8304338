#!/bin/sh
# Blanks behind a field's value are part of it for httptools, and so for uvicorn's applications.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check httptools==0.9.0
"$folder/venv/bin/python" - <<'PROGRAM'
"""RFC 9112, 5: a field line is name, colon, optional whitespace, value, optional whitespace.

The whitespace on either side is no part of the value. httptools 0.9.0 (llhttp) takes it away in
front and leaves it behind, so that an id, a token or a media type is not equal to what was meant.
h11 takes both away: one application under one server sees another value by which of them is
installed.
"""

import sys

import httptools


class Heard:
    def on_header(self, name: bytes, value: bytes) -> None:
        fields[name] = value


fields: dict[bytes, bytes] = {}
httptools.HttpRequestParser(Heard()).feed_data(
    b"GET / HTTP/1.1\r\nHost: example.org\r\nLast-Event-ID:   7 \t \r\n\r\n"
)
print("httptools", httptools.__version__, "gives", fields[b"Last-Event-ID"])
sys.exit(0 if fields[b"Last-Event-ID"] == b"7 \t " else 1)
PROGRAM
