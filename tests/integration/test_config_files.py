from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from codexity.errors import Misconfigured
from codexity.settings import KeyedGroup, load
from trusting import environ, trusted


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "home"
    (folder / "config" / "codexity").mkdir(parents=True)
    return folder


def refused(cwd: Path, home: Path, **more: str) -> str:
    with pytest.raises(Misconfigured) as error:
        load(cwd=cwd, environ=environ(home, **more))
    assert "\n" not in error.value.message
    return error.value.message


def test_the_nearer_place_wins_setting_by_setting(cwd: Path, home: Path) -> None:
    of_user = home / "config" / "codexity" / "codexity.toml"
    of_user.write_text(
        "[limits]\nmax_pages = 1\nmax_queries = 1\nmax_sources = 1\nread_seconds = 1"
    )
    (cwd / "codexity.toml").write_text(
        "[limits]\nmax_queries = 2\nmax_sources = 2\nread_seconds = 2\nsearch_seconds = 2"
    )
    (cwd / ".env").write_text(
        "CODEXITY_LIMITS__MAX_SOURCES=3\nexport CODEXITY_LIMITS__READ_SECONDS='3' # more\n"
        "CODEXITY_LIMITS__SEARCH_SECONDS=3\n"
    )
    outside = {
        "CODEXITY_LIMITS__READ_SECONDS": "4",
        "CODEXITY_LIMITS__SEARCH_SECONDS": "4",
    }
    loaded = load(
        overrides={"limits": {"search_seconds": 5}, "server": {"port": None}},
        cwd=cwd,
        environ=environ(home, **outside),
    )
    limits = loaded.settings.limits
    assert (limits.max_pages, limits.max_queries, limits.max_sources) == (1, 2, 3)
    assert (limits.read_seconds, limits.search_seconds) == (4, 5)
    assert [
        loaded.origins[f"limits.{name}"]
        for name in (
            "max_pages",
            "max_queries",
            "max_sources",
            "read_seconds",
            "search_seconds",
            "run_seconds",
        )
    ] == [
        str(of_user),
        "codexity.toml",
        ".env",
        "environment CODEXITY_LIMITS__READ_SECONDS",
        "flag",
        "default",
    ]


def test_without_anything_the_defaults_hold(cwd: Path, home: Path) -> None:
    loaded = load(cwd=cwd, environ=environ(home))
    assert loaded.settings.search.alternatives() == (("duckduckgo",), ("library",))
    assert loaded.settings.server.host == "127.0.0.1"
    assert set(loaded.origins.values()) == {"default"}
    if sys.platform != "darwin":
        assert loaded.settings.data_dir == home / ".local" / "share" / "codexity"


@pytest.mark.parametrize(
    ("given", "becomes"),
    [("~/kept", "home/kept"), ("kept", "cwd/kept"), ("/kept", "/kept")],
)
def test_the_data_folder_is_a_whole_path(
    cwd: Path, home: Path, tmp_path: Path, given: str, becomes: str
) -> None:
    loaded = load(cwd=cwd, environ=environ(home, CODEXITY_DATA_DIR=given))
    assert loaded.settings.data_dir == tmp_path / becomes


def test_the_users_data_folder_follows_xdg(cwd: Path, home: Path) -> None:
    moved = load(cwd=cwd, environ=environ(home, XDG_DATA_HOME=str(home / "d")))
    assert moved.settings.data_dir == home / "d" / "codexity"
    relative = load(cwd=cwd, environ=environ(home, XDG_DATA_HOME="d"))
    assert relative.settings.data_dir != cwd / "d" / "codexity"


def test_searxng_joins_when_its_url_is_set_and_providers_are_not(cwd: Path, home: Path) -> None:
    url = {"CODEXITY_SEARXNG__URL": "http://127.0.0.1:8080/"}
    joined = load(cwd=cwd, environ=environ(home, **url)).settings
    assert joined.search.alternatives() == (("duckduckgo",), ("searxng",), ("library",))
    assert joined.searxng.url == "http://127.0.0.1:8080"
    own = {"CODEXITY_SEARCH__PROVIDERS": '["library"]'}
    kept = load(cwd=cwd, environ=environ(home, **url, **own)).settings
    assert kept.search.alternatives() == (("library",),)
    named = {"CODEXITY_SEARCH__PROVIDERS": '["searxng"]'}
    assert "CODEXITY_SEARXNG__URL" in refused(cwd, home, **named)
    assert load(cwd=cwd, environ=environ(home, **url, **named)).settings.search.providers


