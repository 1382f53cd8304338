"""What bounds the fetching of one document."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchLimits:
    """The numbers of a fetch. Durations are in seconds.

    `read_seconds` is the longest silence between two pieces, `total_seconds` covers everything,
    redirects and robots.txt included. `max_bytes` holds for what comes over the wire and again for
    what it unpacks to. Of one host at most `max_per_host` answers are open at once. With `robots`
    only what a site's robots.txt allows is fetched.
    """

    connect_seconds: float = 4.0
    read_seconds: float = 5.0
    total_seconds: float = 8.0
    max_bytes: int = 5_000_000
    max_redirects: int = 5
    max_connections: int = 256
    max_per_host: int = 6
    robots: bool = False
