"""What the environment says of the way out, in variables that other programs share with us."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final
from urllib.parse import urlsplit

from codexity.settings.layers import of_process

_SCHEMES: Final = ("http", "https")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    """The authorities to be trusted in the place of this machine's own, and proxies.

    `proxies` has the variable that names one for each scheme, and `without` the hosts (as
    `NO_PROXY` has them) that need none. Codexity reads pages through none of them.
    """

    cert_file: str = ""
    cert_dir: str = ""
    proxies: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    without: str = ""

    def proxy_for(self, url: str) -> str:
        """The variable whose proxy other programs would ask for this address; empty for none."""
        try:
            parts = urlsplit(url)
            host = parts.hostname or ""
        except ValueError:
            return ""
        variable = self.proxies.get(parts.scheme.lower(), "")
        return "" if any(_covers(one, host) for one in self.without.split(",")) else variable


def _covers(entry: str, host: str) -> bool:
    """Whether an entry of `NO_PROXY` names this host, a domain above it, or every host."""
    name = entry.strip().lower().partition(":")[0].removeprefix("*").removeprefix(".")
    return entry.strip() == "*" or (name != "" and (host == name or host.endswith(f".{name}")))


def outside(environ: Mapping[str, str] | None = None) -> Outside:
    """What is said there, by default in the environment of this process.

    Source: OpenSSL, `SSL_CTX_set_default_verify_paths`; curl, "Environment variables".
    """
    given = of_process() if environ is None else environ

    def first(*names: str) -> str:
        return next((name for name in names if given.get(name, "").strip()), "")

    proxies = {
        scheme: first(f"{scheme}_proxy", f"{scheme.upper()}_PROXY", "all_proxy", "ALL_PROXY")
        for scheme in _SCHEMES
    }
    return Outside(
        cert_file=given.get("SSL_CERT_FILE", "").strip(),
        cert_dir=given.get("SSL_CERT_DIR", "").strip(),
        proxies=MappingProxyType({scheme: name for scheme, name in proxies.items() if name}),
        without=given.get(first("no_proxy", "NO_PROXY"), "").strip(),
    )
