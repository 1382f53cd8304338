"""`codexity --help`, `--version` and `config`, and wrong settings told in a line."""

from __future__ import annotations

import json
import re
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

from serving import installed, run


def test_it_says_its_version(tmp_path: Path) -> None:
    said = run(installed(tmp_path), "--version")
    assert (said.returncode, said.stdout, said.stderr) == (
        0,
        f"codexity {version('codexity')}\n",
        "",
    )


@pytest.mark.parametrize(
    ("command", "names"),
    [
        ("", "ask read serve config doctor trust library"),
        ("ask", "QUESTION --site --collection --provider --max-sources --json 130"),
        ("read", "URL --json -"),
        ("serve", "--host --port"),
        ("config", "--json"),
        ("doctor", "--json"),
        ("trust", "FOLDER --yes --revoke --list codexity.toml .env"),
        ("library", "add list search remove"),
        ("library add", "PATH --collection"),
        ("library search", "QUERY --collection --limit --json"),
        ("library remove", "NAME"),
    ],
)
def test_each_command_helps(tmp_path: Path, command: str, names: str) -> None:
    helped = run(installed(tmp_path), *command.split(), "--help")
    assert (helped.returncode, helped.stderr) == (0, "")
    assert helped.stdout.startswith("Usage: codexity")
    for name in names.split():
        assert name.lower() in helped.stdout.lower()
    assert not (tmp_path / "data").exists()


def test_the_settings_in_effect_are_shown(tmp_path: Path) -> None:
    folder = installed(tmp_path)
    (folder / "codexity.toml").write_text("[server]\nport = 9123\n")
    secret = "a-key-that-nobody-sees"
    given: dict[str, Any] = {"LLM__API_KEY": secret, "SERVER__API_KEYS": {"alice": secret}}
    shown = run(folder, "config", **given)
    assert shown.returncode == 0
    assert re.search(r"^server\.port +9123 +codexity\.toml$", shown.stdout, re.MULTILINE)
    assert re.search(r"^search\.starter +true +default$", shown.stdout, re.MULTILINE)
    as_json = json.loads(run(folder, "config", "--json", **given).stdout)
    assert as_json["server.port"] == {
        "value": 9123, "origin": "codexity.toml", "environment": "CODEXITY_SERVER__PORT",
        "ignored": [],
    }  # fmt: skip
    assert as_json["search.providers"]["value"] == ["library"]
    assert "alice" in json.dumps(as_json["server.api_keys"]["value"])
    assert secret not in shown.stdout + json.dumps(as_json)
    assert not (folder / "data").exists()


@pytest.mark.parametrize(
    ("command", "setting", "value", "says"),
    [
        (
            "ask x",
            "SEARCH__NO_SUCH_SETTING",
            "1",
            "CODEXITY_SEARCH__NO_SUCH_.* did you mean",
        ),
        (
            "serve",
            "SEARCH__NO_SUCH_SETTING",
            "1",
            "CODEXITY_SEARCH__NO_SUCH_.* did you mean",
        ),
        ("serve", "SEARCH__PROVIDRS", "[]", "PROVIDRS.* did you mean CODEXITY_SEARCH__PROVIDERS"),
        ("config", "SEARCH__PROVIDERS", '["duckduck"]', "unknown provider.* 'duckduckgo'"),
        ("read x", "SERVER__PORT", "many", "CODEXITY_SERVER__PORT: must be a whole .* 'many'"),
    ],
)
def test_a_wrong_setting_stops_the_start(
    tmp_path: Path, command: str, setting: str, value: str, says: str
) -> None:
    stopped = run(installed(tmp_path), *command.split(), **dict[str, Any]({setting: value}))
    assert (stopped.returncode, stopped.stdout) == (2, "")
    [line] = stopped.stderr.splitlines()
    assert line.startswith("codexity: ")
    assert re.search(says, line)
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("command", ["serve --port 0", "ask anything", "library list"])
def test_a_data_folder_that_cannot_be_one_stops_the_start(tmp_path: Path, command: str) -> None:
    folder = installed(tmp_path)
    (folder / "a-file").touch()
    stopped = run(folder, *command.split(), DATA_DIR=str(folder / "a-file" / "data"))
    assert (stopped.returncode, stopped.stdout) == (2, "")
    [line] = stopped.stderr.splitlines()
    assert "data_dir: " in line
    assert "set CODEXITY_DATA_DIR" in line


@pytest.mark.parametrize("command", ["serve", "library list"])
def test_an_unknown_key_in_the_file_stops_the_start(tmp_path: Path, command: str) -> None:
    folder = installed(tmp_path)
    (folder / "codexity.toml").write_text("[search]\nprovders = []\n")
    stopped = run(folder, *command.split())
    assert stopped.returncode == 2
    [line] = stopped.stderr.splitlines()
    assert "search.provders in codexity.toml" in line
    assert "search.providers" in line
