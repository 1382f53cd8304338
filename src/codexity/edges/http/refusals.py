"""What is answered when something cannot be: each error of ours by its status and code."""

from __future__ import annotations

import structlog
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

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


async def http_error(_request: Request, error: Exception) -> Response:
    """What the framework itself refuses, such as a method."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    code = {404: "not_found", 405: "method_not_allowed"}.get(status, "http_error")
    told = error.detail if isinstance(error, HTTPException) else "Something broke."
    response = problem(status, code, told)
    if isinstance(error, HTTPException) and error.headers:
        response.headers.update(error.headers)
    return response


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
