"""What each setting says of itself: whether any folder may give it, and where a key is sent."""

from __future__ import annotations

from types import UnionType
from typing import Annotated, Literal, Union, get_args, get_origin

from pydantic import SecretStr

from codexity.settings.tree import leaves

NEED_TRUST = """
data_dir
server.host server.allowed_hosts server.trusted_proxies server.open server.cors_origins
server.api_keys
runs.keep_count runs.keep_days runs.keep_bytes
llm.base_url llm.model llm.api_key llm.discover
embed.folder embed.base_url embed.model embed.api_key embed.discover
search.providers searxng.url
brave.api_key brave.url tavily.api_key tavily.url mojeek.api_key mojeek.url
fetch.allow_hosts fetch.robots fetch.cache fetch.cache_bytes fetch.cache_days fetch.contact
browser.enabled browser.executable
log.level
"""
"""Programs, addresses, keys, who may come in, what is kept, what is done in the user's name."""
NUMBERS: frozenset[object] = frozenset({int, float, bool, type(None)})


def test_what_a_folder_may_not_say_is_marked_on_the_setting() -> None:
    names = {leaf.name for leaf in leaves()}
    harmless = {leaf.name for leaf in leaves() if leaf.is_harmless}
    assert set(NEED_TRUST.split()) <= names - harmless
    assert {"server.port", "limits.max_pages", "search.starter", "log.format"} <= harmless


def test_what_may_hold_an_address_a_path_a_program_or_a_key_is_never_harmless() -> None:
    held = {leaf.name: leaf.field.annotation for leaf in leaves() if leaf.is_harmless}
    assert held
    numbers = {name for name, kind in held.items() if _is_number(kind)}
    words = {name for name, kind in held.items() if get_origin(kind) is Literal}
    assert held.keys() == numbers | words
    assert words == {"log.format"}
    assert {"server.port", "log.format", "search.starter"} <= held.keys()


def test_each_key_that_is_sent_names_its_address() -> None:
    by_name = {leaf.name: leaf for leaf in leaves()}
    keys = [leaf for leaf in leaves() if SecretStr.__name__ in str(leaf.field.annotation)]
    assert len(keys) >= 5
    for key in keys:
        if key.name != "server.api_keys":  # these are held against what comes in
            assert key.sent_to in by_name, key.name
    assert by_name["llm.api_key"].sent_to == "llm.base_url"
    assert by_name["brave.api_key"].sent_to == "brave.url"
    assert by_name["llm.model"].sent_to is None


def _is_number(kind: object) -> bool:
    match get_origin(kind):
        case origin if origin is Annotated:
            return _is_number(get_args(kind)[0])
        case origin if origin is Union or origin is UnionType:
            return all(map(_is_number, get_args(kind)))
        case _:
            return kind in NUMBERS