@pytest.mark.parametrize("name", ["brave", "tavily", "mojeek"])
def test_a_provider_needs_its_key_only_where_it_is_named(cwd: Path, home: Path, name: str) -> None:
    variable = f"CODEXITY_{name.upper()}__API_KEY"
    key = {variable: " a-key-of-mine\t"}
    unnamed = load(cwd=cwd, environ=environ(home, **key)).settings
    assert unnamed.search.alternatives() == (("duckduckgo",), ("library",))
    named = {"CODEXITY_SEARCH__PROVIDERS": f'[["{name}", "library"]]'}
    assert refused(cwd, home, **named) == (
        f"CODEXITY_SEARCH__PROVIDERS: names {name}, but {name}.api_key ({variable}) is not set"
    )
    loaded = load(cwd=cwd, environ=environ(home, **named, **key))
    group: KeyedGroup = getattr(loaded.settings, name)
    assert group.api_key is not None
    assert group.api_key.get_secret_value() == "a-key-of-mine"
    assert name in group.url
    assert all("of-mine" not in str(row.value) for row in loaded.rows())
    message = refused(cwd, home, **named, **{variable: "a key-of-mine"})
    assert "without spaces" in message
    assert "of-mine" not in message


@pytest.mark.parametrize(
    "case",
    [
        ("SERVER__PORT", "abc", "must be a whole number, not 'abc'", "9000"),
        ("SERVER__PORT", "70000", "must be at most 65535, not '70000'", "65535"),
        ("SERVER__HOST", "http://x", "host name or an IP address", "::1"),
        ("SERVER__OPEN", "perhaps", "must be true or false, not 'perhaps'", "yes"),
        ("SERVER__ALLOWED_HOSTS", '"x"', "must be a list", '["x"]'),
        ("SERVER__ALLOWED_HOSTS", "[1]", "must hold text only", '["a.example"]'),
        ("SERVER__ALLOWED_HOSTS", '["a:80"]', "without scheme and port", "[]"),
        ("SERVER__CORS_ORIGINS", '["*"]', "one origin", '["https://a.example/"]'),
        ("SERVER__CORS_ORIGINS", '["https://a/b"]', "one origin", '["http://a:1"]'),
        ("SEARCH__PROVIDERS", '["duckduck"]', "did you mean 'duckduckgo'?", '["duckduckgo"]'),
        ("SEARCH__PROVIDERS", "[[]]", "empty", '[["library"]]'),
        ("SEARCH__PROVIDERS", '["library", ["library"]]', "named once", '["library"]'),
        ("SEARCH__PROVIDERS", '{"a": 1}', "must be a list", "[]"),
        ("SEARXNG__URL", "127.0.0.1:8080", "begins with http://", "https://s.example/x"),
        ("LLM__BASE_URL", "http://[::1", "begins with http://", "http://[::1]:1/v1"),
        ("LLM__BASE_URL", "http://a:99999", "begins with http://", "http://a:9999"),
        ("LLM__TEMPERATURE", "nan", "must be a finite number", "0"),
        ("FETCH__ALLOW_HOSTS", '["a:0"]', "host or host:port", '["a:1", "::1", "[::1]:8"]'),
        ("FETCH__ALLOW_HOSTS", '["http://a"]', "host or host:port", '["a"]'),
        ("FETCH__ALLOW_HOSTS", '["ａ.lan"]', "host or host:port", '["bücher.lan", "Ä.lan:8"]'),
        ("FETCH__ALLOW_HOSTS", '["１０.0.0.1"]', "host or host:port", '["ä。lan", "a.lan"]'),
        ("FETCH__CONTACT", "a\r\nX: y", "plain ASCII on one line", "me@example.org"),
        ("FETCH__CONTACT", "a) b", "without brackets", "https://e.org/a b"),
        ("LIMITS__MAX_PAGES", "0", "must be at least 1", "1"),
        ("LIMITS__READ_SECONDS", "0", "must be more than 0", "0.5"),
        ("LIMITS__READ_SECONDS", "inf", "must be", "600"),
        ("LOG__LEVEL", "chatty", "'debug', 'info', 'warning' or 'error'", "INFO"),
        ("DATA_DIR", "a\0b", "must be a folder", "a"),
    ],
)
def test_a_wrong_value_is_named_and_a_right_one_is_taken(
    cwd: Path, home: Path, case: tuple[str, str, str, str]
) -> None:
    variable, wrong, says, right = case
    name = f"CODEXITY_{variable}"
    message = refused(cwd, home, **{name: wrong})
    assert says in message
    assert message.startswith((name, "data_dir"))
    loaded = load(cwd=cwd, environ=environ(home, **{name: right}))
    assert f"environment {name}" in loaded.origins.values()


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ('{"secret-name of mine": "long-secret-key-1"}', "each name"),
        ('{"alice": "secret"}', "at least 16 characters"),
        ('{"alice": "a-secret with-a-blank"}', "ASCII"),
        ('{"a": "the-same-secret-1", "b": "the-same-secret-1"}', "the same key"),
        ('{"alice": 1234567890123456789}', "must hold text only"),
        ('["a-secret-in-a-list-1"]', "must be a table"),
        ('{"alice": "a-secret-half', "must be JSON"),
    ],
)
def test_no_message_holds_a_secret(cwd: Path, home: Path, wrong: str, says: str) -> None:
    message = refused(cwd, home, CODEXITY_SERVER__API_KEYS=wrong)
    assert says in message
    assert "secret" not in message
    assert "123456" not in message
    right = '{"alice": "sixteen-letters!"}'
    loaded = load(cwd=cwd, environ=environ(home, CODEXITY_SERVER__API_KEYS=right))
    assert list(loaded.settings.server.api_keys) == ["alice"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[search]\nprovders = []", "search.provders in codexity.toml: there is no such setting;"),
        ("[search]\nprovders = []", "did you mean search.providers?"),
        ("[serach]\nproviders = []", "no such group of settings; did you mean search?"),
        ("port = 9000", "did you mean server.port?"),
        ("server = 9000", "server in codexity.toml: is a group of settings"),
        ("[server]\nport = true", "server.port in codexity.toml: must be a number"),
        ("[server]\nport = 80.5", "must be a whole number"),
        ("[server.host]\nname = 'x'", "server.host in codexity.toml: must be text"),
        (
            "[server]\nport =\nopen = true",
            "codexity.toml is not valid TOML: Invalid value (at line 2",
        ),
        ("[search]\nproviders = ['bing']", "unknown provider 'bing'; did you mean"),
        ("data_dir = 5", "data_dir in codexity.toml: must be a path"),
        ('"a\\nb" = 5', "there is no such setting"),
        ("[llm]\napi_key = 123456", "llm.api_key in codexity.toml: must be text"),
    ],
)
def test_a_fault_in_the_file_is_named(cwd: Path, home: Path, text: str, says: str) -> None:
    (cwd / "codexity.toml").write_text(text)
    trusted(cwd, environ(home))
    message = refused(cwd, home)
    assert says in message
    assert "123456" not in message


