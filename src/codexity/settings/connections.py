"""The settings that bound the connections of `codexity serve`."""

from __future__ import annotations

from pydantic import Field

from codexity.settings.values import Group, Number, Whole


class ConnectionsGroup(Group):
    """The connections of `codexity serve`: how many, and how long they have to ask something."""

    max: Whole | None = Field(
        default=None,
        ge=1,
        le=1_000_000,
        description="How many connections are held at once. Where one comes too "
        "many, the one that has asked nothing for longest gives way; where all have asked, the new "
        "one is told 503. Not set: 8192, or twice `stream.max_streams` where that is more; never "
        "more than the limit on open files allows.",
        examples=[8192],
    )
    max_per_client: Whole | None = Field(
        default=None,
        ge=1,
        le=1_000_000,
        description="The same for one client (then 429): an IPv4 address or a /64 of IPv6. It does "
        "not hold for `server.trusted_proxies`. Not set: 1024, or twice "
        "`stream.max_streams_per_client` where that is more.",
        examples=[1024],
    )
    first_byte_seconds: Number = Field(
        default=15,
        gt=0,
        le=3_600,
        description="How long a new connection may say nothing at all.",
    )
    head_seconds: Number = Field(
        default=10,
        gt=0,
        le=3_600,
        description="How long the head of a request may take from its first byte to its last (then "
        "408), and the rest of a body that was answered already.",
    )
