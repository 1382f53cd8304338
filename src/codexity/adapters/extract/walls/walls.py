"""Pages that are no content are told as what they are: walls, errors, shells of scripts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from codexity.adapters.extract.walls.wall_kinds import KINDS, LONGEST, SCRIPTED, Kind
from codexity.adapters.extract.word_count import first_words
from codexity.errors import Unreadable

_LOOKED_AT: Final = 300_000
_OPENING_WORDS: Final = 90
_OPENING_CHARS: Final = 8_000
_PARTS = re.compile(
    r"\s+[|–—·•»:-]+\s+|\s*[|»·｜－]\s*|(?<=[\u3041-\u9fff])[_-](?=[\u3041-\u9fff])"
)
_ADDRESSES = re.compile(r"\s*\(?https?://\S+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What a page shows: its titles, its main text, or all its text where that is hardly any."""

    url: str
    titles: tuple[str, ...]
    text: str
    words: int
    markup: str


_MOUNT = re.compile(
    r"""<(?:div|main|section)\b[^>]{0,200}\bid=["']?(?:root|app|__next|__nuxt|___gatsby"""
    r"""|svelte|app-root"""
    r"""|react-root|mount|application)\b[^>]{0,200}>\s*</|<app-root\b[^>]{0,200}>\s*</""",
    re.IGNORECASE,
)
_SCRIPT = re.compile(r"<script\b", re.IGNORECASE)
_SENDS = re.compile(
    r"<script\b[^>]{0,300}>[^<]{0,2000}?"
    r"\blocation(?:\.href)?\s{0,9}(?:=(?!=)|\.(?:replace|assign)\s{0,9}\()",
    re.IGNORECASE,
)
_FRAMES = re.compile(r"<frameset\b|<body\b[^>]{0,300}>\s*<iframe\b", re.IGNORECASE)
_SHELL_WORDS: Final = 40


def check_content(seen: Seen, *, fewest: int) -> None:
    """Refuses a page that is a wall, an error or a shell, and says which.

    Never by a word: two signs of one kind on a short page, or one on a page of a few lines. The
    library's documents are not asked: who put them there knows what they are.
    `fewest` is below how many words a page is empty anyway.

    Raises:
        Unreadable: `captcha`, `consent_wall`, `login`, `error_page`, `needs_javascript`,
            `empty` for a page of frames.
    """
    if seen.words > LONGEST or not seen.url.startswith(("http://", "https://")):
        return
    markup = seen.markup[:_LOOKED_AT]
    opening = first_words(_ADDRESSES.sub("", seen.text[:_OPENING_CHARS]), _OPENING_WORDS)
    parts = [part for title in seen.titles for part in (title, *_PARTS.split(title))]
    for kind in KINDS:
        if _is(kind, seen, parts, opening, markup):
            raise Unreadable(kind.message, code=kind.code)
    speaks = SCRIPTED.search(opening if seen.words >= fewest else f"{opening} {markup}")
    empty = seen.words < fewest and _MOUNT.search(markup) and _SCRIPT.search(markup)
    if seen.words < fewest and _FRAMES.search(markup):
        raise Unreadable("The page is made of frames, and holds no text itself.", code="empty")
    sends = seen.words < fewest and _SENDS.search(markup)
    if seen.words <= _SHELL_WORDS and (speaks or empty or sends):
        message = "The site shows this page's text only with JavaScript."
        raise Unreadable(message, code="needs_javascript")


def _is(kind: Kind, seen: Seen, parts: Sequence[str], opening: str, markup: str) -> bool:
    if seen.words > kind.longest:
        return False
    titled = any(kind.title.fullmatch(part.strip()) for part in parts)
    says = kind.says.search(opening) is not None
    if not (titled or says):
        return False
    address = urlsplit(seen.url)
    at = kind.at.search(f"://{address.netloc}{address.path}") is not None
    holds = kind.holds.search(markup) is not None
    if titled + says + at + holds < 2:
        return seen.words <= kind.shortest
    # Articles about such pages quote what they say, and forms and banners stand on any page.
    return titled or at or seen.words <= 2 * kind.shortest
