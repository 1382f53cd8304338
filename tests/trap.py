"""A network whose every address is this machine: who was reached there, and by which packets."""

from __future__ import annotations

import socket
import struct
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Final, Self

PORTS: Final = (80, 443, 8080, 8000, 22, 6379, 9200)
"""Where the trap listens, at every address."""
RESOLVER: Final = "9.9.9.9"
MARK: Final = "1.0.0.1"
"""Where we connect to ourselves at the end of a phase."""
PUBLIC: Final = frozenset(
    {"93.184.216.34", "2606:4700:4700::1111", "8.8.8.8", "1.1.1.1", RESOLVER, MARK}
)
"""The addresses that stand for the web; every other one is an inner one."""
_EVERY_PACKET: Final = 0x0003
_A, _AAAA = 1, 28
_SYN, _ACK = 0x02, 0x10
_SOL_PACKET, _PACKET_STATISTICS = 263, 6  # linux/if_packet.h
_BUFFER_BYTES = 8_000_000


@dataclass(slots=True)
class Met:
    """Whom anybody connected to: (address, port, path), and the packets: (kind, address, port)."""

    reached: set[tuple[str, int, str]] = field(default_factory=set[tuple[str, int, str]])
    packets: set[tuple[str, str, int]] = field(default_factory=set[tuple[str, str, int]])

    def inner(self) -> list[tuple[str, int, str]]:
        """Connections to inner addresses."""
        return sorted(one for one in self.reached if one[0] not in PUBLIC)

    def inner_packets(self) -> list[tuple[str, str, int]]:
        """Packets to inner addresses, but for those from the browser to our own proxy."""
        return sorted(
            (kind, address, port)
            for kind, address, port in self.packets
            if address not in PUBLIC
            and not (kind == "tcp" and address == "127.0.0.1" and port not in PORTS)
        )

    def public(self) -> list[tuple[str, int, str]]:
        """Connections to the web."""
        return sorted(one for one in self.reached if one[0] in PUBLIC - {MARK})


