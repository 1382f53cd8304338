"""Documents of the library as resources: the list of a collection, and the page of each."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from fastapi import Request
from starlette.responses import HTMLResponse, Response

from codexity.compose import ListedDocument
from codexity.edges.http.lists import limit_of, page_of_list
from codexity.edges.http.parameters import given
from codexity.edges.http.plain import document_page
from codexity.edges.http.router import Router
from codexity.edges.http.serving import serving
from codexity.errors import UnknownDocument

router = Router()


@router.get("/library/{collection}", tags=["library"])
async def documents(collection: str, request: Request) -> Response:
    """The documents of a collection, by title, without their texts.

    The address of the next page is in `Link`, as long as there is one.
    """
    asked = given(request.scope["query_string"], single=("after", "limit"))
    limit = limit_of(asked)
    index = serving(request).installation.index
    if not await index.knows(collection):
        raise UnknownDocument("There is no such collection in the library.")
    found = await index.documents(collection, after=asked.get("after"), limit=limit + 1)
    content = {"collection": collection, "documents": [_spelled(one) for one in found[:limit]]}
    cursor = found[limit - 1].slug if len(found) > limit else None
    return page_of_list(
        content, f"/library/{quote(collection, safe='')}", limit=limit, after=cursor
    )


@router.get("/library/{collection}/{document:path}", tags=["library"], response_class=HTMLResponse)
async def document(collection: str, document: str, request: Request) -> Response:
    """The readable text of one document, as a page that text fragments can find."""
    del document
    page = await serving(request).installation.index.page(
        request.scope["raw_path"].decode("ascii", "replace")
    )
    return HTMLResponse(document_page(page, collection))


def _spelled(one: ListedDocument) -> dict[str, Any]:
    # Where the file stands on the server is nobody's business who asks over HTTP.
    return {
        "title": one.title,
        "url": one.url,
        "file": one.file,
        "size": one.size,
        "characters": one.characters,
        "passages": one.passages,
        "published": one.published,
        "published_from": one.published_from,
    }
