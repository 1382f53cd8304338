"""Whom a request counts for when requests are counted: an API key, or else a client's network."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from typing import Final

from starlette.datastructures import Headers
from starlette.types import Scope

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_IPV6_PREFIX: Final = 64
"""What one subscriber is given at least: whoever has one address has all of these."""


def client_of(scope: Scope, proxies: Sequence[Network]) -> str:
    """The principal's name where there are keys; else the network of who asks.

    That is the nearest address that is no proxy of ours. Source: `X-Forwarded-For` is read from its
    end, where our own proxies wrote.
    """
    principal: str = scope["codexity.principal"]
    if scope["codexity.rules"].api_keys:
        return f"key {principal}"
    address: str = (scope.get("client") or ("", 0))[0]
    named = ",".join(Headers(scope=scope).getlist("x-forwarded-for")).split(",")
    while named and within(address, proxies):
        before = named.pop().strip()
        if _parsed(before) is None:
            break
        address = before
    return f"address {client_network(address)}"


def client_network(address: str) -> str:
    """The network that is one client: an address of version 4 itself, of version 6 its /64.

    An address of version 4 in the clothes of version 6 (`::ffff:192.0.2.1`) is the one of version
    4. What is no address, such as the path of a socket, is left as it is.
    Source: RFC 6177 (a site is given a /64 at least), RFC 4291 section 2.5.5.2.
    """
    found = _parsed(address)
    if found is None:
        return address
    if found.version == 4:
        return str(found)
    return str(ipaddress.IPv6Network((int(found), _IPV6_PREFIX), strict=False))


def networks(texts: Sequence[str]) -> tuple[Network, ...]:
    """The networks of the settings."""
    return tuple(ipaddress.ip_network(text) for text in texts)


def within(address: str, proxies: Sequence[Network]) -> bool:
    """Whether it is an address of one of these networks."""
    found = _parsed(address)
    return found is not None and any(found in one for one in proxies)


def _parsed(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        found = ipaddress.ip_address(text)
    except ValueError:
        return None
    # A socket for both versions shows an address of version 4 as one of version 6.
    mapped = found.ipv4_mapped if isinstance(found, ipaddress.IPv6Address) else None
    return mapped or found
