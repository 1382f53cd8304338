"""What the files of a working directory may set before and after a yes, and which are read."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from codexity.errors import Misconfigured
from codexity.settings import load
from codexity.settings.directory import doubtful
from codexity.settings.proposal import propose, revoke, trusted_folders
from codexity.settings.reference import env_example
from codexity.settings.tree import leaves
from trusting import environ, loaded, trusted

EVERY = {
    line.partition("=")[0][1:]: line.partition("=")[2]
    for line in env_example().splitlines()
    if line.startswith("#CODEXITY_")
}
"""A value for each setting, as `.env` has it."""
SET = "[llm]\nbase_url = 'http://127.0.0.1:9/v1'\n[limits]\nmax_pages = 3\n"
HOST = "http://127.0.0.1:9/v1"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "home"
    (folder / "config" / "codexity").mkdir(parents=True)
    return folder


# --- before and after a yes -------------------------------------------------------


@pytest.mark.parametrize("leaf", leaves(), ids=lambda leaf: leaf.name)
def test_a_setting_is_heard_if_it_is_harmless_or_the_folder_is_trusted(
    cwd: Path, home: Path, leaf: object
) -> None:
    [one] = [found for found in leaves() if found is leaf or found == leaf]
    value = EVERY[one.variable]
    (cwd / ".env").write_text(f"{one.variable}={value}\n")
    before = loaded(cwd, home)
    is_taken = one.takes(json.loads(value) if one.is_json else value)
    given = ".env" if is_taken else "default"
    assert before.origins[one.name] == given
    assert before.ignored.get(one.name, ()) == (() if is_taken else (".env",))
    assert len(before.warnings) == (0 if is_taken else 1)
    if not is_taken:
        (cwd / "away").mkdir()
        without = load(cwd=cwd / "away", environ=environ(home))
        assert before.settings == without.settings
        [line] = before.warnings
        assert one.name in line
        assert "`codexity trust`" in line
        assert "\n" not in line

    trusted(cwd, environ(home))
    assert loaded(cwd, home).origins[one.name] == ".env"
    assert ".env" not in loaded(cwd, home).ignored.get(one.name, ())


@pytest.mark.parametrize(
    ("name", "more", "less"),
    [
        ("SEARCH__PROVIDERS", '["duckduckgo"]', '["library"]'),
        ("LLM__DISCOVER", "true", "False"),
        ("SERVER__OPEN", "1", "0"),
        ("BROWSER__ENABLED", "auto", "OFF"),
        ("FETCH__ROBOTS", "no", "yes"),
        ("FETCH__CACHE", "on", "off"),
    ],
)
def test_less_may_be_wanted_by_any_folder_and_more_by_a_trusted_one(
    cwd: Path, home: Path, name: str, more: str, less: str
) -> None:
    [leaf] = [one for one in leaves() if one.variable == f"CODEXITY_{name}"]
    for value, origin in ((more, "default"), (less, ".env"), ("[1]", "default")):
        (cwd / ".env").write_text(f"{leaf.variable}={value}\n")
        assert loaded(cwd, home).origins[leaf.name] == origin, value


def test_both_files_are_ignored_in_one_line_that_stays_short(cwd: Path, home: Path) -> None:
    (cwd / "codexity.toml").write_text(SET)
    (cwd / ".env").write_text("".join(f"{name}={value}\n" for name, value in EVERY.items()))
    found = loaded(cwd, home)
    [line] = found.warnings
    assert "codexity.toml and .env" in line
    assert len(line) < 320
    assert found.settings.llm.base_url is None
    assert found.ignored["llm.base_url"] == ("codexity.toml", ".env")


def test_the_environment_and_the_users_own_file_stay_as_they_are(cwd: Path, home: Path) -> None:
    own = home / "config" / "codexity"
    (own / "codexity.toml").write_text(SET)
    (own / "codexity.toml").chmod(0o666)
    (cwd / "codexity.toml").write_text("[llm]\nbase_url = 'http://elsewhere/v1'")
    found = loaded(cwd, home, CODEXITY_SERVER__OPEN="true")
    assert found.settings.llm.base_url == HOST
    assert found.origins["llm.base_url"] == str(own / "codexity.toml")
    assert found.settings.server.open
    assert loaded(own, home).warnings == ()
    assert loaded(own, home).settings.llm.base_url == HOST


def test_a_yes_ends_when_one_of_the_files_changes(cwd: Path, home: Path) -> None:
    file, dotenv = cwd / "codexity.toml", cwd / ".env"

    def heard() -> bool:
        return loaded(cwd, home).settings.llm.base_url == HOST

    file.write_text(SET)
    assert not heard()
    trusted(cwd, environ(home))
    assert heard()
    dotenv.write_text("OTHERS=1\n")
    assert not heard()
    [line] = loaded(cwd, home).warnings
    assert "because .env is not what it was when this folder was trusted" in line
    dotenv.unlink()
    assert heard()
    file.write_text(SET + "\n")
    assert not heard()
    file.write_text(SET)
    assert heard()
    assert trusted_folders(environ=environ(home)) == ((cwd, "trusted"),)
    dotenv.write_text("OTHERS=1\n")
    trusted(cwd, environ(home))
    dotenv.unlink()
    assert not heard()
    assert trusted_folders(environ=environ(home)) == ((cwd, "changed"),)
    dotenv.write_text("OTHERS=1\n")
    assert heard()
    assert revoke(cwd, environ=environ(home))
    assert not revoke(cwd, environ=environ(home))
    assert not heard()
    assert trusted_folders(environ=environ(home)) == ()


def test_a_yes_is_to_one_folder_whatever_way_leads_there(
    cwd: Path, home: Path, tmp_path: Path
) -> None:
    (cwd / "codexity.toml").write_text(SET)
    trusted(cwd, environ(home))
    (tmp_path / "way").symlink_to(cwd)
    assert loaded(tmp_path / "way", home).settings.llm.base_url == HOST
    copy = tmp_path / "copy"
    copy.mkdir()
    (copy / "codexity.toml").write_text(SET)
    assert loaded(copy, home).settings.llm.base_url is None


def test_a_yes_is_kept_where_only_the_user_and_nobody_else_wrote(cwd: Path, home: Path) -> None:
    (cwd / "codexity.toml").write_text(SET)
    trusted(cwd, environ(home))
    folder = home / ".local" / "share" / "codexity" / "trusted"
    [kept] = folder.iterdir()
    assert (folder.stat().st_mode & 0o777, kept.stat().st_mode & 0o777) == (0o700, 0o600)
    good = kept.read_text()
    assert loaded(cwd, home).settings.llm.base_url == HOST
    for spoilt in ("", "[]", "{}", '{"folder": 1}', "[" * 100_000, good.replace("cwd", "else")):
        kept.write_text(spoilt)
        assert loaded(cwd, home).settings.llm.base_url is None
        assert trusted_folders(environ=environ(home)) == ()
    kept.write_text(good)
    kept.chmod(0o606)
    assert loaded(cwd, home).settings.llm.base_url is None
    kept.chmod(0o600)
    assert loaded(cwd, home).settings.llm.base_url == HOST


def test_no_file_moves_the_place_where_a_yes_is_kept(cwd: Path, home: Path) -> None:
    share = cwd / "share"
    (cwd / "codexity.toml").write_text(f"data_dir = '{share / 'codexity'}'\n{SET}")
    (cwd / ".env").write_text(f"XDG_DATA_HOME={share}\nHOME={cwd}\nHTTP_PROXY=http://127.0.0.1:9\n")
    trusted(cwd, {"HOME": str(cwd), "XDG_DATA_HOME": str(share)})
    before = dict(os.environ)
    assert loaded(cwd, home).settings.llm.base_url is None
    assert dict(os.environ) == before
    assert loaded(cwd, home, XDG_DATA_HOME=str(share)).settings.llm.base_url == HOST
    assert load(cwd=cwd, environ={"HOME": "share", "CODEXITY_DATA_DIR": "x"}).warnings


def test_what_is_proposed_is_what_is_kept(cwd: Path, home: Path) -> None:
    with pytest.raises(Misconfigured, match="is not a folder"):
        propose(cwd / "none", environ=environ(home))
    (cwd / "codexity.toml").write_text(SET)
    proposal = propose(cwd, environ=environ(home))
    assert [(row.name, row.value) for row in proposal.rows] == [("llm.base_url", HOST)]
    (cwd / "codexity.toml").write_text(SET.replace("127.0.0.1", "elsewhere"))
    proposal.accept()
    assert loaded(cwd, home).settings.llm.base_url is None
    (cwd / "codexity.toml").write_text(SET)
    assert loaded(cwd, home).settings.llm.base_url == HOST
    (cwd / "codexity.toml").write_text(SET + "[server]\nhost = 'a b'\n")
    with pytest.raises(Misconfigured, match=r"server\.host in codexity\.toml"):
        propose(cwd, environ=environ(home))


# --- whose file it is -------------------------------------------------------------


def told(mode: int, uid: int) -> os.stat_result:
    return os.stat_result((0o100000 | mode, 1, 1, 1, uid, 0, 0, 0, 0, 0))


@pytest.mark.parametrize(
    ("mode", "uid", "says"),
    [
        (0o644, os.geteuid(), None),
        (0o600, 0, None),
        (0o644, os.geteuid() + 1, "another user"),
        (0o600, os.geteuid() + 1, "another user"),
        (0o664, os.geteuid(), "others may write"),
        (0o646, os.geteuid(), "others may write"),
        (0o622, 0, "others may write"),
    ],
)
def test_a_file_is_the_users_own_or_doubtful(mode: int, uid: int, says: str | None) -> None:
    why = doubtful(told(mode, uid))
    assert (why is None) if says is None else (why is not None and says in why)


@pytest.mark.parametrize("name", ["codexity.toml", ".env"])
@pytest.mark.parametrize("mode", [0o664, 0o646, 0o666])
def test_a_file_that_others_may_write_is_not_read(
    cwd: Path, home: Path, name: str, mode: int
) -> None:
    file = cwd / name
    file.write_text("CODEXITY_LIMITS__MAX_PAGES=3" if name == ".env" else SET)
    file.chmod(mode)
    trusted(cwd, environ(home))
    found = loaded(cwd, home)
    assert found.origins["limits.max_pages"] == "default"
    [line] = found.warnings
    assert line.startswith(f"{name} of {cwd} is not read: others may write it")
    assert propose(cwd, environ=environ(home)).unread == (line,)
    file.write_text("[nonsense")
    assert loaded(cwd, home).warnings == (line,)
    file.write_text("CODEXITY_LIMITS__MAX_PAGES=3" if name == ".env" else SET)
    file.chmod(0o644)
    assert loaded(cwd, home).origins["limits.max_pages"] == name


def test_a_file_of_another_user_is_not_read(
    cwd: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = cwd / "codexity.toml"
    file.write_text(SET)
    file.chmod(0o600)
    assert loaded(cwd, home).settings.limits.max_pages == 3
    if os.geteuid() == 0:
        os.chown(file, 65_534, -1)
    else:
        monkeypatch.setattr(os, "geteuid", lambda: file.stat().st_uid + 1)
    found = loaded(cwd, home)
    assert found.settings.limits.max_pages != 3
    [line] = found.warnings
    assert line == f"codexity.toml of {cwd} is not read: it belongs to another user"


def test_a_link_is_judged_by_what_it_leads_to(cwd: Path, home: Path, tmp_path: Path) -> None:
    target = tmp_path / "settings.toml"
    target.write_text(SET)
    (cwd / "codexity.toml").symlink_to(target)
    assert loaded(cwd, home).settings.limits.max_pages == 3
    target.chmod(0o666)
    found = loaded(cwd, home)
    assert found.settings.limits.max_pages != 3
    assert len(found.warnings) == 1
    target.unlink()
    assert loaded(cwd, home).warnings == ()


def test_in_a_folder_where_everybody_may_write_no_file_is_read(cwd: Path, home: Path) -> None:
    (cwd / ".env").write_text("CODEXITY_LIMITS__MAX_PAGES=3\n")
    for mode, pages in ((0o777, 0), (0o1777, 3), (0o775, 3), (0o755, 3)):
        cwd.chmod(mode)
        found = loaded(cwd, home)
        assert (found.settings.limits.max_pages == 3) == bool(pages), oct(mode)
        assert len(found.warnings) == (0 if pages else 1)
