#!/bin/sh
# lxml.html leaves out, without a word, what stands deeper than 255 elements.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check lxml==6.1.3
"$folder/venv/bin/python" - <<'PROGRAM'
"""Browsers show text at any depth: where they stop nesting, they move the rest up.

libxml2 has a limit against files made to hurt. lxml raises nothing when HTML meets it, and the text
is in no element: not in text_content(), not in the serialization. `huge_tree=True` reads it.
"""

import sys

import lxml.etree
import lxml.html


def read(depth: int, *, huge: bool = False) -> bool:
    """Whether a word so deep is in the text."""
    page = f"<body><p>shallow</p>{'<div>' * depth}kestrel{'</div>' * depth}</body>"
    parser = lxml.html.HTMLParser(huge_tree=huge)
    return "kestrel" in lxml.html.document_fromstring(page, parser=parser).text_content()


told = {254: read(254), 255: read(255), "255, huge_tree": read(255, huge=True)}
print("lxml", lxml.etree.__version__, "finds a word at a depth of", told)
sys.exit(0 if list(told.values()) == [True, False, True] else 1)
PROGRAM
