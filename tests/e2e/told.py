"""What a scripted run says: the contract's events, with texts of an ordinary question."""

from __future__ import annotations

from typing import Any

from scripted_server import Said, Script

QUOTE = (
    "The with statement is used to wrap the execution of a block with methods defined by a context "
    "manager."
)


def source(index: int = 1, **other: Any) -> dict[str, Any]:
    """A source of an answer; anything of it may be said otherwise."""
    url = f"/library/starter/page-{index}"
    return {
        "index": index,
        "title": "The with statement",
        "url": url,
        "site": "docs.example",
        "published": "2026-10-07",
        "quote": QUOTE,
        "link": f"{url}#:~:text=The%20with%20statement",
    } | other


def status(step: str, **other: Any) -> Said:
    return ("status", {"step": step} | other)


def token(text: str) -> Said:
    return ("token", {"text": text})


def done(state: str = "completed") -> Said:
    return ("done", {"status": state, "seconds": {"total": 2.34}, "usage": None})


def begun(*sources: dict[str, Any]) -> Script:
    """Everything up to the first token."""
    return [
        status("rewriting_query", protocol=1),
        status("queries_ready", queries=["with statement", "python context manager"]),
        status("searching"),
        ("sources_preview", {"count": 12, "urls": ["https://docs.example/with"]}),
        status("scraping"),
        (
            "page",
            {
                "url": "https://docs.example/with",
                "title": "Compound statements",
                "chars": 9_000,
                "via": "http",
            },
        ),
        (
            "skipped",
            {
                "stage": "read",
                "what": "https://slow.example/page",
                "why": "The page did not answer within 8 seconds.",
                "code": "timeout",
            },
        ),
        status("scraping_done", scraped=4, total=5),
        status("processing"),
        ("sources", {"sources": list(sources or (source(1), source(2)))}),
        status("generating", model="small-model"),
    ]


def answered(text: str, *sources: dict[str, Any]) -> Script:
    """A whole run whose answer is `text`, said word by word."""
    words = [token(piece) for piece in text.split(" ")]
    spaced = [piece for word in words for piece in (word, token(" "))][:-1]
    return [*begun(*sources), *spaced, done()]
