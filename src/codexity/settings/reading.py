"""The settings of reading pages: how they are fetched, and shown where that needs a browser."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from codexity.settings.values import (
    Group,
    HarmlessAs,
    HarmlessWhole,
    HostAndPort,
    Number,
    Whole,
    lowered,
)


class FetchGroup(Group):
    """How pages are fetched."""

    allow_hosts: tuple[HostAndPort, ...] = Field(
        default=(),
        description="Hosts, or host:port pairs, that may be read although their address is not "
        "public, such as a wiki on your own network.",
        examples=[["wiki.internal", "127.0.0.1:8080"]],
    )
    max_bytes: HarmlessWhole = Field(
        default=5_000_000,
        ge=10_000,
        le=100_000_000,
        description="A page that is larger than this after decompression is skipped.",
    )
    robots: Annotated[bool, HarmlessAs(value=True)] = Field(
        default=True,
        description="Whether pages that a site's robots.txt asks not to read are left out "
        "(RFC 9309). It is asked for once a day.",
    )
    cache: Annotated[bool, HarmlessAs(value=False)] = Field(
        default=True,
        description="Whether pages are kept on disk and used again where their sites allow it "
        "(RFC 9111). What a site calls private, or wants stored by nobody, is not kept.",
    )
    cache_bytes: Whole = Field(
        default=200_000_000,
        ge=1_000_000,
        le=100_000_000_000,
        description="How much of pages is kept; those not used for longest go first.",
    )
    cache_days: Number = Field(
        default=7,
        gt=0,
        le=365,
        description="A page that was neither fetched nor found unchanged for so many days is not"
        " used any more, and goes in time.",
    )
    contact: str | None = Field(
        default=None,
        max_length=200,
        pattern=r"^[!-'*-~]+( [!-'*-~]+)*$",
        description="An address or URL to tell the sites that are read, as part of the "
        "User-Agent, so that they can reach you.",
        examples=["https://example.org/contact"],
    )


class BrowserGroup(Group):
    """The browser that shows pages which hold no text without JavaScript (extra `browser`)."""

    enabled: Annotated[
        Literal["auto", "off"], BeforeValidator(lowered), HarmlessAs(value="off")
    ] = Field(
        default="auto",
        description="`auto` uses the system's Chromium where it is there, and Playwright is "
        "installed (`codexity[browser]`); `off` uses none.",
    )
    executable: Path | None = Field(
        default=None,
        description="The browser's program. Not set: chromium-headless-shell, chromium or Chrome, "
        "on the path or at their usual places.",
        examples=["/usr/bin/chromium"],
    )
    pages_at_once: HarmlessWhole = Field(
        default=4, ge=1, le=32, description="How many pages it shows at the same time."
    )
    memory_bytes: HarmlessWhole = Field(
        default=1_200_000_000,
        ge=300_000_000,
        le=64_000_000_000,
        description="The browser is ended, and started anew for the next page, when its processes "
        "together hold more memory than this.",
    )
