"""The settings of runs and of the streams that tell them."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from codexity.settings.values import (
    HARMLESS,
    Group,
    HarmlessFlag,
    HarmlessNumber,
    HarmlessWhole,
    Number,
    Whole,
)


class StreamGroup(Group):
    """How answers are streamed."""

    resume_seconds: HarmlessNumber = Field(
        default=5,
        ge=0,
        le=120,
        description="How long a run goes on after its last reader left, so that a reader whose "
        "connection broke can come back. 0 stops it at once.",
    )
    heartbeat_seconds: HarmlessNumber = Field(
        default=15,
        ge=1,
        le=30,
        description="After so much silence a heartbeat is sent while the answer is written. Keep "
        "it below the read timeout of proxies.",
    )
    first_heartbeat_seconds: HarmlessNumber = Field(
        default=5,
        ge=1,
        le=30,
        description="The same, until the first words of the answer are out.",
    )
    gather_seconds: HarmlessNumber = Field(
        default=0.1,
        ge=0,
        le=0.1,
        description="How far apart at most a busy server's writes to a stream are: what is said "
        "between them goes out in one piece. One that is not busy gathers for 5 milliseconds.",
    )
    send_seconds: HarmlessNumber = Field(
        default=30,
        ge=1,
        le=600,
        description="A reader that takes nothing for so long is dropped. It may come back.",
    )
    drain_seconds: HarmlessNumber = Field(
        default=0,
        ge=0,
        le=3_600,
        description="How long a server that is told to end lets open streams go on, while it "
        "begins nothing new. Then they are told that they were interrupted.",
    )
    max_streams: HarmlessWhole = Field(
        default=4_096, ge=1, le=1_000_000, description="How many streams may be open at once."
    )
    max_streams_per_client: HarmlessWhole = Field(
        default=32,
        ge=1,
        le=1_000_000,
        description="The same for one client: an API key, or else an address (see "
        "`server.trusted_proxies`).",
    )
    content_encoding_identity: HarmlessFlag = Field(
        default=True,
        description="Tells proxies not to compress the stream, which would hold the answer back "
        "until it is complete.",
    )


class RunsGroup(Group):
    """How many questions are answered at once, and what is kept of the answers."""

    at_once: HarmlessWhole = Field(
        default=16,
        ge=1,
        le=100_000,
        description="How many questions are answered at the same time; others wait for their turn.",
    )
    at_once_per_client: Annotated[Whole | None, HARMLESS] = Field(
        default=None,
        ge=1,
        le=100_000,
        description="The same for one client: an API key, or else an address. Not set: three "
        "quarters of them where several can ask (two keys or more, `server.open`, or "
        "`server.trusted_proxies`), so that who comes next need not wait; else all.",
        examples=[12],
    )
    queued: HarmlessWhole = Field(
        default=200,
        ge=0,
        le=1_000_000,
        description="How many questions may wait for their turn. "
        "Where it is full, whoever has most of them waiting gives way to who has fewer.",
    )
    keep_count: Whole = Field(
        default=10_000, ge=0, le=10_000_000, description="How many answers are kept."
    )
    keep_days: Number = Field(
        default=90,
        ge=0,
        le=36_500,
        description="For how many days an answer is kept. Older ones go a tenth at a time, from ten"
        " minutes after the start on, since a clock may be wrong; with 0 none is kept.",
    )
    keep_bytes: Whole = Field(
        default=1_000_000_000,
        ge=0,
        le=1_000_000_000_000_000,
        description="How many bytes the answers that are kept may take together.",
    )
