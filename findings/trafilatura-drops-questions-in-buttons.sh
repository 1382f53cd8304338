#!/bin/sh
# trafilatura leaves out the question of an FAQ that is a button, and what has aria-hidden.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check trafilatura==2.3.1 lxml-html-clean==0.4.6
"$folder/venv/bin/python" - <<'PROGRAM'
"""The pattern that the ARIA practices give for accordions is a heading with a button in it.

trafilatura 2.3.1 takes buttons for controls and drops their words with them, so that answers are read
without what they answer; favor_recall does not change it. aria-hidden="true" hides from screen
readers alone, and what has it is seen by everybody else: its text is dropped too.
"""

import sys
from importlib.metadata import version

import trafilatura

QUESTION = "When do the herons leave the northern ponds?"
ANSWER = "They leave in the first week of October, before the water freezes over."
REST = "<p>" + "A heron waits in shallow water until a fish comes near enough. " * 8 + "</p>"
KINDS = {
    "a heading": f"<h3>{QUESTION}</h3>",
    "a button in a heading": (
        f"<h3><button aria-expanded=true aria-controls=a>{QUESTION}</button></h3>"
    ),
    "aria-hidden": f"<p aria-hidden=true>{QUESTION}</p>",
}


def read(kind: str) -> tuple[bool, bool]:
    """Whether the question is in the text, and whether the answer is."""
    faq = f"{KINDS[kind]}<div id=a><p>{ANSWER}</p></div>"
    page = f"<html><body><article><h1>Herons</h1>{REST}{faq}{REST}</article></body></html>"
    text = trafilatura.extract(page, favor_recall=True) or ""
    return QUESTION in text, ANSWER in text


told = {kind: read(kind) for kind in KINDS}
print("trafilatura", version("trafilatura"), "finds question and answer:", told)
sys.exit(0 if list(told.values()) == [(True, True), (False, True), (False, True)] else 1)
PROGRAM
