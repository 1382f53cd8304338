"""PPTX presentations: slide by slide, its title, its lists, its tables and what is said with it.

Source: ISO/IEC 29500-1, PresentationML and DrawingML. Hidden slides are not read.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from codexity.adapters.extract.bounded import bounded
from codexity.adapters.extract.html.spelling import spell_out
from codexity.adapters.extract.packed.archive import Archive, attribute, local, root_of
from codexity.adapters.extract.packed.core import dates_told, properties
from codexity.adapters.extract.packed.docx_styles import inner, number_of
from codexity.adapters.extract.packed.parts import relations
from codexity.adapters.extract.packed.tree import Lists, add, drafts, say
from codexity.adapters.extract.page_of_drafts import page_of
from codexity.adapters.extract.text.markdown_inline import shown_address
from codexity.model import Page

if TYPE_CHECKING:
    from lxml.etree import (
        _Element as Element,  # pyright: ignore[reportPrivateUsage]  it has no public name
    )

_WHAT: Final = "PPTX"
_PRESENTATION: Final = "ppt/presentation.xml"
_TITLES: Final = frozenset({"title", "ctrTitle"})
_NO_CONTENT: Final = frozenset({"dt", "ftr", "sldNum", "hdr", "sldImg"})
"""What stands on each slide again: the day, the number."""
_BULLETED: Final = frozenset({"body", "obj", ""})
_MARKS: Final = "<sup><sub><del><s>"
_MOST_SLIDES: Final = 2_000
_MOST_SPANNED: Final = 100
_OFF: Final = frozenset({"0", "false", "off"})


def read_pptx(body: bytes, url: str) -> Page:
    """A presentation, slide by slide.

    Raises:
        Unreadable: `bad_content` where it is locked or damaged, `too_large` for a bomb.
    """
    archive = Archive(body, _WHAT)
    targets = relations(archive, _PRESENTATION)
    slides = list(root_of(archive.read(_PRESENTATION)).iter("{*}sldId"))
    reader = _Reader(archive)
    for one in slides[:_MOST_SLIDES]:
        reader.take(targets.get(_relation(one), ""))
    spell_out(reader.tree, _MARKS)
    found, is_cut = bounded(drafts(reader.body))
    known = properties(archive, "docProps/core.xml")
    dates = dates_told(known.get("created", ""), known.get("modified", ""))
    headings = (one.text for one in found if one.kind == "heading")
    title = known.get("title", "") or next(headings, "")
    is_cut = is_cut or len(slides) > _MOST_SLIDES
    return page_of(found, url, title=title, dates=dates, is_cut=is_cut)


class _Reader:
    """Makes a tree of HTML of the slides, in their order."""

    def __init__(self, archive: Archive) -> None:
        from lxml.html import document_fromstring

        self.tree = document_fromstring("<html><body></body></html>")
        self.body: Element = self.tree[0]
        self._archive = archive
        self._lists = Lists(self.body)

    def take(self, path: str) -> None:
        """Reads one slide, its title first, and its notes behind it."""
        if path not in self._archive:
            return
        slide = root_of(self._archive.read(path))
        if attribute(slide, "show").lower() in _OFF:
            return
        addresses = relations(self._archive, path, external=True)
        shapes = list(_shapes(slide))
        for shape in sorted(shapes, key=lambda one: _place(one) not in _TITLES):
            self._shape(shape, addresses)
        others = relations(self._archive, path).values()
        notes = next((one for one in others if "notesSlide" in one and one in self._archive), "")
        if notes:
            for shape in _shapes(root_of(self._archive.read(notes))):
                if _place(shape) == "body":
                    for paragraph in shape.iter("{*}p"):
                        self._say(add(self.body, "p"), paragraph, addresses)

    def _shape(self, shape: Element, addresses: dict[str, str]) -> None:
        kind = _place(shape)
        if kind in _NO_CONTENT:
            return
        table = next(shape.iter("{*}tbl"), None)
        if table is not None:
            self._lists.end()
            self._table(table, addresses)
            return
        for paragraph in shape.iter("{*}p"):
            depth = number_of(inner(paragraph, "pPr"), "lvl") or 0
            if kind in _TITLES:
                self._lists.end()
                self._say(add(self.body, "h1"), paragraph, addresses)
            elif _is_item(paragraph, kind, depth) and _has_text(paragraph):
                self._say(self._lists.item(kind, depth, None), paragraph, addresses)
            else:
                self._lists.end()
                self._say(add(self.body, "p"), paragraph, addresses)
        self._lists.end()

    def _table(self, table: Element, addresses: dict[str, str]) -> None:
        made = add(self.body, "table")
        first = attribute(inner(table, "tblPr"), "firstRow").lower() in {"1", "true"}
        for at, row in enumerate(table.findall("{*}tr")):
            line = add(made, "tr")
            for cell in row.findall("{*}tc"):
                if attribute(cell, "hMerge") or attribute(cell, "vMerge"):
                    continue
                holder = add(line, "th" if first and at == 0 else "td")
                for ours, theirs in (("colspan", "gridSpan"), ("rowspan", "rowSpan")):
                    span = number_of(cell, theirs) or 1
                    if 1 < span <= _MOST_SPANNED:
                        holder.set(ours, str(span))
                for paragraph in cell.iter("{*}p"):
                    self._say(add(holder, "p"), paragraph, addresses)

    def _say(self, holder: Element, paragraph: Element, addresses: dict[str, str]) -> None:
        links: list[str] = []
        for run in paragraph:
            match local(run):
                case "r" | "fld":
                    properties = inner(run, "rPr")
                    text = "".join(one.text or "" for one in run.findall("{*}t"))
                    tag = _tag(properties)
                    say(add(holder, tag) if tag else holder, text)
                    target = addresses.get(attribute(inner(properties, "hlinkClick"), "id"), "")
                    links += [address] if (address := shown_address(target, text)) else []
                case "br":
                    say(holder, "\n")
                case _:
                    pass
        for target in dict.fromkeys(links):
            say(holder, f" ({target})")


def _relation(slide: Element) -> str:
    """The id of what a slide's entry leads to; it has one of its own as well."""
    return next((str(value) for key, value in slide.attrib.items() if str(key)[-3:] == "}id"), "")


