"""Documents that are made to take long are read in time that grows with their length."""

from __future__ import annotations

import time
from contextlib import suppress

import pytest

from codexity.adapters.extract.document import read_document
from codexity.errors import Unreadable
from codexity.ports import Fetched

LENGTH = 100_000
SECONDS = 4.0
ENVELOPE = "From a@b.example Tue Mar  7 09:00:00 2023\nSubject: x\n\n"
BLOCK = "6543abcd-1111-2222-3333-444455556666"
HOSTILE = {
    "comments left open": ("text/markdown", "", "<!--"),
    "a comment of HTML in each block": ("text/markdown", "<div>\n", "<!-- <td> "),
    "links left open": ("text/markdown", "", "[[a "),
    "comments of notes": ("text/markdown", "", "%%a "),
    "comments on lines of their own": ("text/markdown", "", "%%\n\n"),
    "comments that do not end": ("text/markdown", "", "%% a\n\n"),
    "comments that end late": ("text/markdown", "", "%%\n%%a\n"),
    "references": ("text/markdown", "", f"- (({BLOCK}))\n"),
    "references to references": ("text/markdown", "", f"- (({BLOCK}))\n  id:: {BLOCK}\n"),
    "properties": ("text/markdown", "", "a:: b\n"),
    "properties left open": ("text/markdown", "", "- [a:: "),
    "notes left open": ("text/markdown", "", "a ^[b"),
    "gaps left open": ("text/markdown", "", "{{cloze a"),
    "queries of Org": ("text/markdown", "", "- #+BEGIN_QUERY\n"),
    "templates": ("text/markdown", "", "<% a "),
    "labels of days": ("text/plain", "", "date: date: 7 "),
    "highlights": ("text/markdown", "", "==a "),
    "raised": ("text/markdown", "", "a^b"),
    "raised in HTML": ("text/markdown", "", "1<sup>"),
    "shortcodes": ("text/markdown", "", "{{<"),
    "footnotes": ("text/markdown", "", "[^a]: x\n"),
    "fields": ("text/markdown", "---\n", "a: b\n"),
    "one field": ("text/markdown", "---\n", "a"),
    "JSON": ("text/markdown", "", '{"a":'),
    "spaces": ("text/plain", "a", " "),
    "spaces and a word": ("text/plain", "a" + " " * LENGTH, "a"),
    "spaces and bars": ("text/plain", "", "a    |"),
    "a rule and a letter": ("text/plain", "a\n" + "-" * LENGTH, "x"),
    "columns": ("text/plain", "", "a  "),
    "quoted": ("text/plain", "", "> "),
    "keys": ("text/plain", "", "a:"),
    "days": ("text/plain", "", "2023-03-07 "),
    "numbers": ("text/plain", "", "12. a\n"),
    "wide lines": ("text/plain", "", f"{'鷺' * 30}\n"),
    "marks": ("text/org", "", "*a "),
    "struck out": ("text/org", "", "+a "),
    "tags": ("text/org", "* a ", ":a"),
    "drawers": ("text/org", "", ":a:\n"),
    "blocks": ("text/org", "", "#+begin_src\n"),
    "cells": ("text/org", "", "| a "),
    "mails": ("application/mbox", "", f"{ENVELOPE}x\n\n"),
    "heads": ("message/rfc822", "From: a\n", "A: b\n"),
    "parts": (
        "message/rfc822",
        "From: a\nContent-Type: multipart/mixed; boundary=x\n\n",
        "--x\nContent-Type: multipart/mixed; boundary=y\n\n",
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_document_is_read_in_linear_time(name: str) -> None:
    media_type, before, again = HOSTILE[name]
    body = (before + again * (LENGTH // len(again))).encode()
    fetched = Fetched(url="/library/a/b", media_type=media_type, charset="utf-8", body=body)
    begin = time.process_time()
    with suppress(Unreadable):
        assert read_document(fetched).text
    assert time.process_time() - begin < SECONDS
