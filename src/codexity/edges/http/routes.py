"""The routes: each a few lines between a request and the engine."""

from __future__ import annotations

from typing import Any

import anyio
from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from codexity.compose import Installation
from codexity.edges.http.gate import start_refusal
from codexity.edges.http.parameters import parse, unprocessable
from codexity.edges.http.plain import answer_page, document_page
from codexity.edges.http.sse import RunStream, until_left
from codexity.edges.spelling import answer_object
from codexity.errors import BadQuestion

router = APIRouter()


def streams() -> list[Route]:
    """The routes that stream: plain ASGI, since a route of the framework costs memory a stream."""
    return [Route("/search", Search(), methods=["GET"])]


class Search:
    """`GET /search?q=`: starts a run and streams its events."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request, as ASGI has it."""
        request = Request(scope)
        await (self._answer(request))(scope, receive, send)

    def _answer(self, request: Request) -> Response | RunStream:
        if "last-event-id" in request.headers:
            return Response(status_code=204)
        try:
            parameters = parse(request.scope["query_string"], principal=_principal(request))
            if parameters.resuming:
                return Response(status_code=204)
            refusal = start_refusal(request.scope)
            if refusal is not None:
                return refusal
            installation = _installation(request)
            run = installation.engine.start(parameters.question)
        except BadQuestion as error:
            return unprocessable(error)
        stream = installation.settings.stream
        return RunStream(
            installation.engine,
            run,
            principal=_principal(request),
            heartbeat_seconds=stream.heartbeat_seconds,
            first_token_heartbeat_seconds=stream.first_heartbeat_seconds,
            identity=stream.content_encoding_identity,
        )


@router.get("/runs/{run}", tags=["runs"])
async def snapshot(run: str, request: Request) -> dict[str, Any]:
    """The answer as far as it has come: question, status, text, sources, claims, seconds."""
    answer = await _installation(request).engine.snapshot(run, principal=_principal(request))
    return answer_object(answer)


@router.delete("/runs/{run}", tags=["runs"])
async def stop(run: str, request: Request) -> dict[str, Any]:
    """Stops the work now, and answers once nothing of it runs any more."""
    engine = _installation(request).engine
    await engine.stop(run, principal=_principal(request))
    return answer_object(await engine.snapshot(run, principal=_principal(request)))


@router.get("/health", tags=["operation"])
async def health() -> dict[str, str]:
    """`{"status": "ok"}` as soon as the process serves."""
    return {"status": "ok"}


@router.get("/answer", tags=["page"], response_class=HTMLResponse)
async def plain_answer(request: Request) -> Response:
    """The answer to `q` as a page, for people without JavaScript."""
    refusal = start_refusal(request.scope)
    if refusal is not None:
        return refusal
    engine = _installation(request).engine
    principal = _principal(request)
    try:
        question = parse(request.scope["query_string"], principal=principal).question
        run = engine.start(question)
    except BadQuestion as error:
        return unprocessable(error)
    async with (
        engine.follow(run, principal=principal) as follower,
        anyio.create_task_group() as tasks,
    ):
        tasks.start_soon(until_left, request.receive, tasks.cancel_scope)
        while await follower.read():
            pass
        tasks.cancel_scope.cancel()
    return HTMLResponse(answer_page(await engine.snapshot(run, principal=principal)))


@router.get("/library/{collection}/{document:path}", tags=["library"], response_class=HTMLResponse)
async def document(collection: str, document: str, request: Request) -> Response:
    """The readable text of one document, as a page that text fragments can find."""
    del document
    page = await _installation(request).index.page(
        request.scope["raw_path"].decode("ascii", "replace")
    )
    return HTMLResponse(document_page(page, collection))


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


def _installation(request: Request) -> Installation:
    return request.app.state.installation


def _principal(request: Request) -> str:
    return request.scope["codexity.principal"]
