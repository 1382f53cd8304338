"""What the head of a request has to be, so that no two programs can read it differently.

Sources: RFC 9112 (HTTP/1.1) sections 3.2, 6.1 and 11.2, RFC 9110 sections 5.3 and 7.2.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from functools import lru_cache
from http import HTTPStatus
from typing import Final

import httptools
import structlog

from codexity.edges.http.wire_refusals import BROKEN, WireRefusal, malformed

MAX_HEAD_BYTES: Final = 64 * 1024
"""Of request line and fields together, those behind a chunked body included."""
MAX_FIELDS: Final = 100

HEAD_TOO_LARGE: Final = WireRefusal(
    status=HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
    code="head_too_large",
    message=f"The head of a request has at most {MAX_HEAD_BYTES // 1024} KiB, cookies included.",
    bound="bytes of a head",
)
TOO_MANY_FIELDS: Final = WireRefusal(
    status=HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
    code="head_too_large",
    message=f"A request has at most {MAX_FIELDS} header fields.",
    bound="fields of a head",
)

_VERSIONS: Final = frozenset({"1.0", "1.1"})
_ONCE: Final = {
    b"host": "Host",
    b"origin": "Origin",
    b"authorization": "Authorization",
    b"content-length": "Content-Length",
    b"content-type": "Content-Type",
    b"sec-fetch-site": "Sec-Fetch-Site",
    b"transfer-encoding": "Transfer-Encoding",
}
"""Fields of which two programs could each believe another one."""
_AUTHORITY: Final = re.compile(
    rb"(?:(?P<name>[A-Za-z0-9._-]+)|\[(?P<six>[0-9A-Fa-f:.]+)\])(?::(?P<port>[0-9]{1,5}))?"
)
_ABSOLUTE: Final = re.compile(rb"(?P<scheme>https?)://(?P<authority>[^/?#]*)", re.IGNORECASE)
_USUAL_PORTS: Final = {b"http": b":80", b"https": b":443"}
_MAX_PORT: Final = 65_535

_CODING: Final = "The only transfer coding here is chunked."
_VERSION: Final = "This server speaks HTTP/1.1 and HTTP/1.0."
_TWO_LENGTHS: Final = "A request has Transfer-Encoding or Content-Length, not both."
_LENGTH: Final = "Content-Length is a number of bytes, in digits."
_LINE_END: Final = "Each line of a head ends with CR and LF."
_WHY: Final = {
    "Request has invalid `Transfer-Encoding`": _CODING,
    "Invalid `Transfer-Encoding` header value": _CODING,
    "Content-Length can't be present with Transfer-Encoding": _TWO_LENGTHS,
    "Transfer-Encoding can't be present with Content-Length": _TWO_LENGTHS,
    "Duplicate Content-Length": "A request has one Content-Length field, not several.",
    "Invalid character in Content-Length": _LENGTH,
    "Content-Length overflow": _LENGTH,
    "Empty Content-Length": _LENGTH,
    "Unexpected whitespace after header value": "A header field has one line: none is folded.",
    "Unexpected space after start line": "No space is before the first header field.",
    "Invalid header token": "A header field begins with its name, its colon right behind it.",
    "Invalid header value char": "The value of a header field has no control characters.",
    "Invalid character in chunk size": "A chunk begins with its size, in hexadecimal digits.",
    "Invalid HTTP version": _VERSION,
    "Expected CRLF after version": _LINE_END,
    "Missing expected CR after header value": _LINE_END,
    "Missing expected LF after header value": _LINE_END,
    "Pause on PRI/Upgrade": _VERSION,
    "Invalid method encountered": "This is no request of HTTP/1.1: it begins with a method, such as"
    " GET. Is HTTPS spoken to a port of HTTP?",
}
"""In our words, what the parser (llhttp) says that it met."""

_log = structlog.get_logger("codexity.http")

Fields = Iterable[tuple[bytes, bytes]]


def fields_problem(fields: Fields) -> str | None:
    """What is wrong with fields that another server has taken, or None; names are lower case."""
    found: dict[bytes, bytes] = {}
    return _once_problem(fields, found)


def head_problem(version: str, method: str, target: bytes, fields: Fields) -> str | None:
    """What is wrong with a head that was just read, or None; names are lower case."""
    if version not in _VERSIONS:
        return _VERSION
    found: dict[bytes, bytes] = {}
    problem = _once_problem(fields, found)
    if problem is not None:
        return problem
    host = found.get(b"host")
    if host is None and version == "1.1":
        return "A request of HTTP/1.1 has a Host field."
    if not target.startswith(b"/") or b"#" in target:
        return _target_problem(method, target, host)
    return _coding_problem(version, found) if b"transfer-encoding" in found else None


def origin_form(target: bytes) -> bytes:
    """The path and query of a target, which may have scheme and authority before them."""
    absolute = None if target.startswith(b"/") else _ABSOLUTE.match(target)
    if absolute is None:
        return target
    rest = target[absolute.end() :]
    return rest if rest.startswith(b"/") else b"/" + rest


def unreadable(error: httptools.HttpParserError) -> WireRefusal:
    """What is told where the parser could not go on; its context is what our side of it raised."""
    cause = error.__context__
    # A target that is none, or is not ASCII, is found to be so on our side.
    if cause is None or isinstance(cause, httptools.HttpParserError | ValueError):
        return malformed(_WHY.get(str(error), "This is no request of HTTP/1.1."))
    _log.error("request could not be read", exc_info=cause)
    return BROKEN


def _once_problem(fields: Fields, found: dict[bytes, bytes]) -> str | None:
    """What is wrong with the fields of which there is one; fills `found` with them."""
    for name, value in fields:
        if name in _ONCE:
            if name in found:
                return f"A request has one {_ONCE[name]} field, not several."
            found[name] = value
    host = found.get(b"host")
    if host is not None and not _is_authority(host.strip(b" \t")):
        return "The Host field is a name or an address, with a port if there is one: host:port."
    return None


def _target_problem(method: str, target: bytes, host: bytes | None) -> str | None:
    if method == "CONNECT":
        return "This server is no proxy: it does not CONNECT."
    if b"#" in target:
        return "The target of a request has no fragment."
    return _authority_problem(target, host)


def _authority_problem(target: bytes, host: bytes | None) -> str | None:
    absolute = _ABSOLUTE.match(target)
    if absolute is None:
        return "The target of a request is a path, which begins with a slash."
    authority = absolute["authority"]
    if not _is_authority(authority):
        return "The authority of the target is a name or an address, with a port if there is one."
    usual = _USUAL_PORTS[absolute["scheme"].lower()]
    if host is not None and _same(authority, usual) != _same(host.strip(b" \t"), usual):
        return "The target names another host than the Host field. This server is no proxy."
    return None


def _coding_problem(version: str, found: dict[bytes, bytes]) -> str | None:
    if version != "1.1":
        return "HTTP/1.0 has no Transfer-Encoding. Send a Content-Length."
    if found[b"transfer-encoding"].strip(b" \t").lower() != b"chunked":
        return _CODING
    if b"content-length" in found:
        return _TWO_LENGTHS
    return None


@lru_cache(maxsize=1_024)
def _is_authority(text: bytes) -> bool:
    found = _AUTHORITY.fullmatch(text)
    if found is None or int(found["port"] or 1) > _MAX_PORT:
        return False
    if found["six"] is None:
        return True
    try:
        ipaddress.IPv6Address(found["six"].decode())
    except ValueError:
        return False
    return True


def _same(authority: bytes, usual_port: bytes) -> bytes:
    return authority.lower().removesuffix(usual_port)
