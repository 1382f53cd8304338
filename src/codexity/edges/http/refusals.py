"""What is answered when something cannot be: each error of ours by its status and code."""

from __future__ import annotations

from http import HTTPStatus

import structlog
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match, Mount

from codexity.edges.http.gate import problem
from codexity.edges.http.parameters import BadParameter, unprocessable
from codexity.errors import BadQuestion, Busy, CodexityError, Draining, TooManyOfOne

_log = structlog.get_logger("codexity.http")


async def bad_question(request: Request, error: Exception) -> Response:
    """422, with what is wrong and where."""
    if not isinstance(error, BadQuestion):
        return await broken(request, error)
    return unprocessable(error, posted=request.method == "POST")


async def key_reused(_request: Request, error: Exception) -> Response:
    """422: the key of a request is another's. Source: draft-ietf-httpapi-idempotency-key-header."""
    return unprocessable(BadParameter("Idempotency-Key", str(error), where="header"))


async def elsewhere(_request: Request, error: Exception) -> Response:
    """409: another process would have to do it."""
    return problem(409, "elsewhere", str(error))


async def busy(request: Request, error: Exception) -> Response:
    """429 where the client has too much itself, 503 where all together have; and when to retry."""
    if not isinstance(error, Busy):
        return await broken(request, error)
    status = 429 if isinstance(error, TooManyOfOne) else 503
    code = "draining" if isinstance(error, Draining) else "busy"
    response = problem(status, code, error.message, retryable=True)
    response.headers["Retry-After"] = str(error.retry_seconds)
    return response


async def http_error(request: Request, error: Exception) -> Response:
    """What the framework itself refuses: an address that is not there, or a method of one."""
    if not isinstance(error, HTTPException):
        return await broken(request, error)
    match error.status_code:
        case HTTPStatus.NOT_FOUND:
            message = "There is nothing at this address. /openapi.json says what there is."
            return problem(404, "not_found", message)
        case HTTPStatus.METHOD_NOT_ALLOWED:
            allowed = ", ".join(_methods(request))
            message = f"This address is asked with {allowed}, not with {request.method[:20]}."
            response = problem(405, "method_not_allowed", message)
            response.headers["Allow"] = allowed
        case status:
            response = problem(status, "http_error", error.detail)
            response.headers.update(error.headers or {})
    return response


def _methods(request: Request) -> list[str]:
    """What the path may be asked with: the framework tells only of the first route that has it.

    Source: RFC 9110 section 15.5.6.
    """
    routes = [one for one in request.app.routes if not isinstance(one, Mount)]
    found = [
        method
        for method in ("DELETE", "GET", "HEAD", "PATCH", "POST", "PUT")
        if any(one.matches({**request.scope, "method": method})[0] == Match.FULL for one in routes)
    ]
    # What is mounted are files.
    return found or ["GET", "HEAD"]


async def not_found(_request: Request, error: Exception) -> Response:
    """404, whether there is none or it is another principal's."""
    message = error.message if isinstance(error, CodexityError) else "There is no such thing."
    return problem(404, "not_found", message)


async def unavailable(request: Request, error: Exception) -> Response:
    """What a part says of itself, such as a store that is locked; the detail is for the log."""
    if not isinstance(error, CodexityError):
        return await broken(request, error)
    _log.error("request failed", code=type(error).__name__, detail=error.detail)
    return problem(503, "unavailable", error.message, retryable=True)


async def broken(_request: Request, _error: Exception) -> Response:
    """500: what nobody foresaw."""
    return problem(500, "internal", "Something broke inside Codexity; its log says what.")
