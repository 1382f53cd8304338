"""The rules of a page's own `<style>` elements, as far as they may hide text."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from lxml.etree import (
        _Element as Element,  # pyright: ignore[reportPrivateUsage]  it has no public name
    )
    from lxml.html import HtmlElement

_MOST_BYTES: Final = 32 * 1024
_COMMENT = re.compile(rb"/\*.*?(?:\*/|\Z)", re.DOTALL)
_BLOCK = re.compile(rb"([^{}]*)([{}])")
_STRING = re.compile(rb""""[^"]*"|'[^']*'""")
_NO_SCREEN = re.compile(r"\b(?:print|speech|not)\b")
_SCREENS: Final = frozenset({"", "all", "screen", "only screen", "only all"})
_NOT_DRAWN: Final = frozenset({"noscript", "template", "svg", "iframe"})
_SUSPECT = re.compile(
    rb":(?:"
    rb"(?<=opacity:) ?(?:0(?!\.0*[1-9])|0?\.0|[01](?:\.\d+)?%)"
    rb"|(?<=font-size:) ?(?:0(?!\.[2-9])|\.[01]|1(?:\.\d+)?(?:px|pt)|\d(?:\.\d+)?%)"
    rb"|(?<=[ ;{]font:)[^;}]{0,40}?[ :](?:0|\.|1px)"
    rb"|(?:(?<=width:)|(?<=height:)) ?(?:0(?!\.?[1-9])|1(?:px|%)?[ ;}!])"
    rb"|(?<=visibility:) ?(?:hidden|collapse)"
    rb"|(?<=display:) ?none"
    rb"|(?:(?<=[ ;{]color:)|(?<=fill-color:))"
    rb" ?(?:#[ef]|[tr]|hsl|white|snow|ivory|ghost|floral|[^;}]{0,60};[^}]{0,200}\bbackground)"
    rb"|(?:(?<=ground:)|(?<=ground-color:))[^;}]{0,60};[^}]{0,200}\bcolor:"
    rb"|(?:(?<=[ ;{]clip:)|(?<=clip-path:)) ?[ricep]"
    rb"|(?:(?<=transform:)|(?<=filter:)) ?(?:[rmot]|scale[^;]{0,9}\( ?[0.])"
    rb"|(?<=scale:) ?[0.]"
    rb"|(?:(?<=t:)|(?<=p:)|(?<=m:)|(?<=n:)|(?<=e:)|(?<=k:))[^;}]{0,40}?(?:-\d\d|\d{4}|00%)"
    rb")"
    rb"|\\[^;{}\"']{0,60}[;:}]"
)
"""What a block says that may be invisible: a little that is not is parsed for nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A rule: its selectors and its declarations as they are written.

    `is_sure` says that it holds on every screen; others hold on some, and can only show.
    """

    selectors: str
    block: str
    order: int
    layered: bool = False
    is_sure: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """Where rules stand: in a layer, where they hold on every screen, where they hold at all."""

    layered: bool = False
    is_sure: bool = True
    is_read: bool = True


def own_sheets(tree: HtmlElement) -> bytes:
    """The text of the `<style>` elements that hold on a screen, without comments.

    No more than the first 32 KiB are read; spaces are single, and none stands before a colon.
    """
    found: list[bytes] = []
    room = _MOST_BYTES
    for element in tree.iter("style"):
        text = element.text
        if not text or not _holds(element):
            continue
        found.append(text[:room].encode("utf-8", "replace"))
        room -= len(found[-1])
        if room <= 0:
            break
    css = b" ".join(b"\n".join(found).split())
    css = _COMMENT.sub(b"", css) if b"/*" in css else css
    return css.replace(b" :", b":")


def _holds(style: Element) -> bool:
    if (style.get("type") or "text/css").strip().lower() != "text/css":
        return False
    if not _is_a_screen((style.get("media") or "").lower()):
        return False
    return not any(above.tag in _NOT_DRAWN for above in style.iterancestors())


def _is_a_screen(condition: str) -> bool:
    """Whether a list of media is sure to hold on a screen, of whatever size."""
    return any(" ".join(one.split()) in _SCREENS for one in condition.split(","))


def suspects(css: bytes) -> Iterator[tuple[str, str]]:
    """The selectors and declarations of the blocks that may hide what they are about."""
    lower = css.lower()
    last, at = 0, 0
    while match := _SUSPECT.search(lower, at):
        at = match.start()
        start = lower.rfind(b"{", last, at)
        end = lower.find(b"}", at)
        end = len(lower) if end < 0 else end
        if start >= 0:
            before = max(lower.rfind(mark, last, start) for mark in (b"{", b"}", b";"))
            yield _text(css[max(before + 1, last) : start]), _text(css[start + 1 : end])
        last = at = end + 1


def rules(css: bytes, names: Collection[str]) -> Iterator[Rule]:
    """The rules that name one of these properties and may hold on a screen."""
    asked = re.compile("|".join(map(re.escape, sorted(names))).encode(), re.IGNORECASE)
    css = _STRING.sub(b"''", css)
    around: list[tuple[_Place, bytes]] = []
    here, last = _Place(), b""
    for order, match in enumerate(_BLOCK.finditer(css + b"}")):
        text, mark = match.groups()
        if mark == b"{":
            around.append((here, last))
            prelude = text.rpartition(b";")[2].strip()
            if last:
                here = replace(here, is_read=False)
            elif prelude.startswith(b"@"):
                here = _within(here, _text(prelude).lower())
            else:
                last = prelude
            continue
        if last and here.is_read and (asked.search(text) or b"\\" in text):
            yield Rule(
                selectors=_text(last),
                block=_text(text),
                order=order,
                layered=here.layered,
                is_sure=here.is_sure,
            )
        here, last = around.pop() if around else (_Place(), b"")


def _within(around: _Place, prelude: str) -> _Place:
    name = prelude.partition(" ")[0].partition("(")[0]
    condition = prelude[len(name) :]
    if name == "@layer":
        return replace(around, layered=True)
    if name == "@supports" and "not" not in condition:
        return around
    if name == "@media" and _is_a_screen(condition):
        return around
    shows = name in {"@supports", "@container"} or (
        name == "@media" and not _NO_SCREEN.search(condition)
    )
    return replace(around, is_sure=False, is_read=around.is_read and shows)


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")
