"""Runs as resources: begun, looked at, stopped, finished."""

from __future__ import annotations

import math
import re
from typing import Annotated, Any, Final, Literal

import anyio
from fastapi import Request
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse, Response

from codexity.edges.http.gate import change_refusal, problem, start_refusal
from codexity.edges.http.parameters import (
    AFTER,
    BEFORE,
    EXCLUDE_SITE,
    LANGUAGE,
    MAX_SOURCES,
    BadParameter,
)
from codexity.edges.http.router import Router
from codexity.edges.http.serving import client, principal, serving
from codexity.edges.spelling import answer_object
from codexity.engine import Request as Asked
from codexity.model import Filters, Question

router = Router()

_MAX_BODY_BYTES: Final = 64 * 1024
_BODY_SECONDS: Final = 5.0
KEY: Final = re.compile(r"[\x21-\x7e]{1,255}")
_Names = Annotated[tuple[str, ...], Field(max_length=20)]


def _whole(value: object) -> object:
    """JSON has numbers alone: 2.0 is the whole number 2."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


class NewRun(BaseModel):
    """The body of `POST /runs`: the question, its filters, and how the run ends."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    question: str
    thread: str | None = Field(default=None, pattern=r"^[0-9a-f]{32}$")
    on_leave: Literal["finish", "stop"] = "finish"
    resume_seconds: float | None = Field(default=None, ge=0, le=120, allow_inf_nan=False)
    site: _Names = ()
    exclude_site: _Names = Field(default=(), description=EXCLUDE_SITE)
    after: str | None = Field(default=None, description=AFTER)
    before: str | None = Field(default=None, description=BEFORE)
    language: str | None = Field(default=None, description=LANGUAGE)
    collection: _Names = ()
    provider: _Names = ()
    max_sources: Annotated[int, BeforeValidator(_whole)] | None = Field(
        default=None, ge=1, le=MAX_SOURCES
    )


@router.post("/runs", tags=["runs"], status_code=201)
async def begin(request: Request) -> Response:
    """Starts a run that goes on when nobody reads it; `on_leave: "stop"` ends it then.

    With an `Idempotency-Key` the same request begins nothing twice.
    """
    refusal = start_refusal(request.scope)
    if refusal is not None:
        return refusal
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != "application/json":
        return problem(415, "not_json", "Send the body as application/json.")
    body = _checked(await _body(request))
    question = Question(
        text=body.question,
        filters=Filters(
            site=body.site,
            exclude_site=body.exclude_site,
            after=body.after,
            before=body.before,
            language=body.language,
            collection=body.collection,
            provider=body.provider,
            max_sources=body.max_sources,
        ),
        principal=principal(request),
    )
    asked = Asked(
        thread=body.thread,
        key=_key(request),
        grace_seconds=_grace(request, body),
        client=client(request),
    )
    server = serving(request)
    await server.installation.index.check(question.filters.collection)
    record = await server.engine.once(question, asked)
    location = {"Location": f"/runs/{record.run}"}
    return JSONResponse({"run": record.run, "thread": record.thread}, 201, headers=location)


@router.get("/runs/{run}", tags=["runs"])
async def snapshot(run: str, request: Request) -> dict[str, Any]:
    """The answer as far as it has come: question, status, text, sources, claims, seconds."""
    answer = await serving(request).engine.snapshot(run, principal=principal(request))
    return answer_object(answer)


@router.delete("/runs/{run}", tags=["runs"])
async def stop(run: str, request: Request) -> dict[str, Any]:
    """Stops the work now, and answers once nothing of it runs any more."""
    await serving(request).engine.stop(run, principal=principal(request))
    return await snapshot(run, request)


@router.post("/runs/{run}/stop", tags=["runs"], response_model=None)
async def stop_by_beacon(run: str, request: Request) -> dict[str, Any] | Response:
    """As `DELETE`, for a page that is closing (`navigator.sendBeacon`)."""
    return change_refusal(request.scope) or await stop(run, request)


@router.post("/runs/{run}/finish", tags=["runs"], response_model=None)
async def finish(run: str, request: Request) -> dict[str, Any] | Response:
    """Searches no further: the answer is written from what has been read so far."""
    refusal = change_refusal(request.scope)
    if refusal is not None:
        return refusal
    await serving(request).engine.finish(run, principal=principal(request))
    return await snapshot(run, request)


async def _body(request: Request) -> bytes:
    body = b""
    try:
        with anyio.fail_after(_BODY_SECONDS):
            async for piece in request.stream():
                body += piece
                if len(body) > _MAX_BODY_BYTES:
                    raise BadParameter("body", "The body is larger than 64 KiB.", where="body")
    except TimeoutError as error:
        message = f"The body did not come within {_BODY_SECONDS:g} seconds."
        raise BadParameter("body", message, where="body") from error
    except ClientDisconnect as error:
        raise BadParameter("body", "The body ended too early.", where="body") from error
    return body


def _checked(body: bytes) -> NewRun:
    try:
        return NewRun.model_validate_json(body)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        name = ".".join(map(str, first["loc"])) or "body"
        match first["type"]:
            case "extra_forbidden":
                known = ", ".join(NewRun.model_fields)
                message = f"There is no field {name[:60]!r}. There are: {known}."
            case "json_invalid":
                message = "The body is not JSON in UTF-8."
            case _:
                message = f"{name}: {first['msg']}."
        raise BadParameter(name, message, where="body") from error


def _key(request: Request) -> str | None:
    key = request.headers.get("idempotency-key")
    if key is not None and not KEY.fullmatch(key):
        name = "Idempotency-Key"
        message = f"{name} has 1 to 255 printable ASCII characters without spaces."
        raise BadParameter(name, message, where="header")
    return key


def _grace(request: Request, body: NewRun) -> float:
    if body.on_leave == "finish":
        if body.resume_seconds is not None:
            message = 'resume_seconds goes with "on_leave": "stop".'
            raise BadParameter("resume_seconds", message, where="body")
        return math.inf
    if body.resume_seconds is None:
        return serving(request).streams.settings.resume_seconds
    return body.resume_seconds
