"""The nouns of Codexity: plain, frozen values that every room speaks of."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from typing import Literal

from codexity.limits import Limits as Limits  # noqa: PLC0414 - a noun, found where all are
from codexity.record import Record

Via = Literal["http", "browser", "cache", "library"]
DateOrigin = Literal["meta", "json-ld", "time", "url", "text", "search", "name", "file"]
"""Where a date was read: `meta` front matter or a head, `name` and `file` (time) of a file."""
BlockKind = Literal["heading", "paragraph", "item", "row", "pair", "code", "quotation"]
Stage = Literal["search", "read", "write"]
AnswerStatus = Literal["running", "completed", "no_evidence", "failed", "cancelled", "interrupted"]
CancelReason = Literal["stopped", "left"]
"""Why a run was cancelled: somebody stopped it, or all who read it left and nobody came back."""

LIBRARY = "library"
"""The name of the provider that searches the user's own documents."""

STARTER = "starter"
"""The name of the starter collection, and of the provider that searches it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What the person wants searched: empty means everything.

    `site` and `exclude_site` are domains, and what is below them. `after` and `before` are dates of
    publication (`2024`, `2024-05`, `2024-05-31`): the first day of `after` is included, that of
    `before` is not. `language` is a code of ISO 639-1.
    """

    site: tuple[str, ...] = ()
    exclude_site: tuple[str, ...] = ()
    after: str | None = None
    before: str | None = None
    language: str | None = None
    collection: tuple[str, ...] = ()
    provider: tuple[str, ...] = ()
    max_sources: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What a principal asks, with the filters that hold for it."""

    text: str
    filters: Filters = field(default_factory=Filters)
    principal: str = "local"


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What a search provider is asked, with those of the question's filters that concern it.

    `after` and `before` are days, `YYYY-MM-DD`.
    """

    text: str
    site: tuple[str, ...] = ()
    exclude_site: tuple[str, ...] = ()
    after: str | None = None
    before: str | None = None
    language: str | None = None
    collection: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One result of a provider, which names a page to read and is never citable itself.

    `at` is where what was found begins in the page's text, `published` the day (`YYYY-MM-DD`) that
    the provider says; None where it is not known.
    """

    title: str
    url: str
    snippet: str = ""
    at: int | None = None
    published: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One block of a page: what it is, and where its text starts and ends in the page's.

    `level` is the rank of a heading (1 is the highest) or how deep a list item stands in lists
    (from 1), else 0. `marker` is what stands before an item of a numbered list (`3.`); it is no
    part of the text, as it is none of what a browser finds. `cells` are where the cells of a table
    row, or the key and the value of a pair, start and end in the page's text; `header` holds the
    column headers of a row, one for each of its cells, and is empty where there are none. `altered`
    are the places in the page's text that do not stand so in the document: a raised figure, the
    address behind a link; an empty one is where something was left out.
    """

    kind: BlockKind
    start: int
    end: int
    level: int = 0
    marker: str = ""
    cells: tuple[tuple[int, int], ...] = ()
    header: tuple[str, ...] = ()
    altered: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """The readable text of one document.

    `text` is plain text in blocks (paragraphs, headings, list items, rows, code) parted by blank
    lines; prose blocks hold no line break. `blocks` are these in their order, or empty where what
    they are is not known. `published` and `modified` are ISO 8601 dates, and where each was read;
    `language` is a code of ISO 639-1, None where it is not sure. Of a document with pages (a PDF)
    `page_starts` says where each begins in the text, no block runs across two, and `unread` is how
    many more were not read; without pages, that its end was not. `left_out`: characters unused.
    `file` is the name of the file that a document of the library is.
    """

    url: str
    title: str
    text: str
    site: str = ""
    published: str | None = None
    language: str | None = None
    via: Via = "http"
    page_starts: tuple[int, ...] = ()
    unread: int = 0
    left_out: int = 0
    published_from: DateOrigin | None = None
    modified: str | None = None
    modified_from: DateOrigin | None = None
    blocks: tuple[Block, ...] = ()
    file: str = ""

    @property
    def known_as(self) -> str:
        """Its title, with the name of its file, which people give it by what it is about."""
        return f"{self.title} {self.file.rsplit('.', 1)[0]}" if self.file else self.title

    def headings_at(self, offset: int) -> tuple[str, ...]:
        """The headings that an offset of the text stands below, the highest first."""
        path: list[Block] = []
        for block in self.blocks:
            if block.start > offset:
                break
            if block.kind == "heading":
                path = [*(one for one in path if one.level < block.level), block]
        return tuple(self.text[one.start : one.end] for one in path if one.end <= offset)

    def number_at(self, offset: int) -> int | None:
        """The number, from 1, of the page that an offset of the text is on; None without pages."""
        return bisect_right(self.page_starts, offset) or None


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A slice of a page: `page.text[start:start + len(text)] == text`; `records` begin in it."""

    page: Page
    start: int
    text: str
    stems: tuple[str, ...]
    records: tuple[Record, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A page of the evidence under its number, with a verbatim quote and a link that opens it."""

    index: int
    title: str
    url: str
    site: str
    published: str | None
    quote: str
    link: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What a writer is given of one source: its best passages, in the order of the page."""

    source: Source
    page: Page
    passages: tuple[Passage, ...]
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """One sentence of an answer made of the sources' own, with the number that it cites.

    `text` is it as said, with what leads it. `page.text[start:end]` of its source are the words it
    says; of what is joined from several places, from the first to the last. `before` is what the
    answer has in front of it: nothing, a space, a blank line, a line break and the mark of an item.
    """

    text: str
    index: int
    start: int
    end: int
    before: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quotation:
    """A verbatim piece of a source, and the link that opens the page at it."""

    index: int
    text: str
    link: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One sentence of the answer and what was found when its citations were checked.

    `start` and `end` are offsets into the answer in Unicode code points.
    """

    start: int
    end: int
    citations: tuple[int, ...]
    support: Literal["quoted", "matched", "partial", "not_found", "uncited"]
    checked: tuple[str, ...] = ()
    judged: Literal["supported", "contradicted", "unclear"] | None = None
    quotes: tuple[Quotation, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """One part that failed while the run went on: `what` it was, `why` in plain words."""

    stage: Stage
    what: str
    why: str
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """Tokens as the model server counted them."""

    prompt_tokens: int
    completion_tokens: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """One thing that was asked when nothing was found, and what it said."""

    what: str
    said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Why a whole run failed, in words for the person who asked."""

    code: str
    message: str
    retryable: bool
    tried: tuple[Tried, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Everything a run has said so far, gathered."""

    question: str
    text: str
    status: AnswerStatus
    sources: tuple[Source, ...] = ()
    claims: tuple[Claim, ...] = ()
    skipped: tuple[Failure, ...] = ()
    seconds: dict[str, float] = field(default_factory=dict[str, float])
    model: str | None = None
    usage: Usage | None = None
    error: Problem | None = None
    reason: CancelReason | None = None
    run: str = ""
