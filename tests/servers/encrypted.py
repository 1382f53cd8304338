"""A local server that speaks TLS, with one of the certificates made for these tests."""

from __future__ import annotations

import ssl
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Final

from servers.local import Asked, LocalServer, Reply

CERTIFICATES: Final = Path(__file__).with_name("certificates")
"""For 127.0.0.1 and localhost, each with its key; `unknown` is signed by another than `ca`."""


def trusting() -> ssl.SSLContext:
    """A client's context that trusts `ca.pem` and nothing else."""
    return ssl.create_default_context(cafile=str(CERTIFICATES / "ca.pem"))


class EncryptedServer(LocalServer):
    """As `LocalServer`, over TLS; `old` speaks no TLS above 1.1."""

    def __init__(
        self, certificate: str, answer: Callable[[Asked], Reply] | None = None, *, old: bool = False
    ) -> None:
        super().__init__(answer)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(CERTIFICATES / f"{certificate}.pem")
        if old:
            context.set_ciphers("ALL:@SECLEVEL=0")
            with warnings.catch_warnings():
                # That nobody should do so is what is tried.
                warnings.simplefilter("ignore", DeprecationWarning)
                context.minimum_version = ssl.TLSVersion.TLSv1
                context.maximum_version = ssl.TLSVersion.TLSv1_1
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True)

    @property
    def url(self) -> str:
        return super().url.replace("http://", "https://")
