"""One question to a search service over HTTP: its deadline, its bounds, its failures in words."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NoReturn, cast
from urllib.parse import urlencode, urljoin

import anyio
import httpx2

from codexity.adapters import tls
from codexity.adapters.asked_to_wait import retry_after
from codexity.errors import ProviderError, ProviderRefused, ProviderUnavailable, SearchCode
from codexity.ports import shown

_MAX_BYTES = 4_000_000
_MAX_REFUSAL_BYTES = 64_000
_MASK = "********"

Refusals = Mapping[int, tuple[SearchCode, str]]
"""What a status that refuses means: the code, and the message."""

Wait = Callable[[httpx2.Headers], float | None]
"""Seconds until the service may be asked again, as the headers of its refusal say."""

Means = Callable[[int, bytes], tuple[SearchCode, str] | None]
"""What a refusal of this status and body means; None where the status says it all."""


class Redirected(ProviderUnavailable):
    """It wants to be asked at `target`, an address without its query; this is for the operator."""

    def __init__(self, message: str, *, target: str, detail: str) -> None:
        super().__init__(message, code="bad_reply", detail=detail)
        self.target = target


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """Whom we ask, and what people are told when it does not help.

    `unreachable`, `nonsense` and `moved` end a sentence; `refusals` are whole ones; `secret` is
    taken out of whatever is told.
    """

    title: str
    url: str
    unreachable: str
    nonsense: str
    refusals: Refusals
    moved: str = "set the address that it leads to."
    too_often: str = ""
    secret: str = field(default="", repr=False)
    wait: Wait = retry_after
    means: Means = lambda _status, _body: None

    @classmethod
    def with_key(cls, title: str, url: str, key: str) -> Service:
        """A service that is paid by a key, whose settings are the group of the same name."""
        group = f"CODEXITY_{title.upper()}__"
        return cls(
            title=title,
            url=url,
            unreachable=f"is this machine online, and is {group}URL right?",
            nonsense=f"check {group}URL, or try again later.",
            moved=f"check {group}URL.",
            refusals={
                401: ("unauthorized", f"{title} does not accept the key; check {group}API_KEY."),
                403: ("blocked", f"{title} refused; your plan there may not allow this search."),
            },
            secret=key,
        )

    def refused(self, code: SearchCode, message: str) -> ProviderRefused:
        """A refusal whose status was 200; `message` may hold what the service said."""
        told = message.replace(self.secret, _MASK) if self.secret else message
        return ProviderRefused(told, code=code, detail=shown(self.url))

    def makes_no_sense(self, what: str) -> ProviderUnavailable:
        """A reply that cannot be what the service says; `what` is for the log."""
        return ProviderUnavailable(
            f"{self.title}'s reply makes no sense; {self.nonsense}",
            code="bad_reply",
            detail=self._detail(what),
        )

    def refusal(self, response: httpx2.Response, body: bytes) -> ProviderError:
        """What a status other than 200 means."""
        status = response.status_code
        wait = self.wait(response.headers)
        detail = self._detail(f"HTTP {status}")
        known = self.means(status, body) or self.refusals.get(status)
        if known is not None:
            code, message = known
            return ProviderRefused(message, code=code, detail=detail, retry_seconds=wait)
        if status == 402:
            return ProviderRefused(
                f"{self.title} wants to be paid first (HTTP 402); look at your plan there.",
                code="quota",
                detail=detail,
            )
        if status == 429:
            return ProviderRefused(
                f"{self.title} was asked too often (HTTP 429); {_told(wait)}{self.too_often}.",
                code="quota",
                detail=detail,
                retry_seconds=wait,
            )
        if wrong := tls.refused(status, body.decode(errors="replace")):
            return self._encrypted(wrong)
        if status >= 500:
            return ProviderUnavailable(
                f"{self.title} is in trouble (HTTP {status}); try again later.",
                code="bad_reply",
                detail=detail,
                retry_seconds=wait,
            )
        return self._redirection(response) or self.makes_no_sense(f"HTTP {status}")

    def no_answer(self, error: Exception) -> NoReturn:
        """Raises what a failed connection means."""
        if isinstance(error, TimeoutError | httpx2.TimeoutException):
            raise ProviderUnavailable(
                f"{self.title} did not answer in time; try again.",
                code="timeout",
                detail=self._detail("no answer in time"),
            ) from error
        if isinstance(error, httpx2.DecodingError):
            raise self.makes_no_sense(str(error)) from error
        if wrong := tls.fault_of(error):
            raise self._encrypted(wrong) from error
        raise ProviderUnavailable(
            f"{self.title} cannot be reached; {self.unreachable}",
            code="unreachable",
            detail=self._detail(repr(error)),
        ) from error

    def _redirection(self, response: httpx2.Response) -> Redirected | None:
        location = response.headers.get("Location", "")
        if not (location and 300 <= response.status_code < 400):
            return None
        try:
            # Without its query, which holds the question.
            target = shown(urljoin(self.url, location))
        except ValueError:
            return None
        status = f"HTTP {response.status_code}"
        return Redirected(
            f"{self.title} redirects to another address ({status}); {self.moved}",
            target=target,
            detail=self._detail(f"{status}, to {target}"),
        )

    def _encrypted(self, wrong: tls.TlsFault) -> ProviderUnavailable:
        message = f"{self.title} cannot be reached: {wrong.said}"
        return ProviderUnavailable(message, code="unreachable", detail=self._detail("TLS"))

    def _detail(self, said: str) -> str:
        url = shown(self.url)
        told = f"{url}: {said}" if said else url
        return told.replace(self.secret, _MASK) if self.secret else told


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request: `query` is encoded already, and `body` is sent as JSON."""

    method: str
    headers: Mapping[str, str]
    query: str = ""
    body: Mapping[str, object] | None = None


