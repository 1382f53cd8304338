"""Whom a stream counts for, behind proxies and in front of those who say they are one."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from codexity.edges.http.clients import client_network, client_of, networks
from codexity.edges.http.gate import Rules

OURS = networks(["10.0.0.0/8", "fd00::/8", "192.0.2.7"])


def _client(
    address: str | None,
    *forwarded: str,
    trusted: bool = True,
    keys: Mapping[str, str] | None = None,
    principal: str = "local",
) -> str:
    rules = Rules(
        host="127.0.0.1",
        open=True,
        allowed_hosts=frozenset(),
        cors_origins=frozenset(),
        api_keys=keys or {},
    )
    scope = {
        "type": "http",
        "client": None if address is None else (address, 5000),
        "headers": [(b"x-forwarded-for", one.encode("latin-1")) for one in forwarded],
        "codexity.rules": rules,
        "codexity.principal": principal,
    }
    return client_of(scope, OURS if trusted else ())


def test_without_a_proxy_the_connections_own_address_counts() -> None:
    assert _client("203.0.113.5") == "address 203.0.113.5"
    assert _client("2001:db8::1") == "address 2001:db8::/64"


def test_a_header_of_whoever_is_no_proxy_of_ours_is_not_believed() -> None:
    assert _client("203.0.113.5", "198.51.100.1") == "address 203.0.113.5"
    assert _client("10.0.0.1", "198.51.100.1", trusted=False) == "address 10.0.0.1"
    assert _client("10.0.0.1", "198.51.100.1") == "address 198.51.100.1"


@pytest.mark.parametrize(
    ("forwarded", "counted"),
    [
        (("198.51.100.1",), "198.51.100.1"),
        (("198.51.100.1, 10.0.0.2",), "198.51.100.1"),
        (("198.51.100.1,10.0.0.2 , 10.9.9.9",), "198.51.100.1"),
        (("1.2.3.4, 198.51.100.1",), "198.51.100.1"),
        (("1.2.3.4", "198.51.100.1"), "198.51.100.1"),
        (("10.0.0.3, 198.51.100.1",), "198.51.100.1"),
        (("198.51.100.1", "10.0.0.2"), "198.51.100.1"),
        (("2001:db8::1, fd00::2",), "2001:db8::/64"),
        (("10.0.0.2, 10.0.0.3",), "10.0.0.2"),
        (("192.0.2.7",), "192.0.2.7"),
        (("192.0.2.8, 192.0.2.7",), "192.0.2.8"),
    ],
    ids=[
        "one", "through-two", "through-three", "spoofed", "spoofed-in-its-own-line",
        "spoofed-as-ours", "in-two-lines", "version-6", "all-ours", "single-proxy", "behind-single",
    ],
)  # fmt: skip
def test_the_nearest_address_that_is_no_proxy_of_ours_counts(
    forwarded: tuple[str, ...], counted: str
) -> None:
    assert _client("10.0.0.1", *forwarded) == f"address {counted}"


@pytest.mark.parametrize(
    "forwarded",
    ["", " ", ",", "unknown", "_hidden", "198.51.100.1,", "1.2.3", "0x7f.1", "\xa0", "a" * 9_000],
    ids=ascii,
)
def test_what_is_no_address_leaves_the_proxys_own(forwarded: str) -> None:
    assert _client("10.0.0.1", forwarded) == "address 10.0.0.1"
    assert _client("10.0.0.1", forwarded, "198.51.100.1") == "address 198.51.100.1"


@pytest.mark.parametrize("address", [None, "", "testclient"])
def test_a_connection_without_an_address_is_one_client(address: str | None) -> None:
    assert _client(address, "198.51.100.1") == f"address {address or ''}"


def test_where_there_are_keys_the_key_counts_wherever_it_comes_from() -> None:
    keys = {"alice": "k" * 16, "bob": "j" * 16}
    for address in ("203.0.113.5", "10.0.0.1"):
        counted = _client(address, "198.51.100.1", keys=keys, principal="alice")
        assert counted == "key alice"
    assert _client("203.0.113.5", keys=keys, principal="bob") == "key bob"


def test_an_address_of_version_four_is_known_in_its_mapped_form() -> None:
    assert _client("::ffff:10.0.0.1", "198.51.100.1") == "address 198.51.100.1"
    assert _client("10.0.0.1", "198.51.100.1, ::ffff:a00:2") == "address 198.51.100.1"
    assert _client("::ffff:203.0.113.5", "198.51.100.1") == "address 203.0.113.5"


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.5", "203.0.113.5"),
        ("::ffff:203.0.113.5", "203.0.113.5"),
        ("::FFFF:cb00:7105", "203.0.113.5"),
        ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
        ("2001:0DB8:1:2:ffff:ffff:ffff:ffff", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("::1", "::/64"),
        ("/run/codexity.sock", "/run/codexity.sock"),
        ("", ""),
    ],
)
def test_a_client_is_an_address_of_version_four_or_the_half_of_one_of_version_six(
    address: str, network: str
) -> None:
    assert client_network(address) == network


def test_whoever_has_a_network_of_version_six_is_one_client_and_its_neighbour_another() -> None:
    for proxied in (False, True):
        seen = [
            _client("10.0.0.1", one) if proxied else _client(one)
            for one in ("2001:db8::1", "2001:db8::2", "2001:db8::ffff:0:0:1", "2001:db8:0:1::1")
        ]
        assert seen[0] == seen[1] == seen[2] != seen[3]
