from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from codexity.adapters.library.index import LibraryIndex
from codexity.model import STARTER
from serving import WITH, installed, serving

COMMANDS = ("ask", "read", "serve", "config", "trust", "doctor", "library")
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
SERVING = """
import json, sys
from codexity.edges.cli.lean import loading
if sys.argv[1] == "lean":
    with loading():
        import codexity.edges.cli.serve
else:
    import codexity.edges.cli.serve
from codexity.edges.http.app import create
from codexity.settings import load
create(load().settings)
from fastapi.openapi.models import OpenAPI
print(OpenAPI.__pydantic_complete__)
print(json.dumps([[name for name, one in sys.modules.items() if one], []]), file=sys.stderr)
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


def ran(code: str, *arguments: str) -> tuple[str, list[str], list[str]]:
    """What a program prints, its modules, and those of them that were installed."""
    ended = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    every, foreign = json.loads(ended.stderr.splitlines()[-1])
    return ended.stdout, every, foreign


def program(code: str) -> tuple[str, set[str], set[str]]:
    """What a program prints, its packages, and those of them that were installed."""
    printed, *modules = ran(code)
    tops = [{name.partition(".")[0] for name in names} for names in modules]
    return printed, tops[0], tops[1]


def test_help_lists_the_commands_and_imports_nothing_heavy() -> None:
    told, packages, foreign = program(HELP)
    listed = [line.split()[0] for line in told.partition("Commands:")[2].splitlines() if line]
    assert tuple(listed) == COMMANDS
    assert packages & HEAVY == set()
    assert {"typer"} <= foreign <= {"typer", "shellingham", "annotated_doc"}


def test_what_does_the_work_imports_all_of_that() -> None:
    _, packages, _ = program(EVERYTHING)
    assert packages >= HEAVY


def test_the_server_starts_without_what_its_libraries_load_for_others() -> None:
    built, lean, _ = ran(SERVING, "lean")
    assert built.strip() == "False", "models of a library are built when they are needed"
    assert {"rich", "rich.console", "pygments", "pydantic.v1"} & set(lean) == set()
    built, usual, _ = ran(SERVING, "usual")
    assert built.strip() == "True"
    assert {"rich", "rich.console", "pydantic.v1"} <= set(usual)


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
