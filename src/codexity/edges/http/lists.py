"""Lists that come a page at a time."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import urlencode

from starlette.responses import JSONResponse

from codexity.edges.http.parameters import whole_number
from codexity.engine import MOST_LISTED

DEFAULT_LISTED: Final = 50


def page_of_list(
    content: dict[str, Any], path: str, *, limit: int, **cursor: str | None
) -> JSONResponse:
    """One page of a list. Source: RFC 8288 (`Link`), a path so that it keeps scheme and host."""
    following = {name: value for name, value in cursor.items() if value is not None}
    if not following:
        return JSONResponse(content)
    address = f"{path}?{urlencode({**following, 'limit': limit})}"
    return JSONResponse(content, headers={"Link": f'<{address}>; rel="next"'})


def limit_of(asked: dict[str, str]) -> int:
    """How many the page may have.

    Raises:
        BadParameter: it is no number of those that may be asked for.
    """
    return whole_number("limit", asked.get("limit"), most=MOST_LISTED) or DEFAULT_LISTED
