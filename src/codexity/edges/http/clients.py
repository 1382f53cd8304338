"""Whom a stream belongs to when streams are counted: an API key, or else an address."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence

from starlette.datastructures import Headers
from starlette.types import Scope

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def client_of(scope: Scope, proxies: Sequence[Network]) -> str:
    """The principal's name where there are keys; else the nearest address that is no proxy of ours.

    Source: `X-Forwarded-For` is read from its end, where our own proxies wrote.
    """
    principal: str = scope["codexity.principal"]
    if scope["codexity.rules"].api_keys:
        return f"key {principal}"
    address: str = (scope.get("client") or ("", 0))[0]
    named = ",".join(Headers(scope=scope).getlist("x-forwarded-for")).split(",")
    while named and _within(address, proxies):
        before = named.pop().strip()
        if not _is_address(before):
            break
        address = before
    return f"address {address}"


def networks(texts: Sequence[str]) -> tuple[Network, ...]:
    """The networks of the settings."""
    return tuple(ipaddress.ip_network(text) for text in texts)


def _within(address: str, proxies: Sequence[Network]) -> bool:
    if not _is_address(address):
        return False
    found = ipaddress.ip_address(address)
    # A socket for both versions shows an address of version 4 as one of version 6.
    mapped = found.ipv4_mapped if isinstance(found, ipaddress.IPv6Address) else None
    return any((mapped or found) in one for one in proxies)


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
