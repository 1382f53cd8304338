#!/bin/sh
# An image within a line of Markdown costs rich's reader the end of that line.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check rich==15.0.0
"$folder/venv/bin/python" - <<'PROGRAM'
"""rich draws an image as a sign and its words, and counts only part of them when it breaks lines.

What does not fit is cut off and not put on the next line: words of the text are shown nowhere. The
same line without the image loses nothing.
"""

import io
import sys
from importlib.metadata import version

from rich.console import Console
from rich.markdown import Markdown

LINE = "The ferry to Tarn leaves at seven and at nine, and on Sundays at ten, when the tide allows."


def lost(text: str) -> list[str]:
    """The words of the line that a window of 100 columns does not show."""
    out = io.StringIO()
    Console(file=out, width=100).print(Markdown(text))
    shown = out.getvalue().split()
    return [word for word in LINE.split() if word not in shown]


without = lost(LINE)
behind = lost(f"![A plan of the harbour, drawn by hand](plan.png) {LINE}")
print("rich", version("rich"), "loses", without, "without an image, and behind one", behind)
sys.exit(0 if not without and behind else 1)
PROGRAM
