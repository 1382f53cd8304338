"""The exceptions of the HTTP libraries under our own name."""

from __future__ import annotations

import contextlib
from collections.abc import Generator

import httpcore2
import httpx2

from codexity.adapters import tls
from codexity.errors import ReadCode, Unreadable

FAULTS: dict[str, tuple[ReadCode, str]] = {
    "TimeoutException": ("timeout", "The site stopped answering for too long."),
    "ConnectTimeout": ("timeout", "The site did not take the connection in time."),
    "PoolTimeout": ("timeout", "Too many pages were being read at once."),
    "TransportError": ("unreachable", "The connection to the site broke."),
    "NetworkError": ("unreachable", "The connection to the site broke."),
    "ConnectError": ("unreachable", "The site did not take the connection."),
    "ProtocolError": ("unreachable", "The site broke off, or did not answer in proper HTTP."),
    "ProxyError": ("unreachable", "The way to the site is closed."),
    "UnsupportedProtocol": (
        "not_public",
        "Only http:// and https:// addresses are read.",
    ),
    "DecodingError": ("bad_content", "The document could not be unpacked."),
    "TooManyRedirects": ("unreachable", "The site redirects in a circle."),
    "HTTPStatusError": ("http_status", "The site answered with an error."),
    "InvalidURL": ("unreachable", "That is not a web address."),
    "CookieConflict": ("bad_content", "The site answered with cookies that contradict each other."),
    "StreamError": ("unreachable", "The connection to the site broke."),
    "ConnectionNotAvailable": ("unreachable", "The connection to the site broke."),
}
"""What each exception of httpx2 and httpcore2, which share their names, means to the reader."""

_TRUST = " If it is yours, have this machine trust it, or name its file in SSL_CERT_FILE."

FOREIGN = (
    httpx2.HTTPError,
    httpx2.InvalidURL,
    httpx2.CookieConflict,
    httpx2.StreamError,
    httpcore2.TimeoutException,
    httpcore2.NetworkError,
    httpcore2.ProtocolError,
    httpcore2.ProxyError,
    httpcore2.UnsupportedProtocol,
    httpcore2.ConnectionNotAvailable,
)
"""The roots of both libraries' exception trees."""


@contextlib.contextmanager
def renamed() -> Generator[None]:
    """Turns every exception of the two libraries into `Unreadable`."""
    try:
        yield
    except FOREIGN as error:
        code, message = meaning(type(error))
        if code == "unreachable" and (wrong := tls.fault_of(error)):
            message = f"The site cannot be read over TLS: {wrong.said}"
            if wrong.is_untrusted:
                message += _TRUST
        raise Unreadable(message, code=code, detail=f"{type(error).__name__}: {error}") from error


def meaning(kind: type[BaseException]) -> tuple[ReadCode, str]:
    """The code and the words for an exception: those of its nearest ancestor in the table.

    Raises:
        KeyError: neither it nor an ancestor is in the table.
    """
    for ancestor in kind.__mro__:
        if ancestor.__name__ in FAULTS:
            return FAULTS[ancestor.__name__]
    raise KeyError(kind.__name__)
