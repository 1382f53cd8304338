from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from pathlib import Path

import pytest
from annotated_types import Ge, Gt, Le
from pydantic import ValidationError

from codexity.errors import Misconfigured
from codexity.model import Limits
from codexity.settings import LimitsGroup, Loaded, ServerGroup, Settings, StreamGroup
from codexity.settings.layers import Given, from_environment, from_flags
from codexity.settings.names import Names
from codexity.settings.tree import Leaf, leaves

NAMES = Names()


def told(error: pytest.ExceptionInfo[Misconfigured]) -> str:
    assert "\n" not in error.value.message
    return error.value.message


def given(environ: Mapping[str, str]) -> dict[str, Given]:
    return {one.leaf.name: one for one in from_environment(NAMES, environ)}


def leaf(name: str) -> Leaf:
    return next(one for one in leaves() if one.name == name)


@pytest.mark.parametrize("one", leaves(), ids=lambda one: one.name)
def test_every_setting_is_described_and_found_under_its_names(one: Leaf) -> None:
    assert one.field.description
    assert one.field.description.endswith(".")
    of_variable = NAMES.of_variable(one.variable, "x", where="")
    assert of_variable is not None
    assert of_variable.name == one.name
    assert NAMES.of_path(one.path, where="").name == one.name


@pytest.mark.parametrize(
    "one",
    [one for one in leaves() if {Ge, Gt} & set(map(type, one.field.metadata))],
    ids=lambda one: one.name,
)
def test_every_number_has_a_most_that_sqlite_can_hold(one: Leaf) -> None:
    [most] = [rule.le for rule in one.field.metadata if isinstance(rule, Le)]
    assert float(str(most)) < 2**63


def test_the_limits_are_those_of_the_core_with_their_defaults() -> None:
    assert set(LimitsGroup.model_fields) == {one.name for one in dataclasses.fields(Limits)}
    assert LimitsGroup().values() == Limits()
    assert LimitsGroup(max_pages=3).values() == Limits(max_pages=3)


@pytest.mark.parametrize(
    "variable",
    [
        "CODEXITY_SERVICE_HOST",
        "CODEXITY_SERVICE_PORT",
        "CODEXITY_SERVICE_PORT_HTTP",
        "CODEXITY_SERVICE_PORT_HTTP_METRICS",
        "CODEXITY_PORT_8000_TCP",
        "CODEXITY_PORT_8000_TCP_ADDR",
        "CODEXITY_PORT_8000_TCP_PORT",
        "CODEXITY_PORT_8000_TCP_PROTO",
        "CODEXITY_SERVER_SERVICE_HOST",
        "CODEXITY_SEARXNG_PORT_8080_TCP",
        "CODEXITY_LLM_SERVICE_PORT",
        "CODEXITY_ENV_PATH",
        "CODEXITY_VERSION",
        "CODEXITY_IMAGE_TAG",
        "CODEXITY_REPLICAS",
        "PATH",
    ],
)
def test_what_platforms_inject_and_what_is_nobodys_setting_is_passed_over(variable: str) -> None:
    assert not given({variable: "8000"})


@pytest.mark.parametrize(
    ("variable", "of_platform"),
    [
        ("CODEXITY_PORT", "tcp://10.0.0.1:8000"),
        ("CODEXITY_SERVER_PORT", "udp://10.0.0.1:8000"),
    ],
)
def test_a_port_of_a_platform_is_passed_over_and_one_of_a_person_is_not(
    variable: str, of_platform: str
) -> None:
    assert not given({variable: of_platform})
    with pytest.raises(Misconfigured) as error:
        given({variable: "9000"})
    assert told(error) == (
        f"{variable}: there is no such setting; did you mean CODEXITY_SERVER__PORT?"
    )


@pytest.mark.parametrize(
    ("variable", "nearest"),
    [
        ("CODEXITY_SEARCH__NO_SUCH_SETTING", "CODEXITY_SEARCH__CACHE_SECONDS"),
        ("CODEXITY_SEARCH__PROVIDER", "CODEXITY_SEARCH__PROVIDERS"),
        ("CODEXITY_SERACH__PROVIDERS", "CODEXITY_SEARCH__PROVIDERS"),
        ("CODEXITY_SEARCH_PROVIDERS", "CODEXITY_SEARCH__PROVIDERS"),
        ("CODEXITY_HOST", "CODEXITY_SERVER__HOST"),
        ("CODEXITY_LLM_KEY", "CODEXITY_LLM__API_KEY"),
        ("CODEXITY_LLM__KEY", "CODEXITY_LLM__API_KEY"),
        ("CODEXITY_DATADIR", "CODEXITY_DATA_DIR"),
        ("CODEXITY_DATA__DIR", "CODEXITY_DATA_DIR"),
        ("CODEXITY_SERVER__API_KEYS__ALICE", "CODEXITY_SERVER__API_KEYS"),
        ("CODEXITY_SERVER", "CODEXITY_SERVER__HOST"),
        ("codexity_server__prot", "CODEXITY_SERVER__PORT"),
    ],
)
def test_a_name_that_is_nearly_a_settings_is_named_with_the_real_one(
    variable: str, nearest: str
) -> None:
    with pytest.raises(Misconfigured) as error:
        given({variable: "secret-in-a-wrong-place"})
    assert variable in told(error)
    assert told(error).endswith(f"did you mean {nearest}?")
    assert "secret-in-a-wrong-place" not in told(error)
    assert nearest in NAMES.by_variable