def _shapes(slide: Element) -> Iterator[Element]:
    """The shapes that hold text and the frames that hold tables, none within another."""
    return (one for one in slide.iter("{*}sp", "{*}graphicFrame") if not _is_hidden(one))


def _is_hidden(shape: Element) -> bool:
    about = next(shape.iter("{*}cNvPr"), None)
    return attribute(about, "hidden").lower() in {"1", "true"}


def _place(shape: Element) -> str:
    """For what a shape keeps the place; a text box for nothing (`box`)."""
    holder = next(shape.iter("{*}ph"), None)
    return "box" if holder is None else attribute(holder, "type")


def _is_item(paragraph: Element, kind: str, depth: int) -> bool:
    """Whether a paragraph has a bullet: as all in the main part of a slide, unless it has none."""
    properties = inner(paragraph, "pPr")
    if inner(properties, "buNone") is not None:
        return False
    marked = any(inner(properties, one) is not None for one in ("buChar", "buAutoNum", "buBlip"))
    return marked or depth > 0 or kind in _BULLETED


def _has_text(paragraph: Element) -> bool:
    return any((one.text or "").strip() for one in paragraph.iter("{*}t"))


def _tag(properties: Element | None) -> str:
    strike = attribute(properties, "strike")
    if strike and strike != "noStrike":
        return "del"
    baseline = attribute(properties, "baseline").strip("%0")
    return "" if not baseline else "sub" if baseline.startswith("-") else "sup"
