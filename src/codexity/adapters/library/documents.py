"""Documents as the index keeps them: their passages, and the words they are found by."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, unquote

from codexity.analysis.parts import COMPOUNDING, marked, whole
from codexity.code_words import CODE_STOP_WORDS
from codexity.model import STARTER, Block, DateOrigin, Page
from codexity.passages import Slice as Span
from codexity.passages import slices
from codexity.text import STOP_WORDS, stem, stems, words

PASSAGE_WORDS = 150
"""About as many words as a passage has, as `Limits.passage_words` has it."""

_QUOTED = re.compile(r"""["`“]+([a-z]+)["`”]+""")
_ADDRESS = re.compile(r"/library/([^/?#]+)/([^/?#]+)")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")
_ENGLISH = "en"


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
    of the document, where it is known, as for `stems`; of one that writes compounds come their
    parts as well, `marked`.
    """
    found = list(stems(text, language or None))
    if language in COMPOUNDING:
        found.extend(dict.fromkeys(marked(text, language)))
        found.extend(stems(" ".join(whole(text, language)), language))
    for word in words(text) if "_" in text else ():
        if "_" in word:
            found.extend(stem(part) for part in word.split("_") if part not in STOP_WORDS)
    found.extend(one for one in _QUOTED.findall(text) if one in CODE_STOP_WORDS)
    return " ".join(found)


def title_stems(title: str, path: str, language: str = "") -> str:
    """The words that a document is found by as a whole: those of its title and its file's name."""
    return stem_text(f"{title} {Path(path).stem}", language)


def sliced(
    text: str, language: str | None = None, blocks: tuple[Block, ...] = ()
) -> tuple[Slice, ...]:
    """The passages of a text, each with its stems and those of what it stands under.

    They are those that an answer may cite, see `slices`. `blocks` as in `Page`.
    """
    page = Page(url="", title="", text=text, language=language or None, blocks=blocks)
    return tuple(
        Slice(start=one.start, length=one.end - one.start, stems=_found_by(page, one))
        for one in slices(page, words=PASSAGE_WORDS)
    )


def _found_by(page: Page, one: Span) -> str:
    own = stem_text(page.text[one.start : one.end], page.language)
    over = " ".join((one.label, *one.headings))
    held = frozenset(own.split())
    above = (
        dict.fromkeys(stem_text(over, page.language or _ENGLISH).split()) if over.strip() else ()
    )
    return " ".join((own, *(stem for stem in above if stem not in held)))