class Asking:
    """Asks a service through `client`, which its owner closes; a question has `timeout_seconds`."""

    def __init__(
        self, service: Service, client: httpx2.AsyncClient, *, timeout_seconds: float
    ) -> None:
        self.service = service
        self._client = client
        self._timeout = timeout_seconds

    async def get(
        self,
        params: Mapping[str, str],
        headers: Mapping[str, str] | None = None,
        *,
        seconds: float | None = None,
    ) -> dict[str, Any]:
        """The object that a GET with these parameters is answered by, within so many `seconds`.

        Raises:
            ProviderRefused: `blocked`, `quota` or `unauthorized`.
            ProviderUnavailable: `unreachable`, `timeout` or `bad_reply`.
        """
        request = Request(method="GET", headers=headers or {}, query=urlencode(params))
        return await self._object(request, self._timeout if seconds is None else seconds)

    async def post(
        self, body: Mapping[str, object], headers: Mapping[str, str] | None = None
    ) -> dict[str, Any]:
        """The object that this one is answered by. Raises as `get` does."""
        request = Request(method="POST", headers=headers or {}, body=body)
        return await self._object(request, self._timeout)

    async def _object(self, request: Request, seconds: float) -> dict[str, Any]:
        try:
            with anyio.fail_after(seconds):
                body = await self._body(request)
        except (
            TimeoutError,
            httpx2.DecodingError,
            httpx2.TransportError,
            httpx2.InvalidURL,
        ) as error:
            self.service.no_answer(error)
        try:
            reply: object = json.loads(body)
        except (ValueError, RecursionError) as nonsense:
            # Not the reply itself: it repeats the question, which the log must not.
            raise self.service.makes_no_sense(f"no JSON in {len(body)} bytes") from nonsense
        if not isinstance(reply, dict):
            raise self.service.makes_no_sense("JSON, but no object")
        return cast("dict[str, Any]", reply)

    async def _body(self, request: Request) -> bytes:
        url = httpx2.URL(self.service.url)
        # The client logs the address of each request: it is given one without the question and,
        # where a service wants it in the address, without the key.
        query = f"?{request.query}" if request.query else ""
        target = url.raw_path + query.encode("ascii")
        stream = self._client.stream(
            request.method,
            url,
            headers={"Accept": "application/json", **request.headers},
            json=request.body,
            timeout=self._timeout,
            # A redirection would carry the question, and a key, elsewhere.
            follow_redirects=False,
            extensions={"target": target},
        )
        async with stream as response:
            good = response.status_code == 200
            most = _MAX_BYTES if good else _MAX_REFUSAL_BYTES
            body = bytearray()
            async for piece in response.aiter_bytes():
                body += piece
                if len(body) > most:
                    break
            if not good:
                raise self.service.refusal(response, bytes(body))
            if len(body) > most:
                raise self.service.makes_no_sense(f"more than {_MAX_BYTES} bytes")
            return bytes(body)


def _told(wait: float | None) -> str:
    if wait is None:
        return "wait a while"
    return f"wait {wait:.0f} seconds" if wait < 7_200 else f"wait {wait / 3_600:.0f} hours"
