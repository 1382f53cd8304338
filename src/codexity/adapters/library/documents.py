"""Documents as the index keeps them: their passages, and the words they are found by."""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, unquote

from codexity.analysis.unspaced import UNSPACED
from codexity.model import STARTER, Block, DateOrigin, Page
from codexity.text import STOP_WORDS, blocks, sentences, stem, stems, words

PASSAGE_WORDS = 150
"""About as many words as a passage has; it breaks at blocks."""

CODE_STOP_WORDS = frozenset(keyword.kwlist) & STOP_WORDS
"""Stop words that are words of Python: where a text quotes one, it counts as content."""

_QUOTED = re.compile(r"""["`“]+([a-z]+)["`”]+""")
_ADDRESS = re.compile(r"/library/([^/?#]+)/([^/?#]+)")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")
_HEADING_CHARS = 120
_UNSPACED = re.compile(f"[{UNSPACED}]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Slice:
    """One passage: where it stands in the document's text, and its stems parted by blanks."""

    start: int
    length: int
    stems: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One document, ready to be written: `slug` is its name in its collection's addresses.

    `language` is the one whose stems its passages have besides, empty for English, see `stems`.
    `size` (bytes), `changed` (nanoseconds) and `digest` say which state of the file at `path` this
    is; documents that are no files leave them out. `page_starts` and
    `blocks` are as in `Page`.
    """

    slug: str
    title: str
    title_stems: str
    text: str
    slices: tuple[Slice, ...]
    published: str | None = None
    published_from: DateOrigin | None = None
    path: str = ""
    size: int = 0
    changed: int = 0
    digest: str = ""
    page_starts: tuple[int, ...] = ()
    blocks: tuple[Block, ...] = ()
    language: str = ""


def address(collection: str, slug: str) -> str:
    """The document's address, relative to the root: it holds behind any proxy and port."""
    return f"/library/{quote(collection, safe='')}/{quote(slug, safe='')}"


def parts(url: str) -> tuple[str, str] | None:
    """Collection and slug of a document's address; None for any other address."""
    match = _ADDRESS.fullmatch(url)
    if match is None or not is_name(collection := unquote(match[1])):
        return None
    return collection, unquote(match[2])


def is_name(collection: str) -> bool:
    """Whether this can be a collection's name: 1 to 64 of A-Z, a-z, 0-9 and `_.-` inside."""
    return _NAME.fullmatch(collection) is not None


def site(collection: str) -> str:
    """What a document of the collection shows in the place of a host."""
    return "starter collection" if collection == STARTER else f"library: {collection}"


def in_part(page: Page) -> str:
    """How much was read of a document that goes on behind it."""
    if read := len(page.page_starts):
        return f"Only the first {read} of its {read + page.unread} pages were read."
    return f"Only its first {len(page.blocks):,} rows and paragraphs were read: it is too long."


def stem_text(text: str, language: str | None = None) -> str:
    """The words that a text is found by: its stems, and the stems of its identifiers' parts.

    A stop word that is a word of Python counts where it stands alone in quotes. `language` is that
    of the document, where it is known, as for `stems`.
    """
    found = list(stems(text, language or None))
    for word in words(text) if "_" in text else ():
        if "_" in word:
            found.extend(stem(part) for part in word.split("_") if part not in STOP_WORDS)
    found.extend(one for one in _QUOTED.findall(text) if one in CODE_STOP_WORDS)
    return " ".join(found)


def title_stems(title: str, path: str, language: str = "") -> str:
    """The words that a document is found by as a whole: those of its title and its file's name."""
    return stem_text(f"{title} {Path(path).stem}", language)


def sliced(text: str, language: str | None = None) -> tuple[Slice, ...]:
    """The passages of a text, each with its stems."""
    return tuple(
        Slice(start=start, length=end - start, stems=stem_text(text[start:end], language))
        for start, end in passages(text)
    )


def passages(text: str) -> Iterator[tuple[int, int]]:
    """Where the passages of a text start and end: blocks together up to `PASSAGE_WORDS` words.

    What looks like a heading goes with what follows it.
    """
    begin = end = count = 0
    for start, stop, size in _pieces(text):
        full = count + size > PASSAGE_WORDS * 1.2 and count >= PASSAGE_WORDS / 2
        if count and (full or (count >= PASSAGE_WORDS / 2 and _is_heading(text[start:stop]))):
            yield begin, end
            count = 0
        if not count:
            begin = start
        end = stop
        count += size
    if count:
        yield begin, end


def _pieces(text: str) -> Iterator[tuple[int, int, int]]:
    """Blocks with their number of words; one that is too long comes sentence by sentence."""
    for start, stop in blocks(text):
        size = _size(text[start:stop])
        if size <= PASSAGE_WORDS * 1.5:
            yield start, stop, size
            continue
        for first, last in sentences(text, start, stop):
            yield from _bounded(text, first, last)


def _size(text: str) -> int:
    """The number of words; of scripts that write no spaces two characters are one."""
    dense = 0 if text.isascii() else sum(map(len, _UNSPACED.findall(text)))
    return len(words(text)) + dense // 2


def _bounded(text: str, start: int, stop: int) -> Iterator[tuple[int, int, int]]:
    """A piece, cut every `PASSAGE_WORDS` words: some blocks have no sentences at all."""
    begin, count, end = start, 0, start
    for match in re.compile(r"\w+").finditer(text, start, stop):
        if count == PASSAGE_WORDS:
            yield begin, end, count
            begin, count = match.start(), 0
        end = match.end()
        count += 1
    if count:
        yield begin, stop, count


def _is_heading(block: str) -> bool:
    return len(block) <= _HEADING_CHARS and "\n" not in block and block[-1:] not in ".!?:;,"
