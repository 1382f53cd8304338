"""Whose certificates are trusted: those of this machine, or those that the environment names."""

from __future__ import annotations

import os
import re
import ssl
from pathlib import Path
from typing import Final

import httpx2

from codexity.errors import Misconfigured

_HASHED: Final = re.compile(r"[0-9a-fA-F]{8}\.\d+")
_MEND: Final = "correct it or unset it, and start Codexity again"


def trusting(cert_file: str = "", cert_dir: str = "") -> ssl.SSLContext:
    """A client's context; it reads files, and takes a tenth of a second.

    Both are in the place of this machine's own, as they are for OpenSSL; `cert_dir` may hold
    several folders between colons.

    Raises:
        Misconfigured: `SSL_CERT_FILE` or `SSL_CERT_DIR` names what cannot be one.
    """
    if not cert_file and not cert_dir:
        return httpx2.create_ssl_context(trust_env=False)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if cert_file:
        try:
            context.load_verify_locations(cafile=cert_file)
        except (OSError, ValueError) as error:
            why = "no certificates in PEM" if isinstance(error, ssl.SSLError) else _why(error)
            raise _wrong("SSL_CERT_FILE", cert_file, why) from error
    folders = [folder for folder in cert_dir.split(os.pathsep) if folder]
    # OpenSSL takes any folder; one that is not there is passed over while another one is.
    held = [folder for folder in folders if _holds_hashed(folder)]
    if cert_dir and not held and not cert_file:
        why = "no folder of certificates by their hashes (`openssl rehash` makes one)"
        raise _wrong("SSL_CERT_DIR", cert_dir, why)
    for folder in held:
        context.load_verify_locations(capath=folder)
    return context


def _holds_hashed(folder: str) -> bool:
    try:
        return any(_HASHED.fullmatch(path.name) for path in Path(folder).iterdir())
    except OSError:
        return False


def _why(error: Exception) -> str:
    return (getattr(error, "strerror", None) or str(error)).lower()


def _wrong(variable: str, value: str, why: str) -> Misconfigured:
    return Misconfigured(f"{variable} is {value}: {why}; {_MEND}.")
