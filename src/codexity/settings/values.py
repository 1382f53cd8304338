"""What a single setting may hold: the types of fields, each refusing in words for people."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, SecretStr

from codexity.links import in_ascii

_NAME = re.compile(r"[a-z0-9_]([a-z0-9_.-]{0,252}[a-z0-9_])?\.?", re.IGNORECASE)
_HOST_AND_PORT = re.compile(r"(?P<host>\[[^\]]+\]|[^:\[\]]+)(:(?P<port>[0-9]{1,5}))?")
_KEY_NAME = re.compile(r"[A-Za-z0-9._-]{1,64}")
_KEY_LENGTH = 16


@dataclass(frozen=True, slots=True)
class Harmless:
    """Marks a setting that the files of a working directory that nobody trusted may give.

    A setting without it needs `codexity trust` there: so it is with each new one. Harmless is what
    neither names a program, nor says who gets a question, a key or a document, what may be reached,
    who may use the server, what is kept where and how long, nor what sites are told and asked in
    your name. No text can be.
    """


@dataclass(frozen=True, slots=True)
class HarmlessAs:
    """Marks a setting that is harmless with one value, which does less than any other.

    To ignore that would be the greater harm: questions would leave the machine, or a browser be
    run, where somebody wrote that they should not.
    """

    value: object


@dataclass(frozen=True, slots=True)
class SentTo:
    """Marks a key: it is sent to the address that is the setting `sibling` of its group."""

    sibling: str


class Group(BaseModel):
    """Settings that belong together; frozen, and strict about names."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


def _no_switch(value: object) -> object:
    # pydantic takes True for 1, so `port = true` in a file would listen on port 1.
    if isinstance(value, bool):
        raise ValueError("must be a number, not true or false")  # noqa: TRY004 -- pydantic's way
    return value


def _is_host(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return _NAME.fullmatch(text) is not None
    return True


def _host(text: str) -> str:
    bare = text.strip().removeprefix("[").removesuffix("]")
    if not _is_host(bare):
        raise ValueError("must be a host name or an IP address, without scheme and port")
    return bare.lower()


def _is_name_in_letters(text: str) -> bool:
    """Whether it is a name with letters beyond ASCII, such as bücher.example."""
    return not text.isascii() and in_ascii(text).isascii()


def _host_and_port(text: str) -> str:
    wanted = text.strip().lower()
    if wanted.count(":") > 1 and _is_host(wanted):
        return f"[{wanted}]"
    found = _HOST_AND_PORT.fullmatch(wanted)
    if (
        found is None
        or not (_is_host(found["host"].strip("[]")) or _is_name_in_letters(found["host"]))
        or int(found["port"] or 1) not in range(1, 65_536)
    ):
        raise ValueError('each entry must be a host or host:port, such as "10.0.0.5:8080"')
    return wanted


def _url(text: str) -> str:
    address = text.strip().rstrip("/")
    try:
        parts = urlsplit(address)
        good = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        good = False
    if not good or any(one.isspace() for one in address):
        raise ValueError("must be an address that begins with http:// or https://")
    return address


def _origin(text: str) -> str:
    address = text.strip().rstrip("/").lower()
    try:
        parts = urlsplit(address)
        good = bool(parts.scheme and parts.hostname) and parts.port != 0
        good = good and address == f"{parts.scheme}://{parts.netloc}" and "@" not in address
    except ValueError:
        good = False
    if not good:
        raise ValueError('each entry must be one origin, such as "https://search.example.org"')
    return address


def _network(text: str) -> str:
    try:
        return str(ipaddress.ip_network(text.strip(), strict=False))
    except ValueError:
        raise ValueError(
            'each entry must be an address or a network, such as "10.0.0.0/8"'
        ) from None


def _keys(keys: dict[str, SecretStr]) -> dict[str, SecretStr]:
    # Where somebody swaps the two sides, the name is the secret: so no message holds either.
    shown = [key.get_secret_value() for key in keys.values()]
    if any(_KEY_NAME.fullmatch(name) is None for name in keys):
        raise ValueError("each name must be 1 to 64 of the characters A-Z a-z 0-9 . _ -")
    if any(len(key) < _KEY_LENGTH for key in shown):
        raise ValueError(f"each key must have at least {_KEY_LENGTH} characters (name = key)")
    if not all(key.isascii() and key.isprintable() and " " not in key for key in shown):
        raise ValueError("each key must be plain ASCII without spaces, to fit into a header")
    if len(set(shown)) != len(shown):
        raise ValueError("two names have the same key")
    return keys


def _key(key: SecretStr) -> SecretStr:
    text = key.get_secret_value().strip()
    if not (text.isascii() and text.isprintable() and text and " " not in text):
        raise ValueError("must be plain ASCII without spaces, to fit into a header")
    return SecretStr(text)


def lowered(value: object) -> object:
    """A word as the settings have it, in small letters; of anything else, the same."""
    return value.strip().lower() if isinstance(value, str) else value


def is_loopback(host: str) -> bool:
    """Whether an address to listen on can be reached from this machine only."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
        return address.ipv4_mapped.is_loopback
    return address.is_loopback


HARMLESS = Harmless()
Whole = Annotated[int, BeforeValidator(_no_switch)]
Number = Annotated[float, BeforeValidator(_no_switch)]
HarmlessWhole = Annotated[Whole, HARMLESS]
HarmlessNumber = Annotated[Number, HARMLESS]
HarmlessFlag = Annotated[bool, HARMLESS]
Host = Annotated[str, AfterValidator(_host)]
HostAndPort = Annotated[str, AfterValidator(_host_and_port)]
Url = Annotated[str, AfterValidator(_url)]
Origin = Annotated[str, AfterValidator(_origin)]
Network = Annotated[str, AfterValidator(_network)]
Keys = Annotated[dict[str, SecretStr], AfterValidator(_keys)]
Key = Annotated[SecretStr, AfterValidator(_key)]
