"""Who may ask what of the server: hosts, origins, keys, and where work may start from.

Sources: Fetch Metadata Request Headers (W3C), the Fetch standard (CORS), RFC 9110 section 15.5.20
(421), RFC 7617 (Basic), RFC 6750 (Bearer).
"""

from __future__ import annotations

import base64
import binascii
import hmac
import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from codexity.edges.http.request_head import fields_problem
from codexity.edges.http.security_headers import SECURITY_HEADERS
from codexity.edges.http.wire_refusals import RETRY_SECONDS

LOOPBACK_ORIGIN: Final = r"https?://(localhost|127\.0\.0\.1|\[::1\])(:\d+)?"
_LOOPBACK_NAMES: Final = frozenset({"localhost", "127.0.0.1", "::1"})
_OPEN_PATHS: Final = frozenset(
    {"/favicon.ico", "/health", "/page/icon.svg", "/page/style.css", "/robots.txt"}
)
"""What is answered without a key; the page that asks for one is made of two of these."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What the settings allow.

    `api_keys` maps names to keys; where it is empty, only clients on this machine may use the
    server, unless it is `open`.
    """

    host: str
    open: bool
    allowed_hosts: frozenset[str]
    cors_origins: frozenset[str]
    api_keys: Mapping[str, str]


class Cors(CORSMiddleware):
    """Starlette's, whose refusals have the shape of all others."""

    def preflight_response(self, request_headers: Headers) -> Response:
        """Answers the question whether a page of another origin may ask something."""
        response = super().preflight_response(request_headers)
        if response.status_code < HTTPStatus.BAD_REQUEST:
            return response
        refusal = problem(400, "not_from_here", bytes(response.body).decode())
        refusal.headers["Vary"] = response.headers["Vary"]
        return refusal


class Gate:
    """Pure ASGI middleware: under Starlette's own base class a disconnect is never seen."""

    def __init__(self, app: ASGIApp, rules: Rules) -> None:
        self._app = app
        self._rules = rules

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request, as ASGI has it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)

        async def secured(message: Message) -> None:
            if message["type"] == "http.response.start":
                told = MutableHeaders(scope=message)
                told.update(SECURITY_HEADERS)
                if "location" in told:
                    told["location"] = on_this_server(told["location"])
            await send(message)

        refusal = (
            _fields_refusal(scope) or self._binding_refusal(scope) or self._host_refusal(headers)
        )
        if refusal is None:
            scope["codexity.principal"] = principal = self._principal(headers)
            if principal is None and scope["path"] not in _OPEN_PATHS:
                refusal = _unauthorized()
        scope["codexity.rules"] = self._rules
        await (refusal or self._app)(scope, receive, secured)

    def _binding_refusal(self, scope: Scope) -> JSONResponse | None:
        """`codexity serve` checks this at its start; another ASGI server is bound without us."""
        if self._rules.api_keys or self._rules.open:
            return None
        address = (scope.get("server") or ("127.0.0.1", None))[0]
        if not _is_address(address) or ipaddress.ip_address(address).is_loopback:
            return None
        message = (
            "This server asks for no key and is bound to an address that others can reach. Set "
            "CODEXITY_SERVER__API_KEYS, or CODEXITY_SERVER__OPEN=true if that is meant."
        )
        return problem(403, "not_open", message)

    def _host_refusal(self, headers: Headers) -> JSONResponse | None:
        host = _name(headers.get("host", ""))
        known = _LOOPBACK_NAMES | {self._rules.host} | self._rules.allowed_hosts
        if self._rules.api_keys or host in known or _is_address(host):
            return None
        message = (
            f"This server does not answer to the name {host!r}. If it should, add the name to "
            "CODEXITY_SERVER__ALLOWED_HOSTS."
        )
        return problem(421, "unknown_host", message)

    def _principal(self, headers: Headers) -> str | None:
        if not self._rules.api_keys:
            return "local"
        given = _key(headers.get("authorization", ""))
        for name, key in self._rules.api_keys.items():
            if given is not None and hmac.compare_digest(given.encode(), key.encode()):
                return name
        return None


