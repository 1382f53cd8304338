from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from codexity.edges.cli.config import show
from codexity.settings import load, reference
from codexity.settings.tree import leaves
from trusting import trusted

ROOT = Path(__file__).parents[2]
REGENERATE = "the settings changed: run `python -m codexity.settings.reference` and commit both"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "home"
    folder.mkdir()
    return folder


def environ(home: Path, **more: str) -> dict[str, str]:
    return {"HOME": str(home), **more}


def test_the_process_own_environment_and_folder_are_read(cwd: Path, home: Path) -> None:
    (cwd / "codexity.toml").write_text("data_dir = 'kept'")
    trusted(cwd, environ(home))
    program = (
        "from codexity.settings import load; from codexity.edges.cli.config import show;"
        "print(show(load(), as_json=True))"
    )
    told = subprocess.run(
        [sys.executable, "-c", program],
        cwd=cwd,
        env=environ(home, CODEXITY_SERVER__PORT="9001"),
        check=True,
        capture_output=True,
        timeout=60,
    ).stdout
    shown = json.loads(told)
    assert shown["data_dir"]["value"] == str(cwd.resolve() / "kept")
    assert shown["server.port"] == {
        "value": 9001,
        "origin": "environment CODEXITY_SERVER__PORT",
        "environment": "CODEXITY_SERVER__PORT",
        "ignored": [],
    }


def test_config_shows_every_setting_with_its_origin_and_no_secret(cwd: Path, home: Path) -> None:
    given = {
        "CODEXITY_LLM__API_KEY": "very-secret-key-1",
        "CODEXITY_SERVER__API_KEYS": '{"alice": "very-secret-key-2"}',
    }
    loaded = load(cwd=cwd, environ=environ(home, **given))
    lines = show(loaded, as_json=False).splitlines()
    assert [line.split()[0] for line in lines] == [leaf.name for leaf in leaves()]
    told = dict(line.split(maxsplit=1) for line in lines)
    assert told["server.port"].split() == ["8000", "default"]
    assert told["llm.api_key"].split() == ["********", "environment", "CODEXITY_LLM__API_KEY"]
    assert told["llm.model"].startswith("(not set)")
    assert "very-secret" not in show(loaded, as_json=False) + show(loaded, as_json=True)
    assert "alice" in told["server.api_keys"]


def test_importing_the_package_or_the_command_imports_no_pydantic() -> None:
    program = (
        "import sys, codexity, codexity.edges.cli.config;"
        "assert 'pydantic' not in sys.modules; import codexity.settings;"
        "assert 'pydantic' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)


def test_the_generated_files_are_those_of_the_settings(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    reference.write(tmp_path)
    for name in (".env.example", "docs/settings.md"):
        assert (ROOT / name).read_text() == (tmp_path / name).read_text(), REGENERATE


def test_the_example_as_it_stands_changes_nothing_and_each_of_its_lines_is_taken(
    cwd: Path, home: Path
) -> None:
    example = (ROOT / ".env.example").read_text()
    (cwd / ".env").write_text(example)
    plain = load(cwd=cwd, environ=environ(home))
    assert set(plain.origins.values()) == {"default"}
    (cwd / ".env").write_text(example.replace("\n#CODEXITY_", "\nCODEXITY_"))
    trusted(cwd, environ(home))
    taken = load(cwd=cwd, environ=environ(home))
    assert set(taken.origins.values()) == {".env"}
    assert taken.settings.limits == plain.settings.limits
    assert taken.settings.stream == plain.settings.stream
