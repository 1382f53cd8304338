"""What passes between `ProcessExtractor` and its workers: JSON, and the document's bytes behind it.

Not pickles: what comes back was made in a process that had its hands on foreign bytes.
"""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from itertools import pairwise
from typing import Any, cast, get_args

from codexity.block_json import from_json, to_json
from codexity.errors import ReadCode, Unreadable
from codexity.model import DateOrigin, Page
from codexity.ports import Fetched


def request(fetched: Fetched) -> tuple[bytes, bytes]:
    """The frame that asks for a document to be read, in two pieces: the document is not copied."""
    about = {"url": fetched.url, "media_type": fetched.media_type, "charset": fetched.charset}
    return json.dumps(about).encode() + b"\n", fetched.body


def asked(payload: bytes) -> Fetched:
    """What `request` was made of."""
    line, _, body = payload.partition(b"\n")
    return Fetched(**json.loads(line), body=body)


def reply(outcome: Page | Unreadable) -> bytes:
    """The frame that says what came of it."""
    return json.dumps(told(outcome)).encode()


def told(outcome: Page | Unreadable) -> dict[str, Any]:
    """What came of a document, for JSON."""
    if isinstance(outcome, Page):
        about = asdict(replace(outcome, blocks=()))
        return {"page": {**about, "blocks": to_json(outcome.blocks)}}
    refusal = {"message": outcome.message, "code": outcome.code, "detail": outcome.detail}
    return {"unreadable": refusal}


def outcome(payload: bytes) -> Page:
    """The page that a reply holds.

    Raises:
        Unreadable: the one that it holds instead.
        ValueError: it is no reply.
    """
    return heard(json.loads(payload))


def heard(said: Any) -> Page:
    """The page that was told; raises as `outcome` does."""
    match said:
        case {
            "page": {
                "url": str(url),
                "title": str(title),
                "text": str(text),
                "site": str(site),
            } as page
        }:
            published, language = page.get("published"), page.get("language")
            modified = page.get("modified")
            return Page(
                url=url,
                title=title,
                text=text,
                site=site,
                published=published if isinstance(published, str) else None,
                language=language if isinstance(language, str) else None,
                page_starts=_offsets(page.get("page_starts", ())),
                unread=int(page.get("unread", 0)),
                published_from=_origin(page.get("published_from")),
                modified=modified if isinstance(modified, str) else None,
                modified_from=_origin(page.get("modified_from")),
                blocks=from_json(page.get("blocks", []), length=len(text)),
            )
        case {"unreadable": {"message": str(message), "code": str(code), "detail": str(detail)}}:
            if code in get_args(ReadCode):
                raise Unreadable(message, code=cast("ReadCode", code), detail=detail)
        case _:
            pass
    raise ValueError("a worker's reply that makes no sense")


def _origin(said: object) -> DateOrigin | None:
    return cast("DateOrigin", said) if said in get_args(DateOrigin) else None


def _offsets(said: Any) -> tuple[int, ...]:
    """Raises `ValueError` for what is no list of numbers in their order."""
    found = cast("list[object]", said) if isinstance(said, list) else []
    offsets = tuple(one for one in found if isinstance(one, int))
    if len(offsets) != len(found) or any(one > other for one, other in pairwise(offsets)):
        raise ValueError("a worker's reply with pages in no order")
    return offsets
