"""What a server says of when to ask again."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpx2

_MAX_WAIT_SECONDS = 31 * 86_400


def retry_after(headers: httpx2.Headers) -> float | None:
    """Seconds, as `Retry-After` says: a number, or a date. Source: RFC 9110, 10.2.3.

    A date is held against the `Date` of the same answer where it has one: our clock may be wrong.
    """
    text = headers.get("Retry-After", "").strip()
    if text.isdecimal() and text.isascii():
        return float(min(int(text[:9]), _MAX_WAIT_SECONDS))
    at = _date(text)
    if at is None:
        return None
    left = (at - (_date(headers.get("Date", "")) or datetime.now(UTC))).total_seconds()
    return min(max(0.0, left), float(_MAX_WAIT_SECONDS))


def _date(text: str) -> datetime | None:
    try:
        at = parsedate_to_datetime(text)
        return at if at.tzinfo else at.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None