def start_refusal(scope: Scope) -> JSONResponse | None:
    """Why this request may not start work, or None: the page of another site never may."""
    headers = Headers(scope=scope)
    rules: Rules = scope["codexity.rules"]
    if scope["method"] == "HEAD":
        return problem(403, "not_from_here", "HEAD starts no run; ask with GET.")
    if "prefetch" in headers.get("sec-purpose", headers.get("purpose", "")):
        return problem(403, "not_from_here", "A prefetch starts no run.")
    origin = headers.get("origin")
    if origin is not None:
        if _is_known(origin, headers, rules):
            return None
        message = (
            "A page of another site may not start a run here. If it should, add its origin to "
            "CODEXITY_SERVER__CORS_ORIGINS."
        )
        return problem(403, "not_from_here", message)
    if headers.get("sec-fetch-site", "none") not in {"same-origin", "none"}:
        message = "A page of another site may not start a run here."
        return problem(403, "not_from_here", message)
    return None


def change_refusal(scope: Scope) -> JSONResponse | None:
    """Why this request may not change a run that is under way, or None.

    Browsers ask nobody before they send such a POST, and send the key with it. To a beacon of our
    own page some give `null` for an origin, since it tells no referrer: `Sec-Fetch-Site` is heard
    first. Source: the Fetch standard, "append a request `Origin` header".
    """
    headers = Headers(scope=scope)
    origin = headers.get("origin", "null")
    site = headers.get("sec-fetch-site", "none" if origin == "null" else "")
    if site in {"same-origin", "none"} or _is_known(origin, headers, scope["codexity.rules"]):
        return None
    message = "A page of another site may not stop or finish a run here."
    return problem(403, "not_from_here", message)


def _is_known(origin: str, headers: Headers, rules: Rules) -> bool:
    """Whether pages of this origin may do here what this server's own page does."""
    own = {f"{scheme}://{headers.get('host', '').lower()}" for scheme in ("http", "https")}
    return (
        origin.lower() in own
        or origin in rules.cors_origins
        or re.fullmatch(LOOPBACK_ORIGIN, origin) is not None
    )


def on_this_server(location: str) -> str:
    """A `Location` without scheme and host: whoever is led elsewhere stays where he came in.

    The framework writes what it takes for them: `http` behind a proxy that ends TLS, and whatever
    `Host` was sent. Two slashes in front would name a host too, and browsers take a backslash for
    one. Source: RFC 9110 section 10.2.2.
    """
    parts = urlsplit(location)
    path = "/" + parts.path.lstrip("/\\")
    return f"{path}?{parts.query}" if parts.query else path


def problem(status: int, code: str, message: str, *, retryable: bool = False) -> JSONResponse:
    """An answer that is not 2xx, in the shape that all of them have; it says when to ask again."""
    headers = {"Retry-After": str(RETRY_SECONDS)} if retryable else None
    told = {"code": code, "message": message, "retryable": retryable}
    return JSONResponse(told, status, headers)


def _fields_refusal(scope: Scope) -> JSONResponse | None:
    """Our own server refuses these before; others hand them on."""
    problem_found = fields_problem(scope["headers"])
    return None if problem_found is None else problem(400, "bad_request", problem_found)


def _unauthorized() -> JSONResponse:
    message = (
        "This server asks for an API key: as Bearer, or as Basic with any user name and the key as "
        "the password."
    )
    response = problem(401, "unauthorized", message)
    response.headers["WWW-Authenticate"] = 'Basic realm="Codexity", charset="UTF-8"'
    return response


def _key(authorization: str) -> str | None:
    scheme, _, rest = authorization.partition(" ")
    if scheme.lower() == "bearer":
        return rest.strip()
    if scheme.lower() == "basic":
        try:
            return base64.b64decode(rest, validate=True).decode().partition(":")[2]
        except (binascii.Error, UnicodeDecodeError):
            return None
    return None


def _name(host: str) -> str:
    try:
        return (urlsplit(f"//{host}").hostname or "").rstrip(".")
    except ValueError:
        return ""


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
