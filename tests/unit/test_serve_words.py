"""What a server says at its start of who else may use it."""

from __future__ import annotations

import socket

import pytest

from codexity.edges.cli.serve import (
    _reached,  # pyright: ignore[reportPrivateUsage] - its words
)
from codexity.settings import Settings, load


def settings(**given: str) -> Settings:
    named = {f"CODEXITY_SERVER__{name}": value for name, value in given.items()}
    return load(environ={"HOME": "/nowhere", **named}).settings


@pytest.mark.parametrize(
    ("host", "given", "says"),
    [
        ("127.0.0.1", {"OPEN": "true"}, ""),
        ("0.0.0.0", {"OPEN": "true"}, "and anybody who reaches it may use it."),
        ("0.0.0.0", {"API_KEYS": '{"a": "a-long-random-key"}'}, "whoever has one of its keys may"),
    ],
)
def test_who_listens_for_other_machines_says_so_and_who_may_use_it(
    host: str, given: dict[str, str], says: str
) -> None:
    with socket.create_server((host, 0)) as listener:
        told = _reached(settings(**given), listener)
        port = listener.getsockname()[1]
    assert says in told
    assert bool(told) == bool(says)
    assert not says or told.startswith(f"It listens on 0.0.0.0, port {port}: other machines")
