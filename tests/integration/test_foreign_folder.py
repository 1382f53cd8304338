"""The real commands in a folder that somebody else filled, before and after `codexity trust`."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Generator
from pathlib import Path

import pytest

from asking import HOVERS, QUESTION, shelved
from codexity.errors import Misconfigured
from codexity.settings import load
from codexity.settings.proposal import propose, trusted_folders
from servers.openai import OpenAIServer
from serving import PROGRAM, environment, run, serving, typing

PYTHON = """
import anyio, codexity, logging, sys
logging.basicConfig(format="%(name)s %(message)s")
print(anyio.run(codexity.answer, sys.argv[1]).status)
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shelved(tmp_path / "data", HOVERS)
    return tmp_path


@pytest.fixture
def thief() -> Generator[OpenAIServer]:
    with OpenAIServer() as server:
        yield server


def lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if "of the working directory" in line]


def test_neither_a_question_nor_the_users_key_goes_to_an_address_of_the_folder(
    folder: Path, thief: OpenAIServer
) -> None:
    (folder / "codexity.toml").write_text(
        f"[llm]\nbase_url = '{thief.base_url}'\nmodel = '{thief.model}'\n"
    )
    secret = "sk-of-the-user"
    asked = run(folder, "ask", QUESTION, LLM__API_KEY=secret)
    assert asked.returncode == 0
    [line] = lines(asked.stderr)
    assert "llm.base_url" in line
    assert "codexity trust" in line
    # The Python API and a server say it too.
    told = subprocess.run(
        [sys.executable, "-c", PYTHON, QUESTION], cwd=folder, env=environment(folder),
        capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    assert told.stdout == "completed\n"
    [line] = lines(told.stderr)
    assert line.startswith("codexity.settings ignored from codexity.toml")
    assert thief.asked == []

    # After a yes the question goes there, and the key, which was set elsewhere, still does not.
    trusted = run(folder, "trust", "--yes")
    assert (trusted.returncode, trusted.stderr) == (0, "")
    assert re.search(rf"^  llm\.base_url +{thief.base_url} ", trusted.stdout, re.MULTILINE)
    asked = run(folder, "ask", QUESTION, LLM__API_KEY=secret)
    assert "CODEXITY_LLM__API_KEY is sent nowhere" in asked.stderr
    assert {one.path for one in thief.asked} >= {"/v1/chat/completions"}
    assert not [one for one in thief.asked if secret in str(one.headers)]

    # Beside its address it is sent.
    asked = run(folder, "ask", QUESTION, LLM__API_KEY=thief.key, LLM__BASE_URL=thief.base_url)
    assert "You said" in asked.stdout
    assert f"Bearer {thief.key}" in str([dict(one.headers) for one in thief.asked])


def test_no_program_of_the_folder_is_run(folder: Path) -> None:
    ran = folder / "ran"
    program = folder / "chromium"
    program.write_text(f"#!/bin/sh\ntouch {ran}\nexit 3\n")
    program.chmod(0o755)
    (folder / ".env").write_text(f"CODEXITY_BROWSER__EXECUTABLE={program}\n")
    doctor = run(folder, "doctor", SEARCH__STARTER=False)
    assert "browser.executable" in lines(doctor.stdout)[0]
    assert not ran.exists()
    assert run(folder, "trust", "-y").returncode == 0
    doctor = run(folder, "doctor", SEARCH__STARTER=False)
    assert lines(doctor.stdout) == []
    assert ran.exists()


def test_a_server_is_not_opened_by_the_folder(folder: Path) -> None:
    (folder / "codexity.toml").write_text(
        "data_dir = 'moved'\n[server]\nopen = true\n[limits]\nmax_pages = 2\n"
    )
    outside = environment(folder, SERVER__HOST="0.0.0.0", SERVER__PORT=0)
    del outside["CODEXITY_DATA_DIR"]
    refused = subprocess.run(
        [PROGRAM, "serve"], cwd=folder, env=outside, capture_output=True, text=True, check=False,
        timeout=60,
    )  # fmt: skip
    assert refused.returncode == 2
    told, end = refused.stderr.splitlines()
    assert "data_dir, server.open; `codexity trust`" in json.loads(told)["event"]
    assert "server.open = true" in end
    assert not (folder / "moved").exists()
    shown = json.loads(run(folder, "config", "--json").stdout)
    assert shown["server.open"]["value"] is False
    assert shown["server.open"]["ignored"] == ["codexity.toml"]
    assert shown["limits.max_pages"]["value"] == 2

    assert run(folder, "trust", "--yes").returncode == 0
    with serving(folder, SERVER__HOST="0.0.0.0") as server:
        assert server.get("/health").status_code == 200
        assert not [line for line in server.log() if "of the working directory" in str(line)]
    assert run(folder, "trust", "--revoke").returncode == 0
    with serving(folder) as server:
        assert [line for line in server.log() if "server.open" in line["event"]]


def test_trust_asks_shows_no_secret_and_keeps_a_no(folder: Path) -> None:
    secret = "a-key-that-nobody-sees"
    (folder / ".env").write_text(
        f"CODEXITY_LLM__API_KEY={secret}\nCODEXITY_SEARXNG__URL=http://me:{secret}@127.0.0.1:9\n"
        "CODEXITY_LLM__MODEL=\x1b]0;steered\x07\n"
    )
    asked = run(folder, "trust")
    assert asked.returncode == 2
    assert "codexity trust --yes" in asked.stderr
    for name in ("llm.api_key", "searxng.url", "llm.model"):
        assert name in asked.stdout
    assert secret not in asked.stdout
    assert "\x1b" not in asked.stdout
    assert run(folder, "trust", "--list").stdout == ""
    nothing = run(folder, "trust", "--revoke")
    assert (nothing.returncode, nothing.stderr) == (1, "codexity: This folder was not trusted.\n")

    code, seen = typing("\n", folder, "trust")
    assert code == 1
    assert "[y/N]" in seen
    assert run(folder, "trust", "--list").stdout == ""
    code, seen = typing("y\n", folder, "trust")
    assert code == 0
    assert run(folder, "trust", "--list").stdout == f"{os.path.realpath(folder)}  (trusted)\n"
    assert run(folder, "trust", "--revoke").returncode == 0

    assert run(folder.parent, "trust", str(folder), "--yes").returncode == 0
    # Kept in the folder of whoever said it: here the environments differ.
    assert run(folder, "trust", "--list").stdout == ""
    assert run(folder, "trust", "--yes").returncode == 0
    assert run(folder, "trust", "--list").stdout == f"{os.path.realpath(folder)}  (trusted)\n"
    assert "already" in run(folder, "trust").stdout
    (folder / ".env").write_text("")
    assert "nothing that needs trust" in run(folder, "trust").stdout


def test_trust_says_of_a_file_that_is_not_read_that_it_is_there(folder: Path) -> None:
    assert "there is no codexity.toml" in run(folder, "trust").stdout
    (folder / "codexity.toml").write_text("[server]\nopen = true\n")
    (folder / "codexity.toml").chmod(0o666)
    told = run(folder, "trust", "--yes")
    assert told.stderr.startswith("codexity: codexity.toml of this folder is not read: ")
    assert "there is no" not in told.stdout
    assert told.stdout == f"{os.path.realpath(folder)}: what is not read cannot be trusted.\n"
    assert told.returncode == 2, "it is not trusted"
    (folder / "codexity.toml").chmod(0o644)
    folder.chmod(0o777)
    told = run(folder, "trust", "--yes")
    assert "everybody may write to its folder" in told.stderr
    assert "cannot be trusted" in told.stdout
    assert told.returncode == 2
    folder.chmod(0o755)
    assert run(folder, "trust", "--yes").returncode == 0, "the control"


def test_the_list_of_trusted_folders_says_when_it_is_empty_and_which_are_gone(
    folder: Path,
) -> None:
    told = run(folder, "trust", "--list")
    assert (told.returncode, told.stdout, told.stderr) == (0, "", "No folder is trusted.\n")
    other = folder / "other"
    other.mkdir()
    (other / "codexity.toml").write_text("[server]\nopen = true\n")
    assert run(folder, "trust", "--yes", "other").returncode == 0
    told = run(folder, "trust", "--list")
    assert (told.stdout, told.stderr) == (f"{os.path.realpath(other)}  (trusted)\n", "")
    (other / "codexity.toml").write_text("")
    assert "(changed since)" in run(folder, "trust", "--list").stdout
    (other / "codexity.toml").unlink()
    other.rmdir()
    assert "(no longer there)" in run(folder, "trust", "--list").stdout


def test_trust_in_a_folder_that_is_gone_says_so_in_a_line(folder: Path) -> None:
    gone = "mkdir gone && cd gone && rmdir ../gone && exec"
    asked = subprocess.run(
        ["/bin/sh", "-c", f"{gone} {PROGRAM} trust --revoke"],
        cwd=folder, env=environment(folder), capture_output=True, text=True, check=False,
        timeout=60,
    )  # fmt: skip
    assert asked.returncode == 2
    assert asked.stderr == "codexity: The working directory is gone; give a whole path\n"


def test_a_home_that_is_relative_makes_no_folder_the_users_own(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = folder / ".config" / "codexity"
    own.mkdir(parents=True)
    (own / "codexity.toml").write_text("[llm]\nbase_url = 'http://127.0.0.1:9/v1'\n")
    monkeypatch.chdir(folder)
    for home, heard in ((".", False), (str(folder), True)):
        found = load(environ={"HOME": home, "CODEXITY_DATA_DIR": "/data"})
        assert (found.settings.llm.base_url is not None) == heard
    with pytest.raises(Misconfigured, match="you have no home folder; set CODEXITY_DATA_DIR"):
        load(environ={"HOME": "."})


def test_the_users_own_folder_is_listed_as_it_is(tmp_path: Path) -> None:
    own = tmp_path / "config" / "codexity"
    own.mkdir(parents=True)
    (own / "codexity.toml").write_text("[limits]\nmax_pages = 3\n")
    (own / ".env").write_text("CODEXITY_SEARXNG__URL=http://127.0.0.1:9\n")
    environ = {"HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path / "config")}
    propose(own, environ=environ).accept()
    assert load(cwd=own, environ=environ).settings.searxng.url
    # Its first file is no file of a working directory: a change of it ends no yes.
    (own / "codexity.toml").write_text("[limits]\nmax_pages = 4\n")
    assert trusted_folders(environ=environ) == ((Path(os.path.realpath(own)), "trusted"),)
    (own / ".env").write_text("CODEXITY_SEARXNG__URL=http://127.0.0.1:10\n")
    assert trusted_folders(environ=environ) == ((Path(os.path.realpath(own)), "changed"),)


def test_the_files_that_changed_since_a_folder_was_trusted_are_named(tmp_path: Path) -> None:
    environ = {"HOME": str(tmp_path)}
    files = {"codexity.toml": "[server]\nopen = true\n", ".env": "CODEXITY_SERVER__PORT=1\n"}
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    [line] = load(cwd=tmp_path, environ=environ).warnings
    assert "because this folder is not trusted" in line
    propose(tmp_path, environ=environ).accept()
    assert load(cwd=tmp_path, environ=environ).warnings == (), "the control"
    for changed, says in (
        (["codexity.toml"], "codexity.toml is not what it was"),
        ([".env"], ".env is not what it was"),
        (files, "codexity.toml and .env are not what they were"),
    ):
        for name, text in files.items():
            (tmp_path / name).write_text(text + ("\n" if name in changed else ""))
        [line] = load(cwd=tmp_path, environ=environ).warnings
        assert f"because {says} when this folder was trusted: server.open" in line
