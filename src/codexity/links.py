"""Canonical URLs, sites, and links that open a page at a quote."""

from __future__ import annotations

from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

_TRACKING = frozenset(
    """fbclid gclid gclsrc dclid gbraid wbraid msclkid yclid twclid ttclid igshid mc_cid mc_eid
    _hsenc _hsmi mkt_tok vero_id oly_anon_id oly_enc_id wickedid ref_src ref_url s_cid
    spm""".split()
)
_QUOTE_WORDS_AT_EACH_END = 6


def canonical(url: str) -> str:
    """One spelling for the many of an address, to compare by; not meant for fetching.

    Scheme `http` counts as `https`; host in lower case without `www.` and default port; without
    fragment, tracking parameters, or a slash at the end; parameters sorted.
    """
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError:
        return url.strip()
    host = (parts.hostname or "").rstrip(".").removeprefix("www.")
    if ":" in host:
        host = f"[{host}]"
    if port is not None and port not in {80, 443}:
        host = f"{host}:{port}"
    scheme = "https" if parts.scheme.lower() == "http" else parts.scheme.lower()
    kept = sorted(
        (key, value)
        for key, value in parse_qsl(parts.query, keep_blank_values=True)
        if key.lower() not in _TRACKING and not key.lower().startswith("utm_")
    )
    return urlunsplit((scheme, host, parts.path.rstrip("/"), urlencode(kept), ""))


def site(url: str) -> str:
    """The host of an address without `www.`, and with its port where that is not the default."""
    return urlsplit(canonical(url)).netloc


def within(url: str, domains: tuple[str, ...]) -> bool:
    """Whether the address' host is one of the domains or below one; true when there are none."""
    if not domains:
        return True
    host = (urlsplit(url).hostname or "").lower().rstrip(".")
    wanted = [domain.lower().strip().strip(".").removeprefix("www.") for domain in domains]
    return any(host == one or host.endswith(f".{one}") for one in wanted)


def at_quote(url: str, text: str) -> str:
    """A link that opens the page at the quote, as a text fragment.

    A long quote is named by its first and last words. Source: WICG "URL Fragment Text Directives".
    """
    spoken = text.split()
    if len(spoken) > 2 * _QUOTE_WORDS_AT_EACH_END:
        ends = (spoken[:_QUOTE_WORDS_AT_EACH_END], spoken[-_QUOTE_WORDS_AT_EACH_END:])
        directive = ",".join(_fragment(" ".join(end)) for end in ends)
    else:
        directive = _fragment(" ".join(spoken))
    base, _, fragment = url.partition("#")
    return f"{base}#{fragment.partition(':~:')[0]}:~:text={directive}"


def _fragment(text: str) -> str:
    return quote(text, safe="").replace("-", "%2D")
