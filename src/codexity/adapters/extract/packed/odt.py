"""ODT documents: what a reader of them sees, paragraph by paragraph and table by table.

Source: OASIS OpenDocument 1.3, part 3. Comments, deletions and hidden text are not read.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from codexity.adapters.extract.bounded import bounded
from codexity.adapters.extract.html.spelling import spell_out
from codexity.adapters.extract.packed.archive import Archive, attribute, elements_of, free, local
from codexity.adapters.extract.packed.core import dates_told, properties
from codexity.adapters.extract.packed.docx_styles import Numbering, number_of
from codexity.adapters.extract.packed.odf_styles import (
    STYLED,
    Styles,
    check_unlocked,
    styles_of,
)
from codexity.adapters.extract.packed.odf_words import Words
from codexity.adapters.extract.packed.tree import Lists, add, drafts, new, say
from codexity.adapters.extract.page_of_drafts import MOST_BLOCKS, dates_of, page_of
from codexity.model import Page

if TYPE_CHECKING:
    from lxml.etree import (
        _Element as Element,  # pyright: ignore[reportPrivateUsage]  it has no public name
    )

_WHAT: Final = "ODT"
CONTENT: Final = "content.xml"
META: Final = "meta.xml"
_BLOCKS: Final = ("{*}p", "{*}h", "{*}list", "{*}table")
_AROUND: Final = frozenset(
    "p h list table table-of-content tracked-changes annotation forms note".split()
)
"""What holds paragraphs that are read with it, or not at all."""
_CODE: Final = ("preformatted", "code", "source", "listing")
_MARKS: Final = "<sup><sub><del><s>"
_MOST_TAKEN: Final = 2 * MOST_BLOCKS
_MOST_SPANNED: Final = 1_000
_MOST_REPEATED: Final = 100


def read_odt(body: bytes, url: str) -> Page:
    """A document with its headings, lists, tables and notes; hidden and deleted text is left out.

    Raises:
        Unreadable: `bad_content` where it is locked or damaged, `too_large` for a bomb.
    """
    archive = Archive(body, _WHAT)
    check_unlocked(archive)
    reader = _Reader(styles_of(archive))
    goes_on = reader.take_all(archive)
    spell_out(reader.tree, _MARKS)
    found, is_cut = bounded(drafts(reader.body))
    known = properties(archive, META)
    dates = dates_told(known.get("creation-date", ""), known.get("date", ""))
    if dates.published is None:
        dates = dates_of(found, "", known.get("date", "")[:10])
    headings = (one.text for one in found if one.kind == "heading")
    title = reader.title or known.get("title", "") or next(headings, "")
    return page_of(found, url, title=title, dates=dates, is_cut=is_cut or goes_on)


class _Reader:
    """Makes a tree of HTML of the paragraphs, lists and tables of a document, in their order."""

    def __init__(self, styles: Styles) -> None:
        from lxml.html import document_fromstring

        self.tree = document_fromstring("<html><body></body></html>")
        self.body: Element = self.tree[0]
        self.title = ""
        self._styles = styles
        self._words = Words(styles)
        self._lists = Lists(self.body)
        self._numbering = Numbering()
        self._count = 0
        self._keys: dict[str, str] = {}

    def take_all(self, archive: Archive) -> bool:
        """Reads what has a use; whether the document goes on behind it."""
        with archive.opened(CONTENT) as file:
            for taken, element in enumerate(elements_of(file, (*_BLOCKS, *STYLED))):
                if taken >= _MOST_TAKEN:
                    return True
                name = local(element)
                if name in {"style", "list-style"}:
                    self._styles.learn(element)
                elif any(local(one) in _AROUND for one in element.iterancestors()):
                    continue
                elif not any(attribute(one, "display") == "none" for one in _sections(element)):
                    self._take(element)
                    self._take_notes()
                free(element)
        return False

    def _take(self, element: Element) -> None:
        match local(element):
            case "list":
                self._count += 1
                self._list(element, attribute(element, "style-name"), f"{self._count}")
                self._lists.end()
            case "table":
                self._table(element)
            case _:
                self._paragraph(element)

    def _take_notes(self) -> None:
        notes, self._words.notes = self._words.notes, []
        for note in notes:
            for one in note.iter("{*}p"):
                self._say(add(self.body, "p"), one)

    def _paragraph(self, element: Element) -> None:
        style = self._styles.of("paragraph", attribute(element, "style-name"))
        level = number_of(element, "outline-level") if local(element) == "h" else None
        is_title = local(element) == "p" and (
            "title" in style.name.split() or _is_in_title(element)
        )
        if local(element) == "h" or is_title:
            holder = add(self.body, f"h{max(1, min(6, level or 1))}")
        elif any(word in style.name for word in _CODE):
            last = self.body[-1] if len(self.body) else None
            around = last if last is not None and last.tag == "pre" else add(self.body, "pre")
            holder = add(around, "span")
        else:
            holder = add(self.body, "blockquote" if "quot" in style.name else "p")
        self._say(holder, element)
        if is_title and not self.title:
            self.title = " ".join("".join(holder.itertext()).split())

    def _say(self, holder: Element, element: Element) -> None:
        """The words of a paragraph, and the texts of the boxes that are fixed to it."""
        boxes, links = self._words.say(holder, element)
        if holder.tag == "span":
            holder.tail = "\n"
        for words, target in links:
            if holder.tag == "p":
                pair = add(self.body, "dl")
                say(add(pair, "dt"), f"{words}:")
                say(add(pair, "dd"), target)
            else:
                say(holder, f" ({target})")
        for box in boxes:
            for one in box.iter("{*}p", "{*}h"):
                if next((up for up in one.iterancestors() if local(up) == "text-box"), None) is box:
                    self._say(add(self.body, "p"), one)

    def _list(self, element: Element, style: str, key: str, depth: int = 0) -> None:
        """The items of a list and of those within it; those of one that goes on count on."""
        style = attribute(element, "style-name") or style
        if attribute(element, "continue-numbering") == "true" or attribute(
            element, "continue-list"
        ):
            key = self._keys.get(style, key)
        self._keys[style] = key
        self._numbering.levels[key] = self._styles.lists.get(style, {})
        for item in element:
            for at, one in enumerate(item if local(item) in {"list-item", "list-header"} else ()):
                match local(one):
                    case "list" if depth < 9:
                        self._list(one, style, key, depth + 1)
                    case "h":
                        self._lists.end()
                        self._paragraph(one)
                    case "p" if at == 0 and local(item) == "list-item":
                        self._item(one, key, depth)
                    case "p":
                        self._say(add(self._lists.last, "p"), one)
                    case _:
                        pass

    def _item(self, element: Element, key: str, depth: int) -> None:
        number, kind, written = self._numbering.next(key, depth)
        holder = self._lists.item(key, depth, None if written else number)
        parent = holder.getparent()
        if kind and parent is not None:
            parent.set("type", kind)
        if written:
            say(holder, f"{written} ")
        self._say(holder, element)

    def _table(self, element: Element) -> None:
        if self._styles.of("table", attribute(element, "style-name")).is_hidden:
            return
        table = new("table")
        for row in _rows(element):
            line = add(table, "tr")
            in_head = any(local(one) == "table-header-rows" for one in row.iterancestors())
            for cell in row:
                if local(cell) == "table-cell":
                    self._cell(line, cell, is_head=in_head)
        self.body.append(table)

    def _cell(self, line: Element, cell: Element, *, is_head: bool) -> None:
        paragraphs = list(cell.iter("{*}p", "{*}h"))
        styles = [self._styles.of("paragraph", attribute(one, "style-name")) for one in paragraphs]
        named = bool(styles) and all("heading" in one.name or one.is_bold for one in styles)
        repeated = number_of(cell, "number-columns-repeated") or 1
        for _ in range(min(repeated, _MOST_REPEATED)):
            holder = add(line, "th" if is_head or named else "td")
            for name, said in (("colspan", "columns"), ("rowspan", "rows")):
                span = number_of(cell, f"number-{said}-spanned") or 1
                if 1 < span <= _MOST_SPANNED:
                    holder.set(name, str(span))
            for one in paragraphs:
                block = add(holder, "p")
                _, links = self._words.say(block, one)
                for _, target in links:
                    say(block, f" ({target})")


def _is_in_title(element: Element) -> bool:
    """Whether a paragraph is the title of a slide."""
    frames = (one for one in element.iterancestors() if local(one) == "frame")
    return any(attribute(one, "class") == "title" for one in frames)


def _sections(element: Element) -> Iterator[Element]:
    return (one for one in element.iterancestors() if local(one) == "section")


def _rows(table: Element) -> Iterator[Element]:
    for row in table.iter("{*}table-row"):
        around = next((one for one in row.iterancestors() if local(one) == "table"), None)
        if around is table and attribute(row, "visibility") not in {"collapse", "filter"}:
            yield row
