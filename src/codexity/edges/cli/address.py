"""Where this installation's server is found, for people who read a terminal."""

from __future__ import annotations

from codexity.compose import Installation

_LOOPBACK = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - compared, not bound


def server_address(host: str, port: int) -> str:
    """The server's address without a slash at its end; one that listens anywhere is on loopback."""
    host = _LOOPBACK.get(host, host)
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def for_people(url: str, installation: Installation) -> str:
    """An address that can be opened: a library document's with the server's before it.

    As it stands where any free port is taken, since then nobody knows the address beforehand.
    """
    server = installation.settings.server
    if not server.port or not installation.index.owns(url):
        return url
    return server_address(server.host, server.port) + url


def for_library(url: str, installation: Installation) -> str:
    """The reverse: a library document's address without the server's."""
    server = installation.settings.server
    path = url.removeprefix(server_address(server.host, server.port))
    return path if installation.index.owns(path) else url
