"""Which addresses may be reached.

Source of the tables: the IANA special-purpose address registries for IPv4 and IPv6 (RFC 6890), and
the "bad ports" of the Fetch standard.
"""

from __future__ import annotations

import re
import socket
from collections.abc import Callable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

import anyio

from codexity.adapters.fetch.names import Names, Resolve
from codexity.errors import Unreadable
from codexity.links import in_ascii

_CLOSED_V4 = tuple(
    IPv4Network(network)
    for network in (
        "0.0.0.0/8",  # this host
        "10.0.0.0/8",  # private
        "100.64.0.0/10",  # behind carriers' address translation
        "127.0.0.0/8",  # loopback
        "168.63.129.16/32",  # the host below Azure's machines: a public number, an inner service
        "169.254.0.0/16",  # link-local, and the clouds' metadata services
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # protocol assignments
        "192.0.2.0/24",  # documentation
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",  # private
        "198.18.0.0/15",  # benchmarking
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, broadcast
    )
)
_OPEN_V6 = IPv6Network("2000::/3")
_CLOSED_V6 = tuple(
    IPv6Network(network)
    for network in (
        "2001::/23",  # protocol assignments: Teredo, ORCHID, benchmarking
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4: an IPv4 address in disguise
        "3fff::/20",  # documentation
    )
)
_NAT64 = IPv6Network("64:ff9b::/96")
_ISATAP = frozenset({0x0000_5EFE, 0x0200_5EFE})
_WITH_PORT = re.compile(r"(\[[^\]]*\]|[^:]*):([0-9]+)")
_CLOSED_PORTS = frozenset(
    map(
        int,
        """0 1 7 9 11 13 15 17 19 20 21 22 23 25 37 42 43 53 69 77 79 87 95 101 102 103 104 109 110
        111 113 115 117 119 123 135 137 139 143 161 179 389 427 465 512 513 514 515 526 530 531 532
        540 548 554 556 563 587 601 636 989 990 993 995 1719 1720 1723 2049 3306 3659 4045 4190 5060
        5061 5432 6000 6379 6566 6665 6666 6667 6668 6669 6679 6697 10080 11211""".split(),
    )
)
"""Ports of other services than the web's; the standard's, and those of databases."""


def is_public(address: str) -> bool:
    """Whether an IP address is one of the public internet; what is no IP address is not.

    An IPv6 address counts when it is global unicast; one that carries an IPv4 address (mapped,
    NAT64, ISATAP) is judged by that too. Source: RFC 4291, RFC 5214, RFC 6052.
    """
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    if isinstance(parsed, IPv4Address):
        return _is_public_v4(parsed)
    if parsed.scope_id is not None:
        return False
    return _is_public_v6(parsed)


def _is_public_v4(address: IPv4Address) -> bool:
    return not any(address in network for network in _CLOSED_V4)


def _is_public_v6(address: IPv6Address) -> bool:
    if address.ipv4_mapped is not None:
        return _is_public_v4(address.ipv4_mapped)
    inner = IPv4Address(int(address) & 0xFFFF_FFFF)
    if address in _NAT64:
        return _is_public_v4(inner)
    if address not in _OPEN_V6 or any(address in network for network in _CLOSED_V6):
        return False
    if (int(address) >> 32) & 0xFFFF_FFFF in _ISATAP:
        return _is_public_v4(inner)
    return True


async def resolve(host: str, port: int) -> Sequence[str]:
    """The host's IP addresses as this machine's resolver names them, in its order.

    Raises:
        OSError: there is none, or the name cannot be one.
    """
    try:
        answers = await anyio.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (UnicodeError, ValueError) as error:
        raise OSError(f"{host!r} is not a host name") from error
    return tuple(dict.fromkeys(str(sockaddr[0]) for *_, sockaddr in answers))


class Guard:
    """Names the addresses that a connection may go to: public ones, or those of allowed hosts.

    Every address that a host has must be public, and the port one that pages are served on.
    `allow_hosts` holds `host` or `host:port` (IPv6 addresses in brackets where a port follows);
    a name counts in its ASCII form, however it is written. A host that was judged is looked up
    again after a minute only, by whoever asks this guard.
    """

    def __init__(
        self,
        *,
        allow_hosts: frozenset[str] = frozenset(),
        resolver: Resolve = resolve,
        now: Callable[[], float] = anyio.current_time,
    ) -> None:
        self._allowed = frozenset(_entry(entry) for entry in allow_hosts)
        self._names = Names(resolver, now=now)

    def allows(self, host: str, port: int) -> bool:
        """Whether the settings name this host, or this host and port, as one to be reached."""
        name = _spelled(host)
        return not self._allowed.isdisjoint({name, f"{name}:{port}"})

    async def addresses(self, host: str, port: int) -> tuple[str, ...]:
        """The addresses of a host, all of which may be reached: connect to these, not to the name.

        Raises:
            Unreadable: `not_public`, or `unreachable` when the host has no address.
        """
        is_allowed = self.allows(host, port)
        if port in _CLOSED_PORTS and not is_allowed:
            raise Unreadable(
                f"No pages are served on port {port}. If the host is yours, name it in the setting"
                " fetch.allow_hosts.",
                code="not_public",
                detail=f"{host}:{port}",
            )
        name = _looked_up(host)
        try:
            found = await self._names.addresses(name, port)
        except OSError as error:
            message = "No such host was found."
            raise Unreadable(message, code="unreachable", detail=str(error)) from error
        closed = [address for address in found if not is_public(address)]
        if closed and not is_allowed:
            self._names.forget(name)
            raise Unreadable(
                "The address is not a public one. If the host is yours, name it in the setting"
                " fetch.allow_hosts.",
                code="not_public",
                detail=f"{host}:{port} is {', '.join(closed)}",
            )
        return found

    def forget(self, host: str) -> None:
        """Has the host looked up anew for its next connection: none of its addresses took one."""
        self._names.forget(_looked_up(host))


def _looked_up(host: str) -> str:
    return in_ascii(host.strip("[]").lower())


def _spelled(host: str) -> str:
    name = in_ascii(host.strip().lower().strip("[]")).rstrip(".")
    return f"[{name}]" if ":" in name else name


def _entry(allowed: str) -> str:
    """An entry of `allow_hosts` in the spelling that hosts are compared in."""
    match = _WITH_PORT.fullmatch(allowed.strip())
    return f"{_spelled(match[1])}:{match[2]}" if match else _spelled(allowed)
