"""Canonical URLs, sites, and links that open a page at a quote."""

from __future__ import annotations

import re
from unicodedata import normalize
from urllib.parse import SplitResult, parse_qsl, quote, urlencode, urlsplit, urlunsplit

_TRACKING = frozenset(
    """fbclid gclid gclsrc dclid gbraid wbraid msclkid yclid twclid ttclid igshid mc_cid mc_eid
    _hsenc _hsmi mkt_tok vero_id oly_anon_id oly_enc_id wickedid ref_src ref_url s_cid
    spm""".split()
)
_QUOTE_WORDS_AT_EACH_END = 6
_QUOTE_CHARS_AT_EACH_END = 60
_EDGES = "".join(one for one in map(chr, range(0x3001)) if one.isspace() or one <= " ")
"""What `str.strip` and `urlsplit` take away at the ends: each takes what the other leaves."""
_HOST = re.compile(r"[\w-]+(?:\.[\w-]+)*|[0-9a-f:.]+(?:%[\w-]+)?")
_CUT = re.compile(r"[\s、。，；：！？｡､・」』）】]+")


def canonical(url: str) -> str:
    """One spelling for the many of an address, to compare by; not meant for fetching.

    Scheme `http` counts as `https`; host in lower case without `www.` and default port; without
    fragment, tracking parameters, or a slash at the end; parameters sorted. An address of this
    installation (`/library/...`) loses its fragment; what is no address stays as it is.
    """
    url = url.strip(_EDGES)
    if url.startswith("/") and not url.startswith("//"):
        return url.partition("#")[0].rstrip("/" + _EDGES)
    parts = _parts(url)
    host = _without_www((parts.hostname or "").rstrip(".")) if parts else ""
    if not parts or not _HOST.fullmatch(host):
        return url
    if ":" in host:
        host = f"[{host}]"
    if parts.port is not None and parts.port not in {80, 443}:
        host = f"{host}:{parts.port}"
    scheme = "https" if parts.scheme.lower() == "http" else parts.scheme.lower()
    kept = sorted(
        (key, value)
        for key, value in parse_qsl(parts.query, keep_blank_values=True)
        if key.lower() not in _TRACKING and not key.lower().startswith("utm_")
    )
    return urlunsplit(
        (scheme, host, parts.path.rstrip("/" + _EDGES), urlencode(kept, errors="replace"), "")
    )


def site(url: str) -> str:
    """The host of an address without `www.`, and with its port where that is not the default.

    Empty where the address names no host, or cannot be read.
    """
    parts = _parts(canonical(url))
    return parts.netloc if parts else ""


def in_ascii(host: str) -> str:
    """A host's name as DNS has it, `xn--...` for what is not ASCII; as it is where it is none.

    What only looks like a name in ASCII (full-width letters) is none. Source: RFC 5891 (IDNA 2008).
    """
    if host.isascii():
        return host
    import idna

    try:
        return idna.encode(normalize("NFC", host.lower())).decode()
    except idna.IDNAError:
        return host


def within(url: str, domains: tuple[str, ...]) -> bool:
    """Whether the address' host is one of the domains or below one; true when there are none.

    A host and a domain may each be spelled in its letters or as DNS has it (`xn--...`).
    """
    if not domains:
        return True
    parts = _parts(url)
    host = in_ascii((parts.hostname or "").rstrip(".")) if parts else ""
    wanted = [in_ascii(_without_www(domain.lower().strip().strip("."))) for domain in domains]
    return any(host == one or host.endswith(f".{one}") for one in wanted if one)


def at_quote(url: str, text: str, page: int | None = None) -> str:
    """A link that opens the page at the quote, as a text fragment.

    With the number of a PDF's page it opens that, in the place of the address' own fragment: a
    browser takes the directive away before its viewer reads `page=`, and a viewer that looks for
    directives (Chromium's has the code since 2025) goes on to the words. Source: RFC 8118.

    A long quote is named by its first and last words. In a script that writes no spaces an end is
    cut where a clause ends: a browser finds whole words only, and where words end there, only a
    dictionary knows. Source: WICG "URL Fragment Text Directives".
    """
    base, _, fragment = url.partition("#")
    own = fragment.partition(":~:")[0] if page is None else f"page={page}"
    spoken = text.split()
    if not spoken:
        return url if page is None else f"{base}#{own}"
    whole = " ".join(spoken)
    if len(spoken) > 2 * _QUOTE_WORDS_AT_EACH_END or len(whole) > 2 * _QUOTE_CHARS_AT_EACH_END:
        directive = f"{_fragment(_beginning(spoken))},{_fragment(_ending(spoken))}"
    else:
        directive = _fragment(whole)
    return f"{base}#{own}:~:text={directive}"


def _beginning(words: list[str]) -> str:
    text = " ".join(words[:_QUOTE_WORDS_AT_EACH_END])
    if len(text) <= _QUOTE_CHARS_AT_EACH_END:
        return text
    head = text[: _QUOTE_CHARS_AT_EACH_END + 1]
    return head[: max((match.start() for match in _CUT.finditer(head, 1)), default=0)] or head[:-1]


def _ending(words: list[str]) -> str:
    text = " ".join(words[-_QUOTE_WORDS_AT_EACH_END:])
    if len(text) <= _QUOTE_CHARS_AT_EACH_END:
        return text
    tail = text[-_QUOTE_CHARS_AT_EACH_END - 1 :]
    begins = (match.end() for match in _CUT.finditer(tail))
    return tail[min((begin for begin in begins if begin < len(tail)), default=1) :]


def _fragment(text: str) -> str:
    return quote(text, safe="", errors="replace").replace("-", "%2D")


def _parts(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url.strip(_EDGES))
        _ = parts.port  # looked at only when it is read
    except ValueError:
        return None
    return parts


def _without_www(host: str) -> str:
    while host.startswith("www.") and "." in host[4:]:
        host = host[4:]
    return host
