"""The house's rules: who may import whom, what the core may touch, sizes, names, the lock."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

HOME = Path(__file__).resolve().parents[2]
PACKAGE = HOME / "src" / "codexity"
NOT_OURS = {"build", "dist", "__pycache__"}
TEXTS = {".css", ".html", ".js", ".md", ".py", ".pyi", ".sh", ".toml", ".txt", ".yaml", ".yml", ""}

CORE = (
    "model events errors text links citations prompt_injection ports stages supervisor pipeline"
    " engine"
).split()
MAY_IMPORT = set(
    """__future__ abc array ast bisect collections collections.abc contextlib copy dataclasses
    datetime decimal difflib enum fractions functools hashlib heapq html itertools json keyword
    logging math operator random re secrets statistics string textwrap time types typing unicodedata
    urllib.parse weakref""".split()
)
THIRD_PARTIES = {"anyio", "idna", "Stemmer"}
# A reader that waits is one bare future: see docs/decisions/one-future-a-reader.md. Whether
# a task was cancelled is known to it alone: see docs/decisions/supervised-loops.md.
ALLOWED = {"engine/follower.py": {"asyncio"}, "supervisor.py": {"asyncio"}}

# One forbidden import for each contract of pyproject.toml: where it is planted, and what.
PLANTS = {
    "rooms": ("model.py", "import codexity.text"),
    "adapters know ports only": ("adapters/search/__init__.py", "import codexity.pipeline"),
    "only compose names adapters": ("edges/__init__.py", "import codexity.adapters.search"),
    "stages do not know each other": ("stages/chunk.py", "import codexity.stages.quote"),
    "the core does no I/O": ("text.py", "import socket"),
}


@pytest.fixture
def house(tmp_path: Path) -> Path:
    shutil.copytree(
        PACKAGE, tmp_path / "src" / "codexity", ignore=shutil.ignore_patterns("__pycache__")
    )
    shutil.copy(HOME / "pyproject.toml", tmp_path)
    return tmp_path


def lint(house: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=house,
        env=os.environ | {"PYTHONPATH": str(house / "src"), "NO_COLOR": "1", "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def contracts() -> list[str]:
    with (HOME / "pyproject.toml").open("rb") as file:
        settings = tomllib.load(file)
    return [contract["name"] for contract in settings["tool"]["importlinter"]["contracts"]]


def test_the_house_as_it_is_keeps_every_import_rule(house: Path) -> None:
    found = lint(house)
    assert found.returncode == 0, found.stdout
    for name in contracts():
        assert f"{name} KEPT" in found.stdout


@pytest.mark.parametrize("contract", contracts())
def test_a_forbidden_import_is_refused_by_its_contract(contract: str, house: Path) -> None:
    where, what = PLANTS[contract]
    with (house / "src" / "codexity" / where).open("a", encoding="utf-8") as file:
        file.write(f"\n{what}\n")
    found = lint(house)
    assert found.returncode == 1, found.stdout
    assert f"{contract} BROKEN" in found.stdout


def test_a_new_module_needs_a_room(house: Path) -> None:
    (house / "src" / "codexity" / "newcomer.py").write_text('"""Nobody drew a room for it."""\n')
    found = lint(house)
    assert found.returncode == 1, found.stdout
    assert "rooms BROKEN" in found.stdout
    assert "newcomer" in found.stdout


def core() -> Iterator[Path]:
    for name in CORE:
        one = PACKAGE / f"{name}.py"
        yield from [one] if one.exists() else sorted((PACKAGE / name).rglob("*.py"))


def imported(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield node.module or ""


def foreign(file: Path) -> list[str]:
    """What this file imports although the core may not."""
    here = str(file.relative_to(PACKAGE)) if file.is_relative_to(PACKAGE) else ""
    may = MAY_IMPORT | ALLOWED.get(here, set())
    return [
        name
        for name in imported(file)
        if name.partition(".")[0] not in {"codexity", *THIRD_PARTIES} and name not in may
    ]


def test_the_core_imports_nothing_but_what_its_list_allows() -> None:
    found = {str(file.relative_to(PACKAGE)): foreign(file) for file in core()}
    assert len(found) >= len(CORE)
    assert {file: names for file, names in found.items() if names} == {}


def test_an_import_outside_the_list_is_seen(tmp_path: Path) -> None:
    planted = tmp_path / "planted.py"
    planted.write_text("import re\nfrom os import path\nimport urllib.request\nimport httpx2\n")
    assert foreign(planted) == ["os", "urllib.request", "httpx2"]


def files(*folders: str) -> Iterator[Path]:
    """Every text file of the repository, or of these folders of it."""
    for start in [HOME / folder for folder in folders] or [HOME]:
        for where, below, names in os.walk(start):
            # Folders that begin with a dot are caches and environments, but for our CI's.
            below[:] = [
                name
                for name in below
                if name not in NOT_OURS and (name == ".ci" or not name.startswith("."))
            ]
            yield from (
                Path(where) / name
                for name in sorted(names)
                if Path(name).suffix in TEXTS and name not in {".coverage", ".env"}
            )


def said(pattern: str) -> list[str]:
    """Where a pattern occurs in the repository, as `file:line`."""
    wanted = re.compile(pattern)
    return [
        f"{file.relative_to(HOME)}:{number}"
        for file in files()
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1)
        if wanted.search(line)
    ]


def test_no_file_of_code_is_longer_than_three_hundred_lines() -> None:
    code = {".py", ".js", ".css", ".html", ".sh"}
    lengths = {
        str(file.relative_to(HOME)): len(file.read_text(encoding="utf-8").splitlines())
        for file in files("src", "tests", "bench", "setup")
        if file.suffix in code
    }
    assert len(lengths) > 20
    assert {file: length for file, length in lengths.items() if length > 300} == {}


def test_no_module_has_a_name_that_says_nothing() -> None:
    forbidden = set("utils util helpers helper common base manager service misc".split())
    names = {
        str(file.relative_to(HOME)): {file.stem, *file.relative_to(HOME).parent.parts}
        for file in files("src", "tests", "bench", "setup")
    }
    assert {file for file, parts in names.items() if parts & forbidden} == set()


def test_nothing_is_left_for_later_in_the_text() -> None:
    # Written in two halves, so that this file does not find itself.
    assert said(r"\b(?:TO" + r"DO|FIX" + r"ME|X" + r"XX)\b") == []
    assert said(r"def test_nothing_is_left_for_later") != []


def test_no_file_names_somebodys_home() -> None:
    assert said(r"(?<![\w.~/])/(?:home|Us" + r"ers)/\w|(?<![\w.~/])/ro" + r"ot\b") == []


@pytest.mark.parametrize(
    ("name", "least"), [("product.txt", 20), ("development.txt", 20), ("browser.txt", 2)]
)
def test_the_lock_holds_versions_and_hashes_and_no_address(name: str, least: int) -> None:
    lock = (HOME / "requirements" / name).read_text(encoding="utf-8")
    assert (
        re.findall(r"://|@|--index|--extra|--find-links|--trusted|^\s*/", lock, re.MULTILINE) == []
    )
    entries = re.split(r"\n(?=\S)", lock.strip())
    assert len(entries) >= least
    for entry in entries:
        assert re.match(r"[a-z0-9-]+(?:\[[a-z,]+\])?==[\w.!+]+ ", entry)
        assert "--hash=sha256:" in entry


def test_the_lock_has_everything_that_the_package_names() -> None:
    with (HOME / "pyproject.toml").open("rb") as file:
        wanted = tomllib.load(file)["project"]["dependencies"]
    lock = (HOME / "requirements" / "product.txt").read_text(encoding="utf-8")
    locked = set(re.findall(r"^([a-z0-9-]+)", lock, re.MULTILINE))
    names = {re.split(r"[^\w.-]", one)[0].lower().replace("_", "-") for one in wanted}
    assert names - locked == set()


SUPERVISED = "supervise"
BOUNDARIES = {
    # What a task catches itself, since it is of one thing alone, and that goes with it.
    "engine/__init__.py": {"self._live"},
    "engine/leaving.py": {"self._lingering"},
    "stages/gather/readers.py": {"self._watch", "self._hand_out", "self._work"},  # within one run
    "adapters/flights.py": {"self._fly"},
    "adapters/llm/models.py": {"self.look"},
    "adapters/fetch/browser.py": {"self._open", "self._keep_way"},
    "edges/http/streams.py": {"_until_left"},
    "edges/http/app.py": {"_prepare", "drain.wait"},
}
"""Tasks that outlive who starts them and need no supervisor: each has a test of its faults."""


def lasting(file: Path) -> Iterator[str]:
    """What this file starts in task groups that are open when the function has returned."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    functions = (ast.AsyncFunctionDef, ast.FunctionDef)
    for function in (node for node in ast.walk(tree) if isinstance(node, functions)):
        own = {
            ast.unparse(item.optional_vars)
            for node in ast.walk(function)
            # What yields within it leaves it open.
            if isinstance(node, ast.AsyncWith)
            and not any(isinstance(one, ast.Yield) for one in ast.walk(node))
            for item in node.items
            if item.optional_vars is not None and "create_task_group" in ast.unparse(item)
        }
        for node in ast.walk(function):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in {"start_soon", "start"}
                and isinstance(node.func.value, ast.Name | ast.Attribute)
                and "task" in ast.unparse(node.func.value)
                and ast.unparse(node.func.value) not in own
            ):
                yield ast.unparse(node.args[0])


