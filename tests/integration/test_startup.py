from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from codexity.adapters.library.index import LibraryIndex
from codexity.model import STARTER
from serving import WITH, installed, serving

COMMANDS = ("ask", "read", "serve", "config", "doctor", "library")
HEAVY = frozenset(
    """rich pydantic fastapi starlette uvicorn trafilatura lxml resiliparse httpx2 ddgs
    structlog""".split()
)
HELP = """
import json, sys
bare = set(sys.modules)
from codexity.edges.cli import main
sys.argv = ["codexity", "--help"]
try:
    main()
finally:
    files = {name: str(getattr(one, "__file__", "")) for name, one in sys.modules.items()}
    foreign = [name for name, file in files.items() if "site-packages" in file and name not in bare]
    print(json.dumps([list(files), foreign]), file=sys.stderr)
"""
EVERYTHING = """
import json, sys
import codexity.compose, codexity.edges.http.app, codexity.edges.cli.serve
import ddgs.engines.duckduckgo
from codexity.adapters.extract.document import read_document
from codexity.ports import Fetched
body = b"<title>Kestrel</title><article><p>" + b"A kestrel hovers. " * 30 + b"</p></article>"
read_document(Fetched(url="https://a.example/", media_type="text/html", charset=None, body=body))
print(json.dumps([sorted(sys.modules), []]), file=sys.stderr)
"""


def program(code: str) -> tuple[str, set[str], set[str]]:
    """What a program prints, its packages, and those of them that were installed."""
    ended = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    every, foreign = json.loads(ended.stderr.splitlines()[-1])
    tops = [{name.partition(".")[0] for name in names} for names in (every, foreign)]
    return ended.stdout, tops[0], tops[1]


def test_help_lists_the_commands_and_imports_nothing_heavy() -> None:
    told, packages, foreign = program(HELP)
    listed = [line.split()[0] for line in told.partition("Commands:")[2].splitlines() if line]
    assert tuple(listed) == COMMANDS
    assert packages & HEAVY == set()
    assert {"typer"} <= foreign <= {"typer", "shellingham", "annotated_doc"}


def test_what_does_the_work_imports_all_of_that() -> None:
    _, packages, _ = program(EVERYTHING)
    assert packages >= HEAVY


async def test_health_is_told_before_the_starter_is_built_and_a_question_waits_for_it(
    tmp_path: Path,
) -> None:
    home = installed(tmp_path / "home")
    index = LibraryIndex(home / "data" / "library.sqlite3")
    with serving(home) as server:
        assert server.get("/health").json() == {"status": "ok"}
        assert await index.stamp(STARTER) == "", "it is still being built"
        heard = server.ask(WITH)
        assert await index.stamp(STARTER) != ""
    assert heard.status == "completed"
    assert "context manager" in heard.text
    assert heard.sources[0]["url"].startswith(f"/library/{STARTER}/")
