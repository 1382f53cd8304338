"""AsciiDoc and source code that are made to take long are read in time that grows with them."""

from __future__ import annotations

import time
from contextlib import suppress

import pytest

from codexity.adapters.extract.code.languages import LANGUAGES, PYTHON
from codexity.adapters.extract.document import read_document
from codexity.errors import Unreadable
from codexity.ports import Fetched

LENGTH = 100_000
SECONDS = 4.0
ASCIIDOC = {
    "blocks left open": ("", "====\n"),
    "blocks of other lengths": ("", "".join(f"{'=' * at}\n" for at in range(4, 60))),
    "code left open": ("", "----\na\n----a\n"),
    "titles": ("", "== a\n"),
    "underlined": ("", "a\n---\n"),
    "marks": ("", "*a "),
    "double marks": ("", "**a "),
    "marks in marks": ("", "*_`#"),
    "references": (":a: b\n\n", "{a}"),
    "references left open": ("", "{a"),
    "links left open": ("", "https://a["),
    "crosses left open": ("", "<<a,"),
    "notes": ("", "footnote:[a]"),
    "notes left open": ("", "footnote:[a "),
    "terms": ("", "a::\n"),
    "colons": ("", "a:: "),
    "colons alone": ("", ":"),
    "items": ("", "* a\n"),
    "items of other marks": ("", "* a\n- b\n. c\n1. d\n"),
    "ties": ("* a\n", "+\nb\n"),
    "cells": ("|===\n", "|a "),
    "repeated cells": ("|===\n", "99*|a\n"),
    "deep cells": ("[cols=9*]\n|===\n", ".999+|a\n"),
    "bars and signs": ("|===\n", "2.3+^.^a|"),
    "attributes": ("", ":a: b\n"),
    "lists of attributes": ("", "[a]\n"),
    "brackets": ("", "["),
    "quotes": ("", '"`a'),
    "raised": ("", "a^b"),
    "passed": ("", "+a "),
    "spaces": ("a", " "),
}
CODE = {
    "comments left open": "/*",
    "comments of lines": "// a\n",
    "comments of hashes": "# a\n",
    "stars": "*",
    "quotes": '"',
    "three quotes": '"""',
    "single quotes": "'",
    "backticks": "`",
    "backslashes": '"\\',
    "dashes": "-",
    "braces and dashes": "{-",
    "brackets": "--[[",
    "called": "a(",
    "words": "a ",
    "headers": "int a(\n",
    "public": "public ",
    "types": "a<b,",
    "structs": "struct a {\n",
    "functions": "function ",
    "arrows": "const a = (",
    "constants": "A = A_",
    "assignments": "AAA = 1\n",
    "created": "CREATE ",
    "spaces": " ",
    "lines": "\n \n",
    "comment and line": "// a\nb = c\n",
    "tags": "/** @a\n",
    "titles": "/// # a\n",
    "begins": "=begin\n",
    "semicolons": ";|#",
}


def seconds(media_type: str, text: str) -> float:
    body = text.encode()
    fetched = Fetched(url="/library/a/b", media_type=media_type, charset="utf-8", body=body)
    begin = time.process_time()
    with suppress(Unreadable, RecursionError, MemoryError):
        assert read_document(fetched).text
    return time.process_time() - begin


@pytest.mark.parametrize("name", ASCIIDOC)
def test_asciidoc_is_read_in_linear_time(name: str) -> None:
    before, again = ASCIIDOC[name]
    assert seconds("text/asciidoc", before + again * (LENGTH // len(again))) < SECONDS


@pytest.mark.parametrize("name", CODE)
def test_source_code_is_read_in_linear_time(name: str) -> None:
    again = CODE[name]
    text = again * (LENGTH // len(again))
    for media_type in ("text/x-source-c", "text/x-source-js", "text/x-source-ruby", PYTHON):
        assert seconds(media_type, text) < SECONDS, media_type


@pytest.mark.parametrize("media_type", LANGUAGES)
def test_each_language_is_read_in_linear_time(media_type: str) -> None:
    for name, again in CODE.items():
        assert seconds(media_type, again * (LENGTH // 10 // len(again))) < SECONDS / 2, name
