"""What is wrong where an encrypted connection does not come about, in words, and what mends it."""

from __future__ import annotations

import re
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

import anyio
import httpx2

from codexity.ports import fillable, mending, setting

_LOOK_SECONDS: Final = 2.0
_TRUST: Final = (
    "(Debian, Ubuntu: put it as a .crt file into /usr/local/share/ca-certificates, and run"
    " `update-ca-certificates`), or name a file of all that are to be trusted in SSL_CERT_FILE, and"
    " start Codexity again."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TlsFault:
    """Words that go on after a colon, the mend for whose server it is, and the address's scheme.

    `scheme` is what the address ought to begin with, where that is the fault; `is_untrusted` where
    nothing is wrong but that nobody here knows who signed.
    """

    said: str
    mend: str
    scheme: str = ""
    is_untrusted: bool = False

    def mended(self, name: str, url: str) -> str:
        """The mend of the service at this address, which the setting of this name holds."""
        if not self.scheme:
            return self.mend
        right = urlsplit(url)._replace(scheme=self.scheme).geturl()
        return mending(self.mend, setting(name, fillable(right)))


_SELF_SIGNED: Final = TlsFault(
    said="its certificate is signed by itself, and this machine does not trust it.",
    mend=f"Have this machine trust that certificate {_TRUST}",
    is_untrusted=True,
)
_UNKNOWN: Final = TlsFault(
    said="its certificate is signed by nobody whom this machine trusts.",
    mend=f"Have this machine trust the certificate of the authority that signed it {_TRUST}",
    is_untrusted=True,
)
_EXPIRED: Final = TlsFault(
    said="its certificate has expired.",
    mend="Renew its certificate, and see that this machine's clock is right.",
)
_EARLY: Final = TlsFault(
    said="its certificate is not valid yet.", mend="See that the clocks of both machines are right."
)
_NAME: Final = TlsFault(
    said="its certificate is for another name.",
    mend="Set the address with the name that its certificate is for, or give it one for this name.",
)
_OTHER: Final = TlsFault(
    said="its certificate cannot be trusted.",
    mend="Give it a certificate that this machine trusts.",
)
_OLD: Final = TlsFault(
    said="it speaks no TLS as new as 1.2.", mend="Turn TLS 1.2 or 1.3 on at that server."
)
_NO_TLS: Final = TlsFault(
    said="it does not speak TLS at that port.",
    mend="Turn TLS on there, or ask it without:",
    scheme="http",
)
_ONLY_TLS: Final = TlsFault(
    said="it speaks TLS at that port, and the address begins with http://.",
    mend="Ask it over TLS:",
    scheme="https",
)
_CLIENT: Final = TlsFault(
    said="it wants a certificate of its clients, and Codexity has none.",
    mend="Have the server take clients without a certificate.",
)
_BROKEN: Final = TlsFault(
    said="no encrypted connection came about.", mend="Look at what that server logs of TLS."
)
_EVERY: Final = (
    *(_SELF_SIGNED, _UNKNOWN, _EXPIRED, _EARLY, _NAME, _OTHER),
    *(_OLD, _NO_TLS, _ONLY_TLS, _CLIENT, _BROKEN),
)
_BY_CODE: Final = {
    9: _EARLY,
    10: _EXPIRED,
    18: _SELF_SIGNED,
    19: _UNKNOWN,
    20: _UNKNOWN,
    21: _UNKNOWN,
    62: _NAME,
    64: _NAME,
}
"""Source: OpenSSL, `X509_STORE_CTX_get_error`; what else there is, is rare."""
_BY_REASON: Final = (
    ("WRONG_VERSION_NUMBER", _NO_TLS),
    ("HTTP_REQUEST", _NO_TLS),
    ("PACKET_LENGTH_TOO_LONG", _NO_TLS),
    ("RECORD_LAYER_FAILURE", _NO_TLS),
    ("UNSUPPORTED_PROTOCOL", _OLD),
    ("PROTOCOL_VERSION", _OLD),
    ("CERTIFICATE_REQUIRED", _CLIENT),
)
# In the words of nginx, Go and Apache. Others hang up, which alone tells nothing.
_REFUSED: Final = re.compile(
    r"plain HTTP request was sent to (?:an )?(?:HTTPS|SSL|TLS)|HTTP request to an HTTPS server"
    r"|speaking plain HTTP to an SSL",
    re.IGNORECASE,
)


def fault_of(error: BaseException) -> TlsFault | None:
    """What of TLS is behind this error, or what it was raised from; None where nothing is."""
    for one in _chain(error):
        if isinstance(one, ssl.SSLCertVerificationError):
            return _BY_CODE.get(getattr(one, "verify_code", 0), _OTHER)
        if isinstance(one, ssl.SSLError):
            reason = one.reason or ""
            return next((fault for name, fault in _BY_REASON if name in reason), _BROKEN)
    return None


def refused(status: int, body: str) -> TlsFault | None:
    """What a server means that speaks TLS and was asked without it; None where it means other."""
    return _ONLY_TLS if status == 400 and _REFUSED.search(body) else None


def told_of(message: str) -> TlsFault | None:
    """The fault whose words this message of ours ends with."""
    return next((fault for fault in _EVERY if message.endswith(fault.said)), None)


async def needed(url: str, client: httpx2.AsyncClient) -> TlsFault | None:
    """Whether what hangs up at this http:// address speaks TLS there: asks once, within 2 s."""
    if not url.lower().startswith("http://"):
        return None
    with anyio.move_on_after(_LOOK_SECONDS):
        try:
            async with client.stream("GET", f"https://{url[7:]}", follow_redirects=False):
                return _ONLY_TLS
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            found = fault_of(error)
            return None if found in {None, _NO_TLS, _BROKEN} else _ONLY_TLS
    return None


def _chain(error: BaseException) -> Iterator[BaseException]:
    seen: BaseException | None = error
    for _ in range(10):
        if seen is None:
            return
        yield seen
        seen = seen.__cause__ or seen.__context__
