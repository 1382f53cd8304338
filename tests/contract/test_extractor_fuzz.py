"""Pages that were broken by chance are read or refused: no crash, no hang, bounded memory."""

from __future__ import annotations

import random
import re
import resource
import time
from pathlib import Path

import pytest

from codexity.adapters.extract.process import ProcessExtractor
from codexity.adapters.extract.worker import _read  # pyright: ignore[reportPrivateUsage]
from codexity.errors import Unreadable
from codexity.model import Page
from codexity.ports import Fetched

SEEDS = sorted((Path(__file__).parents[1] / "walls").rglob("*.html"))
TAG = re.compile(rb"<[^<>]*>")
NASTY = (
    b"\0", b"<", b">", b"</", b"<!--", b"-->", b"<![CDATA[", b"<script>", b"<table><tr>", b"<pre>",
    b"&#0;", b"&#x110000;", b"&#xd800;", b"\xff\xfe", b"\xc3", b"<meta charset=utf-16>",
    b"<br>" * 50, b"<div style='display:none'>", b"<font size=", b"<template>", b"\xf0\x9f",
    b"<svg><title>",
)  # fmt: skip
SECONDS = 8.0
GROWTH_KIB = 400_000


def mutated(body: bytes, draw: random.Random) -> bytes:
    for _ in range(draw.randint(1, 12)):
        at = draw.randrange(len(body) + 1)
        tags = [match.span() for match in TAG.finditer(body)]
        match draw.randrange(6):
            case 0:
                body = body[:at] + draw.randbytes(draw.randint(1, 8)) + body[at:]
            case 1:
                body = body[:at] + body[at + draw.randint(1, 200) :]
            case 2:
                body = body[:at] + draw.choice(NASTY) + body[at:]
            case 3 if tags:
                start, end = draw.choice(tags)
                body = body[:start] + body[end:]
            case 4 if tags:
                start, end = draw.choice(tags)
                body = body[:at] + body[start:end] * draw.randint(1, 60) + body[at:]
            case _:
                body = body[:at] + body[at // 2 : at] + body[at:]
    return body[:200_000]


def read_all(pages: int, seed: int) -> tuple[int, int]:
    """How many were read and refused; anything but a page or a plain refusal ends the test."""
    draw = random.Random(seed)
    bodies = [path.read_bytes() for path in SEEDS]
    read = refused = 0
    for number in range(pages):
        body = mutated(draw.choice(bodies), draw)
        charset = draw.choice((None, None, "utf-8", "utf-16", "shift_jis", "no-such-charset"))
        fetched = Fetched(
            url="https://example.org/", media_type="text/html", charset=charset, body=body
        )
        start = time.perf_counter()
        outcome = _read(fetched)
        assert time.perf_counter() - start < SECONDS, number
        read += isinstance(outcome, Page)
        refused += isinstance(outcome, Unreadable)
    return read, refused


@pytest.mark.parametrize("pages", [500, pytest.param(10_000, marks=pytest.mark.soak)])
def test_broken_pages_are_read_or_refused(pages: int) -> None:
    read_all(20, seed=1)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    read, refused = read_all(pages, seed=pages)
    assert read + refused == pages
    assert read > pages // 10
    assert refused > pages // 10
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < GROWTH_KIB


HOSTILE = {
    "a picture around it all": b"<svg>" + b"<p>words of a page</p>" * 40,
    "nested 50 deep": b"<div>" * 50 + b"words of a page " * 40,
    "nested 5,000 deep": b"<div>" * 5_000 + b"words of a page " * 40,
    "lists 5,000 deep": b"<ul><li>" * 5_000 + b"words of a page " * 40,
    "tables 5,000 deep": b"<table><tr><td>" * 5_000 + b"words of a page " * 40,
    "nul-ridden": b"<html><body><p>" + b"words\0of\0a page " * 60,
    "utf-8 that says utf-16": b"<meta charset=utf-16><p>" + "wörter einer seite ".encode() * 60,
    "only opening brackets": b"<" * 100_000,
    "an attribute without end": b"<p title='" + b"x" * 500_000,
    "a million entities": b"&amp;" * 200_000,
    "ten thousand attributes": b"<p " + b" ".join(b"a%d=1" % n for n in range(10_000)) + b">words",
}


@pytest.mark.parametrize("name", HOSTILE)
async def test_a_page_made_to_hurt_is_read_or_refused(name: str) -> None:
    page = Fetched(
        url="https://example.org/", media_type="text/html", charset="utf-8", body=HOSTILE[name]
    )
    good = Fetched(
        url="https://example.org/",
        media_type="text/html",
        charset=None,
        body=b"<html><body><article><p>" + b"A heron waits in shallow water. " * 40,
    )
    async with ProcessExtractor(workers=1, seconds=SECONDS) as extractor:
        try:
            outcome = (await extractor.extract(page)).text
        except Unreadable as error:
            outcome = error.message
        assert outcome
        assert "heron" in (await extractor.extract(good)).text
