"""A key is sent to the address that was configured beside it, or nowhere."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from codexity.errors import Misconfigured
from codexity.settings import Loaded
from trusting import environ, loaded, trusted

KEY, OTHER = "sk-of-the-user", "sk-of-the-folder"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "home"
    (folder / "config" / "codexity").mkdir(parents=True)
    return folder


ADDRESS = {"llm": ("base_url", "http://127.0.0.1:9/v1"), "brave": ("url", "http://127.0.0.1:9")}


Given = Mapping[str, str]
Case = tuple[Given, Given, Given, str | None]
"""What the folder's file, the user's own and the environment say, and the key that is sent."""
AT: Given = {"address": "set"}


def written(group: str, given: Given) -> str:
    name, url = ADDRESS[group]
    lines = [f"[{group}]", *([f"{name} = '{url}'"] if "address" in given else [])]
    return "\n".join([*lines, *([f"api_key = '{given['key']}'"] if "key" in given else [])])


def key_of(found: Loaded, group: str) -> str | None:
    secret = found.settings.llm.api_key if group == "llm" else found.settings.brave.api_key
    return None if secret is None else secret.get_secret_value()


@pytest.mark.parametrize("group", ["llm", "brave"])
@pytest.mark.parametrize(
    "case",
    [
        (AT, {"key": KEY}, {}, None),
        (AT, {}, {"API_KEY": KEY}, None),
        ({"key": OTHER}, AT, {}, None),
        ({**AT, "key": OTHER}, {"key": KEY}, {}, OTHER),
        ({**AT, "key": OTHER}, {"key": KEY}, {"API_KEY": KEY}, OTHER),
        ({"key": OTHER}, {**AT, "key": KEY}, {}, KEY),
        ({}, {**AT, "key": KEY}, {}, KEY),
        ({}, AT, {"API_KEY": KEY}, KEY),
        ({**AT, "key": OTHER}, {}, {}, OTHER),
    ],
)
def test_a_key_goes_to_the_address_beside_it_or_nowhere(
    cwd: Path, home: Path, group: str, case: Case
) -> None:
    folder, own, outside, sent = case
    (cwd / "codexity.toml").write_text(written(group, folder))
    (home / "config" / "codexity" / "codexity.toml").write_text(written(group, own))
    trusted(cwd, environ(home))
    given = {f"CODEXITY_{group.upper()}__{name}": value for name, value in outside.items()}
    found = loaded(cwd, home, **given)
    assert key_of(found, group) == sent
    assert len(found.warnings) == (sent is None)
    if sent is None:
        [line] = found.warnings
        assert "sent nowhere" in line
        assert "sk-" not in line


def test_an_address_that_nobody_set_is_beside_every_key(cwd: Path, home: Path) -> None:
    (cwd / ".env").write_text(f"CODEXITY_BRAVE__API_KEY={OTHER}\nCODEXITY_LLM__API_KEY={OTHER}\n")
    trusted(cwd, environ(home))
    found = loaded(cwd, home)
    assert key_of(found, "brave") == OTHER
    # Of a model server there is no such address: whoever is found on this machine is not told.
    [line] = found.warnings
    assert "CODEXITY_LLM__API_KEY in .env is sent nowhere" in line


def test_a_provider_whose_key_was_not_set_beside_its_address_is_refused_in_words(
    cwd: Path, home: Path
) -> None:
    (cwd / "codexity.toml").write_text(written("brave", AT))
    trusted(cwd, environ(home))
    named = {"CODEXITY_SEARCH__PROVIDERS": json.dumps(["brave"]), "CODEXITY_BRAVE__API_KEY": KEY}
    with pytest.raises(Misconfigured, match=r"brave\.url in codexity\.toml, was not set"):
        loaded(cwd, home, **named)
    named["CODEXITY_BRAVE__URL"] = "http://127.0.0.1:9"
    assert key_of(loaded(cwd, home, **named), "brave") == KEY
