"""What the robots.txt of a site allows, kept for a day."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

import anyio
from anyio.to_thread import run_sync

from codexity.errors import Unreadable

if TYPE_CHECKING:
    from protego import Protego

AGENT: Final = "Codexity"
MOST_BYTES: Final = 512_000
"""What is read of one; RFC 9309 asks for at least 500 KiB. It is parsed in a quarter second."""
_GROUP: Final = re.compile(
    r"\s*(?P<field>user[-\s]*agent)(?:\s*:|\s)(?P<value>.*)", re.IGNORECASE | re.DOTALL
)
_TOKEN: Final = re.compile(r"\*(?=\s|#|\Z)|[A-Za-z_-]+")
_OTHER: Final = "of-another"
_KEPT_SECONDS: Final = 86_400.0
_REFUSED_SECONDS: Final = 60.0
_WAIT_SECONDS: Final = 4.0
_LARGE_BYTES: Final = 20_000
"""Rules of more are looked through in a thread: half a megabyte of them took 0.7 s."""
_MOST_SITES: Final = 1_000
_MOST_KEPT_BYTES: Final = 2_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class RobotsReply:
    """What a site answered when it was asked for its robots.txt, behind its redirects."""

    status: int
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rules:
    """`parsed` is None where everything is allowed, `refusal` says why nothing is."""

    until: float
    size: int = 0
    parsed: Protego | None = None
    refusal: str = ""


class Robots:
    """Asks each site for its robots.txt, once a day and once at a time, through `ask`.

    Source: RFC 9309. A status from 400 to 499 allows everything; where the site fails or does not
    answer nothing is allowed, and it is asked again after a minute.
    """

    def __init__(self, ask: Callable[[str], Awaitable[RobotsReply]]) -> None:
        self._ask = ask
        self._known: OrderedDict[str, _Rules] = OrderedDict()
        self._asking: dict[str, tuple[anyio.Lock, list[None]]] = {}

    async def check(self, url: str) -> None:
        """Returns where the address may be fetched.

        Raises:
            Unreadable: `robots`; or why the site could not be asked.
        """
        rules = await self._rules(url)
        if rules.refusal:
            raise Unreadable(rules.refusal, code="robots")
        if rules.parsed is None:
            return
        if rules.size > _LARGE_BYTES:
            may = await run_sync(rules.parsed.can_fetch, url, AGENT)
        else:
            may = rules.parsed.can_fetch(url, AGENT)
        if not may:
            raise Unreadable("The site's robots.txt asks not to read this page.", code="robots")

    async def _rules(self, url: str) -> _Rules:
        site = _site(url)
        lock, waiting = self._asking.setdefault(site, (anyio.Lock(), []))
        waiting.append(None)
        try:
            async with lock:
                known = self._known.get(site)
                if known is None or known.until <= anyio.current_time():
                    known = await self._asked(f"{site}/robots.txt")
                    self._keep(site, known)
                self._known.move_to_end(site)
                return known
        finally:
            waiting.pop()
            if not waiting:
                self._asking.pop(site, None)

    async def _asked(self, url: str) -> _Rules:
        status = 0
        body = b""
        with anyio.move_on_after(_WAIT_SECONDS):
            reply = await self._ask(url)
            status, body = reply.status, reply.body
        now = anyio.current_time()
        if 200 <= status < 300 and body:
            parsed = await run_sync(_parsed, body)
            return _Rules(until=now + _KEPT_SECONDS, size=len(body), parsed=parsed)
        if 200 <= status < 500:
            return _Rules(until=now + _KEPT_SECONDS)
        said = f"answered {status}" if status else "did not answer"
        refusal = f"The site's robots.txt {said}, so the page may not be read now."
        return _Rules(until=now + _REFUSED_SECONDS, refusal=refusal)

    def _keep(self, site: str, rules: _Rules) -> None:
        self._known.pop(site, None)
        self._known[site] = rules
        size = sum(one.size for one in self._known.values())
        while len(self._known) > _MOST_SITES or (size > _MOST_KEPT_BYTES and len(self._known) > 1):
            size -= self._known.popitem(last=False)[1].size


def _site(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _parsed(body: bytes) -> Protego:
    from protego import Protego

    whole = body if len(body) < MOST_BYTES else body[: body.rfind(b"\n") + 1]
    text = whole.decode("utf-8-sig", "replace")
    return Protego.parse("\n".join(map(_by_token, text.splitlines())))


def _by_token(line: str) -> str:
    """A group's line with its product token alone, and no token at all where it is not ours.

    Source: RFC 9309, section 2.2.1; Google's parser cuts at the first character that no token
    has. Protego compares the whole value, and takes `co*` for `co`.
    """
    group = _GROUP.fullmatch(line)
    if group is None:
        return line
    token = _TOKEN.match(group["value"].strip())
    named = token.group().lower() if token else ""
    return f"user-agent: {named if named in {'*', AGENT.lower()} else _OTHER}"
