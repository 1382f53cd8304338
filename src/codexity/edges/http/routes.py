"""The routes: each a few lines between a request and the engine."""

from __future__ import annotations

import anyio
from fastapi import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.types import Receive

from codexity.edges.http.gate import problem, start_refusal
from codexity.edges.http.parameters import question_of
from codexity.edges.http.plain import answer_page
from codexity.edges.http.router import Router
from codexity.edges.http.serving import client, principal, serving
from codexity.edges.http.wire_refusals import RETRY_SECONDS
from codexity.engine import Request as Asked

router = Router()


@router.get("/health", tags=["operation"])
async def health(request: Request) -> Response:
    """`{"status": "ok"}` as long as the server works; 503 with the reason once it cannot go on."""
    return _failing(request) or JSONResponse({"status": "ok"})


@router.get("/ready", tags=["operation"])
async def ready(request: Request) -> Response:
    """200 when work can be taken, and the model that writes now (null: the sources' own words).

    503 while the server drains or when it cannot go on.
    """
    failing = _failing(request)
    if failing is not None:
        return failing
    if serving(request).engine.draining:
        message = "This server is about to end. It begins nothing new."
        return problem(503, "draining", message, retryable=True)
    model = serving(request).engine.tools.models.current(principal(request))
    return JSONResponse({"status": "ready", "model": model.name if model else None})


@router.get("/answer", tags=["page"], response_class=HTMLResponse)
async def plain_answer(request: Request) -> Response:
    """The answer to `q` as a page, for people without JavaScript."""
    refusal = start_refusal(request.scope)
    if refusal is not None:
        return refusal
    server = serving(request)
    engine, mine = server.engine, principal(request)
    question = question_of(request.scope["query_string"], principal=mine)
    await server.installation.index.check(question.filters.collection)
    with server.streams.counted(client(request)):
        run = engine.start(question, Asked(client=client(request)))
        async with (
            engine.follow(run, principal=mine) as follower,
            anyio.create_task_group() as tasks,
        ):
            tasks.start_soon(_until_left, request.receive, tasks.cancel_scope)
            while await follower.read():
                pass
            tasks.cancel_scope.cancel()
    return HTMLResponse(answer_page(await engine.snapshot(run, principal=mine)))


@router.get("/", include_in_schema=False)
async def page(request: Request) -> Response:
    """The page. One that another site's page led to waits for the person before it asks."""
    asks = request.headers.get("sec-fetch-site", "none") in {"none", "same-origin"}
    html: str = request.app.state.page
    if not asks:
        html = html.replace('data-ask="yes"', 'data-ask="no"', 1)
    return HTMLResponse(html, headers={"Cache-Control": "no-cache", "Vary": "Sec-Fetch-Site"})


@router.get("/robots.txt", include_in_schema=False)
async def robots() -> Response:
    """Crawlers stay away: every question costs work."""
    return PlainTextResponse("User-agent: *\nDisallow: /\n")


@router.get("/favicon.ico", include_in_schema=False)
async def icon(request: Request) -> Response:
    """The icon, where browsers look for one that no page of ours names to them."""
    headers = {"Cache-Control": "max-age=86400"}
    return Response(request.app.state.icon, media_type="image/x-icon", headers=headers)


def _failing(request: Request) -> Response | None:
    """The refusal of a server whose background work has died for good."""
    reason = serving(request).engine.supervisor.failed
    if reason is None:
        return None
    told = {"status": "failing", "code": "failing", "message": reason, "retryable": True}
    return JSONResponse(told, 503, {"Retry-After": str(RETRY_SECONDS)})


async def _until_left(receive: Receive, scope: anyio.CancelScope) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    scope.cancel()
