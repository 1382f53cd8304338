"""Markdown documents: CommonMark with GitHub's tables, and what notes have beside it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from codexity.adapters.extract import blocks
from codexity.adapters.extract.blocks import Draft
from codexity.adapters.extract.page_of_drafts import dates_of, page_of
from codexity.adapters.extract.text import logseq, obsidian
from codexity.adapters.extract.text.front_matter import front_matter
from codexity.adapters.extract.text.html_fragment import HtmlFragment
from codexity.adapters.extract.text.lines import key_and_value
from codexity.adapters.extract.text.markdown_html import empty_hidden
from codexity.adapters.extract.text.markdown_inline import Run, read_run
from codexity.adapters.extract.text.slices import slices
from codexity.model import Page

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

_FOOTNOTE = re.compile(r"\[\^([^\s\[\]^]{1,60})\]:\s*")
_TASK = re.compile(r"\[([ xX/><!?*\"-])\]\s+")
_PRIORITY = re.compile(r"\[#([A-C])\]\s*")
_ATTRIBUTES = re.compile(r"(?:^|\s)\{[#.][^{}]{0,200}\}\Z")
_DEFINITION = re.compile(r"[:~]\s+(?=\S)")
_SENTENCE_END: Final = (".", "!", "?", "…", "。")
_LONGEST_LINE: Final = 60


def read_markdown(text: str, url: str) -> Page:
    """A Markdown document as plain text: no asterisks, pipes or link targets.

    What its own HTML hides is left out, and so is what is struck out. The fields of its front
    matter come first.

    Source: CommonMark, with the tables and strike-through of GitHub.
    """
    source = logseq.with_references(blocks.visible(text))
    front = front_matter(source)
    drafts = list(MarkdownText(own=not urlsplit(url).netloc).drafts(source[front.end :]))
    return page_of(
        [*front.drafts(), *drafts],
        url,
        title=front.title or _title(drafts),
        dates=dates_of(drafts, front.published, front.modified),
    )


def _title(drafts: Sequence[Draft]) -> str:
    """The heading that a document begins with, or its first one of the highest level.

    A note that begins with text and has headings of sections alone is named by its file.
    """
    headings = (
        one for one in drafts if one.kind == "heading" and (one.level == 1 or one is drafts[0])
    )
    return next((one.text for one in headings), "")


@cache
def _parser() -> MarkdownIt:
    """One for all: to make it takes as long as to parse a short note."""
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    obsidian.use(parser)
    return parser


class MarkdownText:
    """Reads texts of one document; `own` is as `_Blocks` has it."""

    def __init__(self, *, own: bool) -> None:
        self._blocks = _Blocks(own=own)

    def drafts(self, source: str) -> Iterator[Draft]:
        """The blocks of one text that `blocks.visible` gave."""
        parser = _parser()
        known: dict[str, Any] = {}
        for one in slices(source):
            tokens = parser.parse(one, known)
            empty_hidden(parser, tokens)
            yield from (
                blocks.told(draft) for draft in self._blocks.of(tokens) if draft.text.strip()
            )


class _Blocks:
    """The blocks of a document out of its tokens; `own`: it is a document of one's own.

    Of one's own documents the addresses in running text are told too, each behind its block: they
    are what a person looks for, and would make sentences that nobody likes to read.
    """

    def __init__(self, *, own: bool) -> None:
        self._own = own
        self._lists: list[_List] = []
        self._item: _List | None = None
        self._quoted: list[str] = []
        self._heading = 0
        self._underlined = False
        self._cells: list[str] | None = None
        self._header: tuple[str, ...] = ()
        self._in_head = False
        self._html = HtmlFragment()
        self._told: set[str] = set()

    def of(self, tokens: Sequence[Token]) -> Iterator[Draft]:
        for at, token in enumerate(tokens):
            match token.type:
                case "bullet_list_open" | "ordered_list_open":
                    self._lists.append(_List(_markers(tokens, at)))
                case "fence" if obsidian.is_program(token.info):
                    pass
                case "fence" | "code_block":
                    yield Draft(text=blocks.code(token.content), kind="code")
                case "html_block":
                    yield from self._html.drafts(token.content)
                case "inline":
                    yield from self._run(token)
                case "tr_close":
                    yield self._row()
                case _:
                    self._enter(token)

    def _enter(self, token: Token) -> None:
        """What the tokens behind this one are part of."""
        match token.type:
            case "bullet_list_close" | "ordered_list_close":
                self._lists.pop()
            case "list_item_open":
                self._item = self._lists[-1]
                self._item.count += 1
            case "list_item_close":
                self._item = None
            case "blockquote_open":
                self._quoted.append("quotation")
            case "blockquote_close":
                self._quoted.pop()
            case "heading_open":
                self._heading = int(token.tag[1])
                self._underlined = not token.markup.startswith("#")
            case "heading_close":
                self._heading = 0
            case "thead_open" | "thead_close":
                self._in_head = token.type == "thead_open"
            case "tr_open":
                self._cells = []
            case _:
                pass

    def _row(self) -> Draft:
        cells, self._cells = tuple(self._cells or ()), None
        made = blocks.row(cells, () if self._in_head else self._header)
        self._header = cells if self._in_head else self._header
        return made

    def _run(self, token: Token) -> Iterator[Draft]:
        if self._cells is not None:
            self._cells.append(read_run(token, addresses=True).text)
        elif self._heading:
            yield from self._of_heading(token)
        elif self._item is not None:
            item, self._item = self._item, None
            yield from self._of_item(token, item)
        else:
            yield from self._paragraph(token)

    def _of_heading(self, token: Token) -> Iterator[Draft]:
        run = read_run(token, addresses=False)
        text = _ATTRIBUTES.sub("", run.text)
        # A rule right below the last line of a paragraph makes a heading of it.
        if self._underlined and text.endswith(_SENTENCE_END):
            yield Draft(text=text)
        else:
            yield Draft(text=text, kind="heading", level=self._heading)
        yield from self._addresses(run)

    def _of_item(self, token: Token, item: _List) -> Iterator[Draft]:
        run = read_run(token, addresses=True)
        marker = item.marker()
        lines = logseq.said(run.lines)
        text = blocks.prose(" ".join(one for one in lines if not logseq.property_of(one)))
        if item.in_text:
            marker, text = "", f"{marker} {text}"
        if match := _TASK.match(text) or logseq.TO_DO.match(text):
            marker, text = marker or f"[{match[1].strip() or ' '}]", text[match.end() :]
        text = _PRIORITY.sub("", text, count=1)
        level = len(self._lists)
        yield Draft(text=text, kind="item", level=level, marker=marker)
        # They are of this item, as what stands below it is.
        for name, value in (*_properties(lines), *logseq.plans(run.lines)):
            yield Draft(text=f"{name}: {value}", kind="item", level=level + bool(text))

    def _paragraph(self, token: Token) -> Iterator[Draft]:
        if note := _FOOTNOTE.match(token.content):
            run = read_run(token, addresses=True)
            text = run.text.removeprefix(":").strip()
            yield Draft(text=text, kind="item", level=1, marker=f"[{note[1]}]")
            return
        run = read_run(token, addresses=False)
        if run.links and run.apart <= sum(len(words) for words, _ in run.links):
            run = read_run(token, addresses=True)
        if self._quoted and (found := obsidian.callout("\n".join(run.lines))):
            self._quoted[-1] = "paragraph"
            yield Draft(text=blocks.prose(found[0]))
            yield Draft(text=blocks.prose(found[1]))
            return
        yield from self._lines(run)
        yield from self._addresses(run)

    def _lines(self, run: Run) -> Iterator[Draft]:
        """One paragraph, or the lines that it was broken into on purpose."""
        lines = [line for one in logseq.said(run.lines) if (line := blocks.prose(one))]
        # The fences of a block with a class: `::: warning`.
        lines = [line for line in lines if not line.startswith(":::")]
        if len(lines) > 1 and all(_DEFINITION.match(line) for line in lines[1:]):
            yield from (blocks.pair(lines[0], _DEFINITION.sub("", one, 1)) for one in lines[1:])
            return
        pairs = [key_and_value(line) for line in lines]
        kind = "quotation" if self._quoted and self._quoted[-1] == "quotation" else "paragraph"
        if lines and all(map(logseq.property_of, lines)):
            yield from (blocks.pair(*one) for one in _properties(lines))
        elif len(lines) > 1 and all(pairs):
            yield from (blocks.pair(*one) for one in pairs if one)
        elif (
            len(lines) > 1
            and run.hard
            and max(map(len, lines)) <= _LONGEST_LINE
            and not any(line[0].islower() for line in lines)
        ):
            yield from (Draft(text=line, kind=kind) for line in lines)
        else:
            yield Draft(text=" ".join(lines), kind=kind)

    def _addresses(self, run: Run) -> Iterator[Draft]:
        for words, address in run.links if self._own else ():
            if address not in self._told:
                self._told.add(address)
                yield blocks.pair(words, address)


class _List:
    """One list while its items are read: the marks before them, and how many there were."""

    def __init__(self, markers: Sequence[str]) -> None:
        self._markers = markers
        numbers = [int(one[:-1]) for one in markers if one]
        counts = all(later - first == 1 for first, later in pairwise(numbers))
        same = len(set(numbers)) == 1
        self._same = same and len(numbers) > 1
        self.in_text = bool(numbers) and not (counts or same)
        if len(numbers) == 1 and numbers[0] != 1:
            # `3. May` is a day, and `1990. It was cold.` a year.
            self.in_text = True
        self.count = 0

    def marker(self) -> str:
        """What stands before the item that is read, as a reader sees it."""
        if not self._markers or not self._markers[0]:
            return ""
        if self._same:
            first = self._markers[0]
            return f"{int(first[:-1]) + self.count - 1}{first[-1]}"
        return self._markers[self.count - 1]


def _markers(tokens: Sequence[Token], at: int) -> list[str]:
    """The numbers of a list's items with their marks, empty ones in a list without numbers."""
    level, found = tokens[at].level + 1, list[str]()
    for token in tokens[at + 1 :]:
        if token.level < level:
            break
        if token.type == "list_item_open" and token.level == level:
            found.append(f"{token.info}{token.markup}" if token.info else "")
    return found


def _properties(lines: Iterable[str]) -> Iterator[tuple[str, str]]:
    for line in lines:
        found = logseq.property_of(line)
        if found and found[1]:
            yield blocks.prose(found[0]), blocks.prose(found[1])
