"""The text of a run of Markdown: what a reader sees of it, and the addresses behind its links."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from html import unescape
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

from codexity.adapters.extract import blocks
from codexity.adapters.extract.figures import spelt_high, spelt_low
from codexity.adapters.extract.text import obsidian

if TYPE_CHECKING:
    from markdown_it.token import Token

_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
_STRUCK: Final = frozenset({"del", "s", "strike"})
_LEVEL: Final = frozenset({"sup", "sub"})
_RAISED = re.compile(r"(?<=[\w)\].,;:!?”’])\^([^\s^]{1,20})\^")
_LOWERED = re.compile(r"(?<=\w)~(\d{1,3}|[a-z])~")
_ADDRESS = re.compile(r"(?:https?|ftp|ssh|smb|file)://\S+|(?:mailto|tel):\S+", re.IGNORECASE)
_TO_PEOPLE: Final = ("mailto:", "tel:")
_SCHEME = re.compile(r"\A[a-z]+:(?://)?(?:www\.)?", re.IGNORECASE)
_LONGEST_ADDRESS: Final = 300
_TAIL: Final = 16
_PAIRED: Final = {"s_open": 1, "s_close": -1}


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    r"""The text of a run in its lines, and its links as words and address that are not in the text.

    `lines` are parted at hard breaks (`\\`, two blanks) and where a line of the source ends; `hard`
    says whether all of these were hard breaks. `apart` is how many letters are of no link.
    """

    lines: tuple[str, ...]
    links: tuple[tuple[str, str], ...] = ()
    hard: bool = True
    apart: int = 0

    @property
    def text(self) -> str:
        """All of it as one line of prose."""
        return blocks.prose(" ".join(self.lines))


class _Reader:
    """Goes through the tokens of a run; with `addresses` these stand behind the words of links."""

    def __init__(self, *, addresses: bool, pictures: bool) -> None:
        self._addresses = addresses
        self._pictures = pictures
        self._lines: list[list[str]] = [[]]
        self._links: list[tuple[str, str]] = []
        self._hard = True
        self._apart = self._struck = 0
        self._tail = self._level = ""
        self._figures: list[str] = []
        self._ended = ""
        self._to_note = False
        self._link: str | None = None
        self._words: list[str] = []

    def run(self) -> Run:
        """What was read."""
        self._end_level()
        self._say_figures("")
        self._end_link()
        lines = ["".join(pieces) for pieces in self._lines]
        lines[-1] = obsidian.without_block_id(lines[-1])
        return Run(lines=tuple(lines), links=tuple(self._links), hard=self._hard, apart=self._apart)

    def _say(self, text: str) -> None:
        if self._struck or not text:
            return
        if self._level:
            self._figures.append(text)
            return
        if self._ended:
            self._say_figures(text)
        self._lines[-1].append(text)
        self._tail = (self._tail + text)[-_TAIL:]
        if self._link is not None:
            self._words.append(text)
        else:
            self._apart += sum(map(str.isalnum, text))

    def take(self, token: Token) -> None:
        match token.type:
            case "text" | "text_special":
                self._say(_figures(token.content))
            case "code_inline":
                self._say(token.content)
            case "softbreak" | "hardbreak":
                self._say_figures("")
                self._hard = self._hard and token.type == "hardbreak"
                self._lines.append([])
                self._words.append(" ")
            case "s_open" | "s_close":
                self._struck += _PAIRED[token.type]
            case "link_open":
                self._to_note |= bool(self._level) and str(token.attrs.get("href"))[:1] == "#"
                self._link, self._words = str(token.attrs.get("href", "")), []
            case "link_close":
                self._end_link()
            case "image":
                words = obsidian.caption(token.content) if self._pictures else ""
                self._say(f" {words} ")
            case "html_inline":
                self._tag(token.content)
            case _:
                pass

    def _tag(self, source: str) -> None:
        """What a tag does to the text; within one piece of HTML other tags are not looked for."""
        match = _TAG.match(source)
        name = match[2].lower() if match else ""
        closes = bool(match and match[1])
        if name in _STRUCK:
            self._struck = max(0, self._struck - 1) if closes else self._struck + 1
        elif name in _LEVEL:
            self._end_level()
            if not closes:
                self._say_figures("")
                self._level = name
        elif name in {"br", "img", "p", "div", "td", "th", "tr", "li", "hr"}:
            self._say(" ")

    def _end_level(self) -> None:
        """What was raised or lowered waits for what stands behind it."""
        if self._level:
            self._say_figures("")
            self._ended, self._level = self._level, ""

    def _say_figures(self, behind: str) -> None:
        name, text = self._ended, "".join(self._figures).strip()
        if not name:
            return
        is_note, self._to_note = self._to_note, False
        self._ended, self._figures = "", []
        if name == "sup":
            spelt = spelt_high(text, self._tail, behind, is_note=is_note)
        else:
            spelt = spelt_low(text, self._tail, behind)
        self._say(text if spelt is None else spelt)

    def _end_link(self) -> None:
        target, words = self._link, blocks.prose("".join(self._words))
        self._link = None
        address = "" if target is None else shown_address(target, words)
        if target is None or not words or self._struck or not address:
            return
        if self._addresses or target.lower().startswith(_TO_PEOPLE):
            self._lines[-1].append(f" ({address})")
        else:
            self._links.append((words, address))


def read_run(token: Token, *, addresses: bool) -> Run:
    """The run of an inline token.

    `addresses`: that of each link is written behind its words; mail addresses and numbers of
    telephones are always. Where there are pictures and no words, those of the pictures are read.
    """
    children = _without_highlights(token.children or ())
    found = [_read(children, addresses=addresses, pictures=False)]
    if not found[0].text and any(child.type == "image" for child in children):
        found.append(_read(children, addresses=addresses, pictures=True))
    return found[-1]


def _read(children: list[Token], *, addresses: bool, pictures: bool) -> Run:
    reader = _Reader(addresses=addresses, pictures=pictures)
    for child in children:
        reader.take(child)
    return reader.run()


def shown_address(target: str, words: str) -> str:
    """The address that a link leads to, as people write it; empty where its words say it already.

    What leads to another place of the same documents has no address to be written down.
    """
    address = unescape(target).strip()
    if not _ADDRESS.fullmatch(address) or len(address) > _LONGEST_ADDRESS:
        return ""
    if address.lower().startswith(_TO_PEOPLE):
        address = unquote(address.partition(":")[2].partition("?")[0])
    bare = _SCHEME.sub("", address).rstrip("/").lower()
    return "" if bare in words.lower() or not bare else blocks.prose(address)


def _figures(text: str) -> str:
    if "^" in text:
        text = _RAISED.sub(partial(spelt_marked, spelt_high), text)
    return _LOWERED.sub(partial(spelt_marked, spelt_low), text) if "~" in text else text


def spelt_marked(spell: Callable[[str, str, str], str | None], match: re.Match[str]) -> str:
    """Text that marks raise or lower (its first group), as it is written where it stands."""
    before = match.string[max(0, match.start() - _TAIL) : match.start()]
    behind = match.string[match.end() : match.end() + _TAIL]
    spelt = spell(match[1], before, behind)
    return match[1] if spelt is None else spelt


def _without_highlights(tokens: list[Token] | tuple[Token, ...]) -> list[Token]:
    """The tokens without the two ends of each highlight; a mark that is alone is text."""
    kept = list(tokens)
    opened: list[Token] = []
    for token in kept:
        if token.type == obsidian.OPENS:
            opened.append(token)
        elif token.type == obsidian.CLOSES and opened:
            opened.pop().content = token.content = ""
    for token in kept:
        if token.type in {obsidian.OPENS, obsidian.CLOSES}:
            token.type = "text"
    return kept
