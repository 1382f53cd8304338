"""EPUB books: their chapters in the order in which they are read.

Source: EPUB 3.3 (packages, spine), and OPF 2.0.1 for older books.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain
from posixpath import dirname, join, normpath
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

from codexity.adapters.extract import blocks
from codexity.adapters.extract.blocks import Draft
from codexity.adapters.extract.bounded import bounded
from codexity.adapters.extract.charset import decoded
from codexity.adapters.extract.html.whole import as_html, whole_text
from codexity.adapters.extract.packed.archive import Archive, attribute, local, root_of
from codexity.adapters.extract.packed.core import dates_told
from codexity.adapters.extract.page_of_drafts import page_of
from codexity.errors import Unreadable
from codexity.model import Page

if TYPE_CHECKING:
    from lxml.etree import (
        _Element as Element,  # pyright: ignore[reportPrivateUsage]  it has no public name
    )

_WHAT: Final = "EPUB"
_CONTAINER: Final = "META-INF/container.xml"
_LOCKS: Final = "META-INF/encryption.xml"
_CHAPTERS: Final = frozenset({"application/xhtml+xml", "text/html", "text/x-oeb1-document"})
_MOST_CHAPTERS: Final = 2_000
_MOST_SHEETS: Final = 20
_LONGEST_SHEET: Final = 200_000
_LARGEST_CHAPTER: Final = 5_000_000
_TOLD: Final = {"creator": "author", "publisher": "publisher", "description": "description"}


def read_epub(body: bytes, url: str) -> Page:
    """A book, chapter by chapter, without its table of contents.

    Raises:
        Unreadable: `bad_content` where it is locked or damaged, `too_large` for a bomb.
    """
    archive = Archive(body, _WHAT)
    path = _package_path(archive)
    package = _package(root_of(archive.read(path)), dirname(path))
    locked = _locked(archive)
    if any(chapter in locked for chapter in package.chapters):
        message = "It is locked by its seller (DRM): only the seller's own programs open it."
        raise Unreadable(message, code="bad_content")
    found, is_cut = bounded(chain(_about(package), _chapters(archive, package)))
    headings = (one.text for one in found if one.kind == "heading")
    title = package.said.get("title", "") or next(headings, "")
    dates = dates_told(package.said.get("date", ""), package.said.get("modified", ""))
    return page_of(found, url, title=title, dates=dates, is_cut=is_cut or package.is_cut)


@dataclass(slots=True, kw_only=True)
class _Package:
    """What a book says of itself, and where its chapters and sheets are in the archive."""

    said: dict[str, str] = field(default_factory=dict[str, str])
    chapters: list[str] = field(default_factory=list[str])
    sheets: list[str] = field(default_factory=list[str])
    is_cut: bool = False


def _package_path(archive: Archive) -> str:
    for one in root_of(archive.read(_CONTAINER)).iter("{*}rootfile"):
        path = unquote(attribute(one, "full-path"))
        if path in archive:
            return path
    raise Unreadable("It is no EPUB document: it names no package.", code="bad_content")


def _package(root: Element, folder: str) -> _Package:
    found = _Package()
    files: dict[str, tuple[str, str]] = {}
    for one in root.iter("{*}item"):
        path = normpath(join(folder, unquote(attribute(one, "href"))))
        kind = attribute(one, "media-type").lower()
        is_contents = "nav" in attribute(one, "properties").split()
        files[attribute(one, "id")] = (path, "" if is_contents else kind)
        if kind == "text/css" and len(found.sheets) < _MOST_SHEETS:
            found.sheets.append(path)
    order = (files.get(attribute(one, "idref"), ("", "")) for one in root.iter("{*}itemref"))
    chapters = list(dict.fromkeys(path for path, kind in order if kind in _CHAPTERS))
    found.chapters, found.is_cut = chapters[:_MOST_CHAPTERS], len(chapters) > _MOST_CHAPTERS
    for around in root.iter("{*}metadata"):
        for one in around.iter("*"):
            name, text = local(one).lower(), blocks.prose(one.text or "")
            events = {attribute(one, "property"), attribute(one, "event")}
            if not events.isdisjoint({"dcterms:modified", "modification"}):
                name = "modified"
            if text:
                found.said.setdefault(name, text)
    return found


def _locked(archive: Archive) -> frozenset[str]:
    """The files that are encrypted; fonts often are, and say nothing of the book."""
    if _LOCKS not in archive:
        return frozenset()
    root = root_of(archive.read(_LOCKS))
    return frozenset(unquote(attribute(one, "URI")) for one in root.iter("{*}CipherReference"))


def _about(package: _Package) -> Iterator[Draft]:
    for name, shown in _TOLD.items():
        if text := package.said.get(name, ""):
            yield from whole_text(f"<p>{text}</p>") if "<" in text else (blocks.pair(shown, text),)


def _chapters(archive: Archive, package: _Package) -> Iterator[Draft]:
    css = _sheets(archive, package)
    for path in package.chapters:
        if path in archive:
            body = archive.read(path)
            if len(body) > _LARGEST_CHAPTER:
                package.is_cut = True
                continue
            yield from whole_text(as_html(decoded(body, None, html=True)), css)


def _sheets(archive: Archive, package: _Package) -> str:
    found: list[str] = []
    for path in package.sheets:
        if path in archive and sum(map(len, found)) < _LONGEST_SHEET:
            text = archive.read(path)[:_LONGEST_SHEET].decode("utf-8", "replace")
            found.append(text)
    # What XML takes for no character ends no chapter.
    return blocks.visible("\n".join(found))
