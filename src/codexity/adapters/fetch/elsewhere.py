"""Where an HTML document sends its reader: a declarative refresh, or the main one of its frames."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import httpx2

_LOOKED_AT: Final = 65_536
_LONGEST_DELAY: Final = 10.0
"""Pages that load themselves anew, as news do, wait for minutes: they are read as they are."""
_MOST_FRAMES: Final = 50
_HTML: Final = frozenset({"text/html", "application/xhtml+xml"})
_UNSEEN: Final = re.compile(
    r"<!--.*?(?:-->|\Z)|<(script|style|noscript|template|textarea|title|xmp)\b.*?(?:</\1\b|\Z)",
    re.IGNORECASE | re.DOTALL,
)
_TAG: Final = re.compile(
    r"<(/?(?:meta|base|frameset|frame))(?=[\s/>])([^<>]{0,4000})>", re.IGNORECASE
)
_ATTRIBUTE: Final = re.compile(
    r"""([a-z][\w:-]*)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'<>][^\s<>]*)))?""", re.IGNORECASE
)
_REFRESH: Final = re.compile(
    r"""\s*(?P<delay>\d{1,9})?(?:\.[\d.]*)?(?:\s*[;,]\s*|\s+)(?:url\s*=\s*)?(?P<url>.*)""",
    re.IGNORECASE | re.DOTALL,
)
_SIZE: Final = re.compile(r"\s*(\d{1,6})?(?:\.\d*)?\s*([%*]?)")
_ASIDE: Final = re.compile(
    r"nav|menu|toc|index|head|banner|top|foot|left|title|logo", re.IGNORECASE
)
_MAIN: Final = re.compile(r"main|content|body|text|page|right|class", re.IGNORECASE)
_WINDOW: Final = (1_000.0, 800.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Elsewhere:
    """An address to go on to, and whether what was found has something to show meanwhile.

    `is_frame`: it is part of the document, which shows nothing else.
    """

    url: httpx2.URL
    shows: bool = False
    is_frame: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Frame:
    src: str
    name: str
    area: float


def elsewhere(
    url: httpx2.URL, headers: httpx2.Headers, media_type: str, body: bytes
) -> Elsewhere | None:
    """Where a document that was fetched sends its reader within ten seconds; None where nowhere.

    To load itself anew is nowhere, and so is what is no web address. What stands for those without
    scripts is not followed. Source: HTML, "Refresh state (http-equiv=refresh)", and "Refresh" among
    its headers.
    """
    if media_type not in _HTML:
        return None
    said = headers.get("Refresh", "")
    head = body[:_LOOKED_AT]
    if not said and b"refresh" not in head.lower() and b"frameset" not in head.lower():
        return None
    source = _UNSEEN.sub(" ", head.decode("utf-8", "replace"))
    tags = [(name.lower(), _attributes(rest)) for name, rest in _TAG.findall(source)]
    base = _base(url, tags)
    for content in (said, *_refreshes(tags)):
        found = _refreshed(url, base, content)
        if found is not None:
            return found
    frame = _main_frame(tags)
    target = None if frame is None else _joined(base, frame.src)
    return None if target is None or _same(target, url) else Elsewhere(url=target, is_frame=True)


def _attributes(text: str) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for name, *values in _ATTRIBUTE.findall(text):
        found.setdefault(name.lower(), html.unescape("".join(values)))
    return found


def _base(url: httpx2.URL, tags: list[tuple[str, Mapping[str, str]]]) -> httpx2.URL:
    hrefs = (given["href"] for name, given in tags if name == "base" and "href" in given)
    first = next(hrefs, None)
    return url if first is None else _joined(url, first) or url


def _refreshes(tags: list[tuple[str, Mapping[str, str]]]) -> Iterator[str]:
    for name, given in tags:
        if name == "meta" and given.get("http-equiv", "").strip().lower() == "refresh":
            yield given.get("content", "")


def _refreshed(url: httpx2.URL, base: httpx2.URL, content: str) -> Elsewhere | None:
    match = _REFRESH.fullmatch(content)
    if match is None or (match["delay"] is None and not content.lstrip().startswith(".")):
        return None
    delay = float(match["delay"] or 0)
    where = match["url"].strip()
    if where[:1] in {'"', "'"}:
        where = where[1:].partition(where[0])[0]
    target = _joined(base, where) if where else None
    if target is None or delay > _LONGEST_DELAY or _same(target, url):
        return None
    return Elsewhere(url=target, shows=delay > 0)


def _joined(base: httpx2.URL, where: str) -> httpx2.URL | None:
    try:
        target = base.join("".join(where.strip().split("\n")))
    except (httpx2.InvalidURL, ValueError):
        return None
    return target if target.scheme in {"http", "https"} else None


def _same(one: httpx2.URL, other: httpx2.URL) -> bool:
    return one.copy_with(fragment=None) == other.copy_with(fragment=None)


def _main_frame(tags: list[tuple[str, Mapping[str, str]]]) -> _Frame | None:
    """The frame that a reader takes for the page: the largest, but for those named as menus."""
    frames = list(_frames(tags))
    if not frames:
        return None
    return max(frames, key=lambda one: (_rank(one), one.area))


def _rank(frame: _Frame) -> int:
    said = f"{frame.name} {frame.src.rpartition('/')[2]}"
    return 2 * bool(_MAIN.search(frame.name)) - bool(_ASIDE.search(said))


def _frames(tags: list[tuple[str, Mapping[str, str]]]) -> Iterator[_Frame]:
    """The frames that have an address, each with its share of a window's area."""
    sets: list[Iterator[tuple[float, float]]] = []
    told = 0
    for name, given in tags:
        if name == "/frameset":
            if sets:
                sets.pop()
            continue
        if name not in {"frameset", "frame"}:
            continue
        told += 1
        if told > _MOST_FRAMES:
            return
        size = next(sets[-1], (0.0, 0.0)) if sets else _WINDOW
        if name == "frameset":
            sets.append(_places(size, given.get("cols", ""), given.get("rows", "")))
        elif sets and given.get("src", "").strip():
            area = size[0] * size[1]
            yield _Frame(src=given["src"], name=given.get("name", ""), area=area)


def _places(size: tuple[float, float], cols: str, rows: str) -> Iterator[tuple[float, float]]:
    for height in _lengths(rows, size[1]):
        for width in _lengths(cols, size[0]):
            yield width, height


def _lengths(said: str, whole: float) -> list[float]:
    """How long each part is. Source: HTML, "rules for parsing a list of dimensions"."""
    parts = [_SIZE.match(part) for part in said.split(",")[:_MOST_FRAMES]] if said.strip() else []
    if not parts:
        return [whole]
    fixed: list[float] = []
    shares: list[float] = []
    for part in parts:
        number, unit = part.groups() if part else (None, "*")
        count = float(number) if number else 1.0
        is_share = unit == "*" or number is None
        fixed.append(0.0 if is_share else count * whole / 100 if unit == "%" else count)
        shares.append(count if is_share else 0.0)
    left = max(0.0, whole - sum(fixed))
    total = sum(shares) or 1.0
    return [one + left * share / total for one, share in zip(fixed, shares, strict=True)]
