"""Where this installation's server is found, for people who read a terminal."""

from __future__ import annotations

from collections.abc import Sequence

import anyio

from codexity.compose import Installation

_LOOPBACK = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - compared, not bound

_ANSWER_SECONDS = 1.0
_OPENS = (200, 401)


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


async def server_note(urls: Sequence[str], installation: Installation) -> str | None:
    """What a person is told once who is shown these addresses, where some open by a server alone.

    None where no server is wanted, or where one answers at the first such address.
    """
    wanted = next((url for url in urls if installation.index.owns(url)), None)
    if wanted is None:
        return None
    server = installation.settings.server
    if not server.port:
        return (
            "Addresses that begin with /library/ open while `codexity serve` runs, behind the "
            "address that it prints."
        )
    if await _opens(for_people(wanted, installation)):
        return None
    address = server_address(server.host, server.port)
    return f"Links to {address} open while the server runs: codexity serve"


async def _opens(url: str) -> bool:
    """Whether a server shows this document, or asks for a key first."""
    import httpx2

    with anyio.move_on_after(_ANSWER_SECONDS):
        try:
            async with httpx2.AsyncClient(trust_env=False) as client:
                return (await client.head(url)).status_code in _OPENS
        except httpx2.HTTPError:
            pass
    return False


def for_library(url: str, installation: Installation) -> str:
    """The reverse: a library document's address without the server's."""
    server = installation.settings.server
    path = url.removeprefix(server_address(server.host, server.port))
    return path if installation.index.owns(path) else url
