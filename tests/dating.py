"""A page with a heading and an article, read for its dates."""

from __future__ import annotations

import json

from codexity.model import Page
from codexity.ports import Extractor, Fetched

URL = "https://site.example/old-mill"
PROSE = (
    "<p>The old mill at the weir grinds rye on two days of the "
    "week, and its keeper shows the stones"
    " to whoever comes by before noon. In winter the wheel stands "
    "still, since ice would break it.</p>"
)


def data(*nodes: object) -> str:
    return "".join(
        f'<script type="application/ld+json">{json.dumps(node)}</script>' for node in nodes
    )


def article(more: str = "", *, behind: str = "") -> str:
    return f"<main><article><h1>The old mill</h1>{more}{PROSE * 2}</article></main>{behind}"


async def read(extractor: Extractor, head: str, body: str, url: str = URL) -> Page:
    source = (
        f"<!doctype html><html><head><title>The old mill</title>{head}</head>"
        f"<body>{body}</body></html>"
    )
    return await extractor.extract(
        Fetched(url=url, media_type="text/html", charset=None, body=source.encode())
    )