def test_lists_in_the_environment_are_json() -> None:
    found = given({"CODEXITY_SEARCH__PROVIDERS": '["library"]', "codexity_server__port": "9000"})
    assert found["search.providers"].value == ["library"]
    assert found["server.port"].value == "9000"
    with pytest.raises(Misconfigured) as error:
        given({"CODEXITY_SEARCH__PROVIDERS": "library"})
    assert told(error) == (
        "CODEXITY_SEARCH__PROVIDERS: must be JSON, such as " + '["duckduckgo", "library"]'
    )


def test_an_empty_variable_and_a_flag_that_was_not_given_count_as_not_set() -> None:
    assert not given({"CODEXITY_SERVER__PORT": " ", "CODEXITY_SEARCH__PROVIDERS": ""})
    flags = {"server": {"port": None, "host": "::1"}, "data_dir": None}
    assert [one.leaf.name for one in from_flags(NAMES, flags)] == ["server.host"]


@pytest.mark.parametrize(
    ("host", "only_here"),
    [
        ("127.0.0.1", True),
        ("127.8.8.8", True),
        ("localhost", True),
        ("::1", True),
        ("[::1]", True),
        ("::ffff:127.0.0.1", True),
        ("0.0.0.0", False),
        ("::", False),
        ("192.168.1.5", False),
        ("search.example.org", False),
        ("127.0.0.1.example.org", False),
    ],
)
def test_only_loopback_is_served_to_anybody_without_saying_so(host: str, only_here: bool) -> None:
    bare = Settings.model_validate({"data_dir": "d", "server": {"host": host}}).server
    if only_here:
        bare.check_binding()
    else:
        with pytest.raises(Misconfigured) as error:
            bare.check_binding()
        assert "CODEXITY_SERVER__API_KEYS" in told(error)
        assert "CODEXITY_SERVER__OPEN=true" in told(error)
    ServerGroup.model_validate({"host": host, "open": True}).check_binding()
    ServerGroup.model_validate({"host": host, "api_keys": {"a": "k" * 16}}).check_binding()


def test_secrets_are_masked_wherever_settings_are_shown() -> None:
    tree = {
        "data_dir": "d",
        "server": {"api_keys": {"alice": "very-secret-key-1"}},
        "llm": {"api_key": "very-secret-key-2", "base_url": "http://me:very-secret-key-3@host/v1"},
    }
    settings = Settings.model_validate(tree)
    origins = {one.name: "default" for one in leaves()}
    loaded = Loaded(settings=settings, origins=origins, ignored={}, warnings=())
    rows = {row.name: row.value for row in loaded.rows()}
    assert rows["server.api_keys"] == {"alice": "********"}
    assert rows["llm.api_key"] == "********"
    assert rows["llm.base_url"] == "http://********@host/v1"
    assert "very-secret" not in str(rows)
    assert "very-secret-key-1" not in repr(settings)
    assert "very-secret-key-2" not in repr(settings)
    assert settings.server.api_keys["alice"].get_secret_value() == "very-secret-key-1"


def test_providers_in_a_list_are_asked_at_once_and_in_a_list_in_it_one_by_one() -> None:
    tree = {"data_dir": "d", "search": {"providers": [["duckduckgo", "searxng"], "library"]}}
    search = Settings.model_validate(tree).search
    assert search.alternatives() == (("duckduckgo", "searxng"), ("library",))


def test_an_example_shows_how_each_list_is_written() -> None:
    for name in ("server.api_keys", "server.allowed_hosts", "fetch.allow_hosts"):
        assert leaf(name).is_json
        Settings.model_validate(
            {"data_dir": Path("d"), leaf(name).path[0]: {leaf(name).path[1]: leaf(name).example}}
        )


@pytest.mark.parametrize("name", ["heartbeat_seconds", "first_heartbeat_seconds"])
def test_heartbeats_come_before_a_page_gives_up(name: str) -> None:
    """The page waits 40 seconds for anything to come."""
    assert StreamGroup.model_validate({name: 30})
    with pytest.raises(ValidationError):
        StreamGroup.model_validate({name: 31})