def unsupervised(file: Path, may: set[str]) -> list[str]:
    return [name for name in lasting(file) if name.split(".")[-1] != SUPERVISED and name not in may]


def test_background_work_is_supervised_or_is_known_to_catch_its_own_faults() -> None:
    found = {str(file.relative_to(PACKAGE)): file for file in PACKAGE.rglob("*.py")}
    started = {name: set(lasting(file)) for name, file in found.items()}
    assert {name for name, tasks in started.items() if any(SUPERVISED in one for one in tasks)} == {
        "engine/__init__.py",
        "edges/http/streams.py",
    }
    for name, may in BOUNDARIES.items():
        assert may <= started[name], f"{name} no longer starts one of these"
    loose = {name: unsupervised(one, BOUNDARIES.get(name, set())) for name, one in found.items()}
    assert {name: tasks for name, tasks in loose.items() if tasks} == {}


def test_a_loop_that_nobody_supervises_is_seen(tmp_path: Path) -> None:
    planted = tmp_path / "planted.py"
    planted.write_text(
        "class A:\n"
        "    def begin(self, supervisor):\n"
        "        self._tasks.start_soon(self._loop)\n"
        "        self._tasks.start_soon(supervisor.supervise, 'a loop', self._loop)\n"
        "    async def once(self):\n"
        "        async with anyio.create_task_group() as tasks:\n"
        "            tasks.start_soon(self._piece)\n"
        "    async def opened(self):\n"
        "        async with anyio.create_task_group() as tasks:\n"
        "            tasks.start_soon(self._other)\n"
        "            yield\n"
    )
    assert unsupervised(planted, set()) == ["self._loop", "self._other"]
