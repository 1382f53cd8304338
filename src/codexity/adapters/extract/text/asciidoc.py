"""AsciiDoc documents: sections, lists, blocks and tables.

Source: the AsciiDoc language as docs.asciidoctor.org describes it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from string import ascii_lowercase
from typing import Final
from urllib.parse import urlsplit

from codexity.adapters.extract import blocks
from codexity.adapters.extract.blocks import Draft
from codexity.adapters.extract.page_of_drafts import dates_of, page_of
from codexity.adapters.extract.text.asciidoc_inline import Inline
from codexity.adapters.extract.text.asciidoc_tables import table
from codexity.adapters.extract.text.front_matter import front_matter
from codexity.model import Page

_SECTION = re.compile(r"(={1,6}|#{1,6})\s+(\S.*?)(?:\s+={1,6})?")
_ATTRIBUTE = re.compile(r":(!?[A-Za-z0-9_][\w-]{0,60}!?):(?:\s+(.*))?")
_AUTHOR = re.compile(r"[^\W\d_][^<>:;|=\[\]]{0,80}(?:<[^<>\s]{3,120}>)?(?:;.*)?")
_REVISION = re.compile(r"v?([\d.]{1,20})?(?:,\s*)?([^:,]{6,40})?(?::.*)?")
_FENCE = re.compile(r"(-{4,}|\.{4,}|={4,}|\*{4,}|_{4,}|\+{4,}|/{4,}|--|[|,:!]={3,})|(`{3,})[\w ]*")
_RULE: Final = frozenset({"'''", "<<<", "---", "- - -", "***", "* * *"})
_LISTED = re.compile(r"\[([^\[\]\n]{0,400}|\[[^\[\]\n]{0,200}\])\]")
_BLOCK_TITLE = re.compile(r"\.([^\s.].*)")
_ITEM = re.compile(
    r"\s*(\*{1,5}|-|\.{1,5}|\d{1,4}\.|[a-zA-Z]\.|[ivxIVX]{1,5}\)|<(?:\d{1,3}|\.)>)\s+(\S.*)"
)
_CHECK = re.compile(r"\[([ xX*])\]\s+")
_TERM = re.compile(r"\s*(\S.{0,200}?)(:{2,4}|;;)(?:\s+(\S.*))?")
_SKIPPED = re.compile(r"(?:ifdef|ifndef|ifeval|endif|include|toc|video|audio)::\S*\[.*\]|//(?!/).*")
_PICTURE = re.compile(r"image::[^\s\[\]]{1,400}\[([^\],\n]{0,200}).*\]")
_ADMONITION = re.compile(r"(NOTE|TIP|IMPORTANT|CAUTION|WARNING):\s+(\S.*)")
_UNDERLINES: Final = {"=": 1, "-": 2, "~": 3, "^": 4, "+": 5}
_VERBATIM: Final = frozenset("-.`")
_TABLES: Final = frozenset("|,:!")
_CODE_STYLES: Final = ("source", "listing", "literal", "console", "plantuml")
_LETTERS: Final = ascii_lowercase
_DEEPEST: Final = 8
_LONGEST_TERM_VALUE: Final = 300


def read_asciidoc(text: str, url: str) -> Page:
    """An AsciiDoc document as plain text: no marks, macros or attributes.

    Comments, and what is struck out, are left out.
    """
    source = blocks.visible(text)
    front = front_matter(source)
    reader = _Reader(own=not urlsplit(url).netloc)
    lines = [line.rstrip() for line in source[front.end :].split("\n")]
    found = [blocks.told(one) for one in reader.document(lines) if one.text.strip()]
    told = reader.inline.attributes
    headings = (one.text for one in found if one.kind == "heading")
    drafts = [*front.drafts(), *found]
    return page_of(
        drafts,
        url,
        title=front.title or next(headings, ""),
        dates=dates_of(drafts, front.published or told.get("revdate", ""), front.modified),
    )


class _Reader:
    """Reads lines; what is in a block with marks around it is read as a document within it."""

    def __init__(self, *, own: bool) -> None:
        self.inline = Inline()
        self._own = own
        self._told: set[str] = set()
        self._held: list[str] = []
        self._like = Draft(text="")
        self._style = ""
        self._marks: list[tuple[str, int]] = []
        self._is_tied = False

    def document(self, lines: list[str]) -> Iterator[Draft]:
        """A whole document: its header, its body, its notes."""
        at = next((at for at, line in enumerate(lines) if not self._is_before_title(line)), 0)
        if at < len(lines) and (match := _SECTION.fullmatch(lines[at])) and len(match[1]) == 1:
            yield Draft(text=self.inline.words(match[2]), kind="heading", level=1)
            end = at + 1
            while end < len(lines) and lines[end]:
                yield from self._of_header(lines[end], is_first=end == at + 1)
                end += 1
            lines = lines[end:]
        yield from self.lines(lines)
        for number, note in enumerate(self.inline.notes, start=1):
            yield Draft(text=self.inline.words(note), kind="item", level=1, marker=f"[{number}]")

    def _is_before_title(self, line: str) -> bool:
        if match := _ATTRIBUTE.fullmatch(line):
            self.inline.set(match[1], match[2] or "")
        return not line or match is not None or line.startswith("//")

    def _of_header(self, line: str, *, is_first: bool) -> Iterator[Draft]:
        """Who wrote it, of which version and day it is, and what its attributes are."""
        if match := _ATTRIBUTE.fullmatch(line):
            self.inline.set(match[1], match[2] or "")
        elif line.startswith("//"):
            return
        elif is_first and _AUTHOR.fullmatch(line) and not line[0].islower():
            yield blocks.pair("author", self.inline.words(line))
        elif (match := _REVISION.fullmatch(line)) and (match[1] or match[2]):
            self.inline.set("revdate", match[2] or "")
            if match[1]:
                self.inline.set("revnumber", match[1])
                yield blocks.pair("version", match[1])
        else:
            yield Draft(text=self.inline.words(line))

    def lines(self, lines: Sequence[str], depth: int = 0) -> Iterator[Draft]:
        """The blocks of lines; each line is looked at once at each depth."""
        at = 0
        while at < len(lines):
            line = lines[at]
            fence = _FENCE.fullmatch(line)
            if self._is_underline(line):
                yield self._underlined(line)
            elif fence and depth < _DEEPEST:
                yield from self._end()
                mark = fence[1] or fence[2]
                end = next((one for one in range(at + 1, len(lines)) if lines[one] == mark), None)
                end = len(lines) if end is None else end
                yield from self._block(mark, lines[at + 1 : end], depth)
                at = end
            else:
                yield from self._line(line)
            at += 1
        yield from self._end()

    def _is_underline(self, line: str) -> bool:
        """Whether a line makes a title of the one above it."""
        if len(self._held) != 1 or self._like.kind != "paragraph" or len(line) < 3:
            return False
        is_rule = line[0] in _UNDERLINES and not line.strip(line[0])
        return is_rule and abs(len(self._held[0]) - len(line)) < 2

    def _underlined(self, line: str) -> Draft:
        text = self.inline.words(self._held.pop())
        return Draft(text=text, kind="heading", level=_UNDERLINES[line[0]])

    def _line(self, line: str) -> Iterator[Draft]:
        bare = line.strip()
        if not bare and self._like.kind == "pair" and not self._held:
            # What a term stands for may begin below a blank line.
            return
        if not bare or bare == "+" or bare in _RULE:
            yield from self._end()
            self._is_tied = bare == "+"
        elif _SKIPPED.fullmatch(bare):
            return
        elif match := _ATTRIBUTE.fullmatch(bare):
            self.inline.set(match[1], match[2] or "")
        elif not self._held and (match := _LISTED.fullmatch(bare)):
            self._style = match[1]
        elif match := _SECTION.fullmatch(line):
            yield from self._end()
            yield Draft(text=self.inline.words(match[2]), kind="heading", level=len(match[1]))
        elif match := _PICTURE.fullmatch(bare):
            yield from self._end()
            yield Draft(text=self.inline.words(match[1]))
        elif not self._held and (match := _BLOCK_TITLE.fullmatch(line)):
            yield Draft(text=self.inline.words(match[1]))
        else:
            yield from self._of_text(line, bare)

    def _of_text(self, line: str, bare: str) -> Iterator[Draft]:
        if item := _ITEM.fullmatch(line):
            yield from self._end()
            self._like = self._item(item[1], item[2])
            check = _CHECK.match(item[2])
            self._held.append(item[2][check.end() :] if check else item[2])
        elif self._like.kind == "paragraph" and not self._held and line[:1] in {" ", "\t"}:
            self._like = Draft(text="", kind="code")
            self._held.append(line)
        elif (not self._held or self._like.kind == "pair") and (term := _TERM.fullmatch(line)):
            yield from self._end()
            self._like = Draft(text="", kind="pair", cells=(term[1],))
            self._held += [term[3]] if term[3] else []
        else:
            self._held.append(line if self._like.kind == "code" else bare)

    def _item(self, mark: str, text: str) -> Draft:
        """An item; how deep it is, is how many kinds of marks were met around it."""
        kind = mark if mark[0] in "*-." else mark[-1]
        kinds = [one for one, _ in self._marks]
        at = kinds.index(kind) if kind in kinds else len(kinds)
        count = self._marks[at][1] + 1 if at < len(kinds) else 1
        self._marks[at:] = [(kind, count)]
        if check := _CHECK.match(text):
            marker = f"[{check[1].replace('*', 'x')}]"
        elif mark[0] == ".":
            marker = f"{_LETTERS[count - 1] if len(mark) == 2 and count < 27 else count}."
        elif mark[0] == "<":
            marker = f"[{count if mark[1] == '.' else mark[1:-1]}]"
        else:
            marker = "" if mark[0] in "*-" else mark
        return Draft(text="", kind="item", level=min(_DEEPEST, at + 1), marker=marker)

    def _end(self) -> Iterator[Draft]:
        """What is held becomes a block."""
        lines, like, style = self._held, self._like, self._style
        self._held, self._like = [], Draft(text="")
        if not lines:
            if like.kind == "pair":
                yield Draft(text=f"{self.inline.words(like.cells[0])}:")
            return
        self._style = ""
        if like.kind != "item" and not self._is_tied:
            self._marks.clear()
        self._is_tied = False
        if like.kind == "code" or style.startswith(_CODE_STYLES):
            yield Draft(text=blocks.code("\n".join(lines)), kind="code")
            return
        if style.startswith("verse") or "%hardbreaks" in style:
            yield from (Draft(text=self.inline.words(line)) for line in lines)
            return
        yield from self._said(" ".join(line.removesuffix(" +") for line in lines), like, style)

    def _said(self, text: str, like: Draft, style: str) -> Iterator[Draft]:
        if like.kind == "pair":
            yield from self._pair(self.inline.words(like.cells[0]), text)
            return
        if match := _ADMONITION.fullmatch(text):
            text = f"{match[1].capitalize()}: {match[2]}"
        elif style.upper() == style and style.isalpha():
            text = f"{style.capitalize()}: {text}"
        kind = "quotation" if style.startswith("quote") else like.kind
        said = self.inline.words(text, addresses=kind == "item")
        yield replace(like, text=said, kind=kind)
        yield from self._addresses()

    def _pair(self, term: str, text: str) -> Iterator[Draft]:
        said = self.inline.words(text, addresses=True)
        if len(said) <= _LONGEST_TERM_VALUE:
            yield blocks.pair(term, said)
        else:
            yield Draft(text=f"{term}:")
            yield Draft(text=said)

    def _addresses(self) -> Iterator[Draft]:
        links, self.inline.links = self.inline.links, []
        for words, address in links if self._own else ():
            if address not in self._told:
                self._told.add(address)
                yield blocks.pair(words, address)

    def _block(self, mark: str, lines: Sequence[str], depth: int) -> Iterator[Draft]:
        """What stands between two marks; a comment, and markup of another language, is not read."""
        style, self._style = self._style, ""
        if mark[0] in _TABLES:
            yield from table(lines, style, partial(self.inline.words, addresses=True), mark[0])
        elif mark[0] in _VERBATIM and mark != "--":
            yield Draft(text=blocks.code("\n".join(lines)), kind="code")
        elif mark[0] not in "/+" and style != "comment":
            if style.startswith(_CODE_STYLES):
                yield Draft(text=blocks.code("\n".join(lines)), kind="code")
                return
            held, self._marks = self._marks, []
            if style.upper() == style and style.isalpha():
                yield Draft(text=f"{style.capitalize()}:")
            quoted = mark[0] == "_" or style.startswith("quote")
            for one in self.lines(lines, depth + 1):
                is_quoted = quoted and one.kind == "paragraph"
                yield replace(one, kind="quotation") if is_quoted else one
            self._marks = held