def test_a_file_that_cannot_be_taken_is_named(cwd: Path, home: Path) -> None:
    (cwd / "codexity.toml").mkdir()
    assert refused(cwd, home) == "codexity.toml is not a file"
    (cwd / "codexity.toml").rmdir()
    os.mkfifo(cwd / "codexity.toml")
    assert refused(cwd, home) == "codexity.toml is not a file"
    (cwd / "codexity.toml").unlink()
    (cwd / "codexity.toml").write_bytes(b"\xff")
    assert refused(cwd, home) == "codexity.toml is not UTF-8 text"
    (cwd / "codexity.toml").write_bytes(b"#" * 1_000_001)
    assert "is larger than" in refused(cwd, home)
    (cwd / "codexity.toml").write_bytes("\ufeff[server]\r\nport = 1\r\n".encode())
    assert load(cwd=cwd, environ=environ(home)).settings.server.port == 1


def test_env_file_is_checked_like_the_environment_and_others_keys_are_not(
    cwd: Path, home: Path
) -> None:
    file = cwd / ".env"
    others = "POSTGRES_PASSWORD=x\nNOT EVEN = a line\nCODEXITY_IMAGE=1.0\nCODEXITY_SERVICE_HOST=h\n"
    file.write_text(f'{others}CODEXITY_SEARCH__PROVIDERS=["library"]\nCODEXITY_LLM__MODEL=\n')
    trusted(cwd, environ(home))
    loaded = load(cwd=cwd, environ=environ(home))
    assert loaded.settings.search.providers == ("library",)
    assert loaded.origins["search.providers"] == ".env"
    assert loaded.origins["llm.model"] == "default"
    file.write_text("CODEXITY_SERVER__PRT=80\n")
    assert refused(cwd, home) == (
        "CODEXITY_SERVER__PRT in .env: there is no such setting; "
        "did you mean CODEXITY_SERVER__PORT?"
    )
    file.write_text("CODEXITY_SERVER__PORT=abc\n")
    assert "CODEXITY_SERVER__PORT in .env: must be a whole number" in refused(cwd, home)
    for name in ("CODEXITY_LLM__MODEL", "export codexity_llm__model"):
        file.write_text(f"\n{name}='half\n")
        assert refused(cwd, home) == ".env: line 1 cannot be understood"
    file.unlink()
    file.mkdir()
    assert load(cwd=cwd, environ=environ(home)).settings.server.port == 8000