class Trap:
    """Answers over HTTP at every address on `PORTS`, over DNS at `RESOLVER`, and notes it all.

    `answer` gives the reply to a path; `names` the addresses of a name, asked for the nth time.
    """

    def __init__(
        self, answer: Callable[[str], bytes], names: Callable[[str, int], Sequence[str]]
    ) -> None:
        self.met = Met()
        self._answer = answer
        self._names = names
        self._looked_up: dict[str, int] = {}
        self._listeners = [_listener(port) for port in PORTS]
        self._dns = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._dns.bind((RESOLVER, 53))
        self._wire = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(_EVERY_PACKET))
        self._wire.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _BUFFER_BYTES)

    def start(self) -> Self:
        """Begins; it ends with the process."""
        for listener in self._listeners:
            threading.Thread(target=self._accept, args=(listener,), daemon=True).start()
        threading.Thread(target=self._look_up, daemon=True).start()
        threading.Thread(target=self._watch, daemon=True).start()
        return self

    def afresh(self) -> Met:
        """What was met so far, which is forgotten; a name is new again."""
        self._catch_up()
        before, self.met = self.met, Met()
        self._looked_up.clear()
        return before

    def missed(self) -> int:
        """How many packets came too fast to be noted since this was last asked."""
        told = self._wire.getsockopt(_SOL_PACKET, _PACKET_STATISTICS, 8)
        return struct.unpack("II", told)[1]

    def _catch_up(self) -> None:
        """Waits for what is still to be noted: connections of our own come behind all others."""
        for port in PORTS:
            socket.create_connection((MARK, port), 10).close()
        connected = {(MARK, port, "") for port in PORTS}
        packets = {("tcp", MARK, port) for port in PORTS}
        deadline = time.monotonic() + 30
        while not (connected <= self.met.reached and packets <= self.met.packets):
            if time.monotonic() > deadline:
                raise TimeoutError("the trap does not notice connections of its own")
            time.sleep(0.01)

    def _accept(self, listener: socket.socket) -> None:
        while True:
            client, _ = listener.accept()
            address, port = client.getsockname()[:2]
            self.met.reached.add((_plain(address), port, ""))
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        address, port = client.getsockname()[:2]
        with client, suppress(OSError):
            client.settimeout(5)
            head = client.recv(65_536).decode("latin-1")
            words = head.split(" ", 2)
            if len(words) == 3 and words[2].startswith("HTTP/"):
                self.met.reached.add((_plain(address), port, words[1]))
                client.sendall(self._answer(words[1]))

    def _look_up(self) -> None:
        while True:
            asked, client = self._dns.recvfrom(2_048)
            with suppress(OSError, IndexError, struct.error, ValueError):
                self._dns.sendto(self._reply(asked), client)

    def _reply(self, asked: bytes) -> bytes:
        labels: list[str] = []
        at = 12
        while asked[at]:
            labels.append(asked[at + 1 : at + 1 + asked[at]].decode("ascii").lower())
            at += 1 + asked[at]
        (kind,) = struct.unpack("!H", asked[at + 1 : at + 3])
        name = ".".join(labels)
        if kind == _A:
            self._looked_up[name] = self._looked_up.get(name, 0) + 1
        known = self._names(name, self._looked_up.get(name, 1))
        family = {_A: 4, _AAAA: 6}.get(kind)
        wanted = [ip_address(one) for one in known]
        found = [one.packed for one in wanted if one.version == family]
        flags = 0x8180 if known else 0x8183
        head = asked[:2] + struct.pack("!HHHHH", flags, 1, len(found), 0, 0)
        records = [
            struct.pack("!HHHIH", 0xC00C, kind, 1, 0, len(packed)) + packed for packed in found
        ]
        return head + asked[12 : at + 5] + b"".join(records)

    def _watch(self) -> None:
        while True:
            packet, (_, protocol, *_) = self._wire.recvfrom(65_536)
            seen = _seen(packet, protocol)
            if seen is not None:
                self.met.packets.add(seen)


def _listener(port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET6, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
    listener.bind(("::", port))
    listener.listen(512)
    return listener


def _plain(address: str) -> str:
    parsed = ip_address(address.partition("%")[0])
    mapped = parsed.ipv4_mapped if parsed.version == 6 else None
    return str(mapped or parsed)


def _seen(packet: bytes, protocol: int) -> tuple[str, str, int] | None:
    """A connection that begins, or a datagram: what, and where to."""
    if protocol == 0x0800 and len(packet) >= 20:
        start, kind, target = (packet[0] & 0x0F) * 4, packet[9], packet[16:20]
    elif protocol == 0x86DD and len(packet) >= 40:
        start, kind, target = 40, packet[6], packet[24:40]
    else:
        return None
    address = str(ip_address(target))
    if kind == socket.IPPROTO_TCP and len(packet) >= start + 14:
        flags = packet[start + 13]
        if not flags & _SYN or flags & _ACK:
            return None
        return "tcp", address, struct.unpack("!H", packet[start + 2 : start + 4])[0]
    if kind == socket.IPPROTO_UDP and len(packet) >= start + 4:
        return "udp", address, struct.unpack("!H", packet[start + 2 : start + 4])[0]
    return None


def reply(body: str, *, status: str = "200 OK", headers: Mapping[str, str] | None = None) -> bytes:
    """An HTTP reply that any page may read."""
    given = {
        "Content-Type": "text/html; charset=utf-8",
        "Access-Control-Allow-Origin": "*",
        "Access-Control-Allow-Private-Network": "true",
        "Connection": "close",
        **(headers or {}),
    }
    coded = body.encode()
    lines = [f"HTTP/1.1 {status}", *(f"{name}: {value}" for name, value in given.items())]
    return "\r\n".join([*lines, f"Content-Length: {len(coded)}", "", ""]).encode() + coded
