"""Which classes of the guard's table stand for what others were found, or told, to let through."""

from __future__ import annotations

from typing import Final

SOURCES: Final[dict[str, tuple[str, ...]]] = {
    "PYSEC-2026-2995": ("6to4 and NAT64 around inner addresses (PYSEC-2026-2995)", "6to4", "NAT64"),
    "CVE-2026-47390": ("other spellings of loopback (CVE-2026-47390)",),
    "CVE-2026-55473": ("both prefixes of NAT64 (CVE-2026-55473)", "NAT64"),
    "OWASP: loopback": ("IPv4 loopback", "IPv6 loopback", "names of loopback", "IPv4 zero"),
    "OWASP: private": ("IPv4 private", "IPv6 local"),
    "OWASP: link-local": ("IPv4 link-local", "IPv6 link-local"),
    "OWASP: hexadecimal": ("IPv4 in hexadecimal",),
    "OWASP: octal": ("IPv4 in octal", "octal in four parts"),
    "OWASP: one number": ("IPv4 as one number",),
    "OWASP: mixed": ("IPv4 in several bases", "IPv4 in short"),
    "OWASP: URL encoding": ("URL encoding",),
    "OWASP: names of inner hosts": ("names of loopback", "metadata by name", "trailing dot"),
    "OWASP: metadata of clouds": ("metadata by address", "metadata by name"),
    "OWASP: DNS pinning": ("mixed answers",),
    "OWASP: other protocols": ("schemes",),
    "OWASP: what parsers disagree on": ("user names", "slashes and signs", "control characters"),
}
"""The classes that each source is in.

- PYSEC-2026-2995: pyLoad let through what 6to4 and NAT64 wrap.
- CVE-2026-47390: PraisonAI looked at how a host is spelled, and knew few of the spellings.
- CVE-2026-55473: HomeBox knew neither prefix of NAT64.
- OWASP: its cheat sheet "Server-Side Request Forgery Prevention", with the encodings of addresses
  that it holds libraries against. Its unsafe redirects, and names that turn after they were judged,
  are tests of their own.
"""
