"""A server on loopback that nobody may reach: it notes everyone who does, over TCP and over UDP."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from typing import Self


class Canary:
    """`reached` holds the path of each request, and `udp` once a datagram came."""

    def __init__(self) -> None:
        self.reached: set[str] = set()
        self._tcp = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._tcp.getsockname()[1]
        self._udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._udp.bind(("127.0.0.1", self.port))
        self._stopping = False
        self._threads = [threading.Thread(target=one) for one in (self._accept, self._receive)]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping = True
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as last:
            last.sendto(b"", ("127.0.0.1", self.port))
        with suppress(OSError):
            socket.create_connection(("127.0.0.1", self.port), 5).close()
        for thread in self._threads:
            thread.join(10)
        self._tcp.close()
        self._udp.close()

    def _accept(self) -> None:
        while True:
            client, _ = self._tcp.accept()
            with client, suppress(OSError):
                if self._stopping:
                    return
                client.settimeout(2)
                line = client.recv(4_096).partition(b"\r\n")[0].decode("latin-1").split(" ")
                self.reached.add(line[1] if len(line) == 3 else "connection")
                client.sendall(
                    b"HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\n"
                    b"Content-Type: text/html\r\nContent-Length: 2\r\nConnection: close\r\n\r\nhi"
                )

    def _receive(self) -> None:
        while True:
            self._udp.recvfrom(2_048)
            if self._stopping:
                return
            self.reached.add("udp")
