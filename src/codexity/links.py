"""Canonical URLs, sites, and links that open a page at a quote."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import pairwise
from unicodedata import normalize
from urllib.parse import SplitResult, parse_qsl, quote, urlencode, urlsplit, urlunsplit

from codexity.model import Block, Page

_TRACKING = frozenset(
    """fbclid gclid gclsrc dclid gbraid wbraid msclkid yclid twclid ttclid igshid mc_cid mc_eid
    _hsenc _hsmi mkt_tok vero_id oly_anon_id oly_enc_id wickedid ref_src ref_url s_cid
    spm""".split()
)
_QUOTE_WORDS_AT_EACH_END = 6
_QUOTE_CHARS_AT_EACH_END = 60
_WORDS_TO_BEGIN = 2
"""A run of fewer is taken to stand elsewhere on the page too."""
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


def at_quote(
    url: str, text: str, page: int | None = None, *, runs: Sequence[str] | None = None
) -> str:
    """A link that opens the page at the quote, as a text fragment.

    `runs` are what of the quote the document holds word for word, each in one block of it: the
    quote goes from the first to the last of them, or the longest stands for it where the first says
    little. Where there are none, the link opens the page.

    With the number of a PDF's page it opens that, in the place of the address' own fragment: a
    browser takes the directive away before its viewer reads `page=`, and a viewer that looks for
    directives (Chromium's has the code since 2025) goes on to the words. Source: RFC 8118.

    A long quote is named by its first and last words. In a script that writes no spaces an end is
    cut where a clause ends: a browser finds whole words only, and where words end there, only a
    dictionary knows. Source: WICG "URL Fragment Text Directives".
    """
    base, _, fragment = url.partition("#")
    own = fragment.partition(":~:")[0] if page is None else f"page={page}"
    found = [spoken for run in ((text,) if runs is None else runs) if (spoken := run.split())]
    if not found:
        return url if page is None else f"{base}#{own}"
    return f"{base}#{own}:~:text={_directive(found)}"


def at_slice(page: Page, start: int, end: int) -> str:
    """A link that opens the page at a slice of its text, as `at_quote` has it."""
    quote = page.text[start:end]
    return at_quote(page.url, quote, page.number_at(start), runs=runs(page, start, end))


def runs(page: Page, start: int, end: int) -> tuple[str, ...]:
    """What of a slice of a page's text stands in the document as it does here, run by run.

    A run is of whole words of one block, one cell, one line: what a browser finds.
    """
    if not page.blocks:
        return _spoken(page.text[start:end])
    first = max(0, bisect_right(page.blocks, start, key=lambda one: one.start) - 1)
    found: list[str] = []
    for block in page.blocks[first:]:
        if block.start >= end:
            break
        for low, high in _unaltered(block, page.text):
            found += _spoken(page.text[max(low, start) : min(high, end)])
    return tuple(found)


def _spoken(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.split("\n") if any(map(str.isalnum, line)))


def _unaltered(block: Block, text: str) -> Iterator[tuple[int, int]]:
    """Where the runs between the altered places of a block, and between its cells, stand.

    A word that an altered place touches is part of none: in the document it goes on.
    """
    joints = [(one, two) for (_, one), (two, _) in pairwise(block.cells)]
    low = block.start
    for first, last in sorted((*block.altered, *joints)):
        before, behind = first, max(low, last)
        if not text[first:last].isspace():
            while before > low and not text[before - 1].isspace():
                before -= 1
            while behind < block.end and not text[behind].isspace():
                behind += 1
        if low < before:
            yield low, before
        low = max(low, behind)
    if low < block.end:
        yield low, block.end


def _directive(runs: Sequence[list[str]]) -> str:
    first, last = runs[0], runs[-1]
    longest = max(runs, key=len)
    if len(first) < _WORDS_TO_BEGIN and len(longest) > len(first):
        first = last = longest
    whole = " ".join(first)
    short = (
        len(first) <= 2 * _QUOTE_WORDS_AT_EACH_END and len(whole) <= 2 * _QUOTE_CHARS_AT_EACH_END
    )
    if first is last and short:
        return _fragment(whole)
    return f"{_fragment(_beginning(first))},{_fragment(_ending(last))}"


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
