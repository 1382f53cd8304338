"""Threads as resources: what was asked before, a page at a time, and its removal."""

from __future__ import annotations

import re
from typing import Any, Final
from urllib.parse import quote

from fastapi import Request
from starlette.responses import Response

from codexity.edges.http.lists import limit_of, page_of_list
from codexity.edges.http.parameters import BadParameter, given
from codexity.edges.http.router import Router
from codexity.edges.http.serving import principal, serving
from codexity.edges.spelling import answer_object
from codexity.engine import Excerpt

router = Router()

NUMBER: Final = re.compile(r"[0-9]{1,18}")
_RUN: Final = re.compile(r"[0-9a-f]{32}")


@router.get("/threads", tags=["threads"])
async def threads(request: Request) -> Response:
    """What was asked before, each thread by its first question, the last used first.

    The address of the next page is in `Link`, as long as there is one.
    """
    asked = given(request.scope["query_string"], single=("before", "limit"))
    limit = limit_of(asked)
    history = serving(request).engine.history
    found = await history.threads(
        principal=principal(request), limit=limit, before=_before(asked.get("before"))
    )
    content = [
        {
            "thread": one.thread,
            "question": one.question,
            "runs": one.runs,
            "updated": one.updated,
        }
        for one in found.items
    ]
    cursor = str(found.items[-1].number) if found.more else None
    return page_of_list({"threads": content}, "/threads", limit=limit, before=cursor)


@router.get("/threads/{thread}", tags=["threads"])
async def thread(thread: str, request: Request) -> Response:
    """The answers of a thread, the oldest first, each as `GET /runs/{run}` has it.

    One whose events are more than 256 KiB is cut, and says so by `truncated`. The address of the
    next page is in `Link`, as long as there is one; where answers are long it comes sooner.
    """
    asked = given(request.scope["query_string"], single=("after", "limit"))
    limit = limit_of(asked)
    found = await serving(request).engine.history.answers(
        thread, principal=principal(request), limit=limit, after=_after(asked.get("after"))
    )
    content = {"thread": thread, "runs": [_spelled(one) for one in found.items]}
    cursor = found.items[-1].answer.run if found.more else None
    return page_of_list(content, f"/threads/{quote(thread, safe='')}", limit=limit, after=cursor)


@router.delete("/threads/{thread}", tags=["threads"], status_code=204)
async def forget(thread: str, request: Request) -> Response:
    """Stops what of the thread still runs, and removes all of it."""
    await serving(request).engine.forget(thread, principal=principal(request))
    return Response(status_code=204)


def _spelled(excerpt: Excerpt) -> dict[str, Any]:
    spelled = answer_object(excerpt.answer)
    return {**spelled, "truncated": True} if excerpt.truncated else spelled


def _before(text: str | None) -> int | None:
    if text is None:
        return None
    if not NUMBER.fullmatch(text):
        raise BadParameter("before", "before is what the Link of the page in front has.")
    return int(text)


def _after(text: str | None) -> str | None:
    if text is not None and not _RUN.fullmatch(text):
        raise BadParameter("after", "after is the id of a run of this thread.")
    return text
