"""Which text of a PDF's page is drawn so that nobody sees it."""

from __future__ import annotations

import ctypes
import math
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pypdfium2 import PdfPage, PdfTextPage
    from pypdfium2.raw import PageObject

_DEEPEST_FORM: Final = 4
_MOST_OBJECTS: Final = 50_000
_NEARLY_WHITE: Final = 247
_NEARLY_CLEAR: Final = 3
_TINY: Final = 1.0
"""Points, as they are on the page."""
_SMALL: Final = 2.0
"""The size that a text object names is often 1, and its matrix makes it larger."""
_FILLS: Final = frozenset({0, 4})
_UNSEEN: Final = frozenset({3, 7})
"""Modes that draw nothing: invisible, and clipping alone. Source: ISO 32000-1, table 106."""

_BLACK: Final = (0, 0, 0, 255)

Box = tuple[float, float, float, float]


def seen_text(page: PdfPage, text_page: PdfTextPage, text: str) -> str:
    """A page's text with a space for each character that cannot be seen.

    That is what is drawn in no mode, but for the layer of letters that scanners lay over a picture;
    what is transparent; what is white where nothing else is drawn; and what is smaller than a
    point. What an opaque shape covers is not known, nor which layers are switched off.
    """
    hidden = _Drawn(page).hidden()
    if not hidden:
        return text
    return "".join(
        " " if not letter.isspace() and _drawn_by(text_page, at) in hidden else letter
        for at, letter in _positions(text)
    )


def _positions(text: str) -> Iterator[tuple[int, str]]:
    """The letters with their places in PDFium's text, which is UTF-16."""
    at = 0
    for letter in text:
        yield at, letter
        at += 2 if ord(letter) > 0xFFFF else 1


def _drawn_by(text_page: PdfTextPage, at: int) -> int:
    """The address of the object that draws a letter; 0 for a space between two."""
    from pypdfium2 import raw

    index = raw.FPDFText_GetCharIndexFromTextIndex(text_page, at)
    thing = raw.FPDFText_GetTextObject(text_page, index)
    return _address(thing) if thing else 0


class _Drawn:
    """What is drawn on a page: text that may not be seen, and what may be behind it."""

    def __init__(self, page: PdfPage) -> None:
        from pypdfium2 import raw

        self._raw = raw
        self._tiny: set[int] = set()
        self._undrawn: dict[int, Box] = {}
        self._white: dict[int, Box] = {}
        self._pictures: list[Box] = []
        self._papers: list[Box] = []
        # Made once: a page has thousands of objects.
        self._parts = [ctypes.c_uint() for _ in range(4)]
        self._parts_at = [ctypes.byref(part) for part in self._parts]
        self._size = ctypes.c_float()
        self._size_at = ctypes.byref(self._size)
        for kind, thing, placed in islice(_objects(page), _MOST_OBJECTS):
            self._look_at(kind, thing, placed)

    def hidden(self) -> set[int]:
        """The addresses of the text objects that cannot be seen."""
        papers = self._papers + self._pictures
        undrawn = {at for at, box in self._undrawn.items() if not _covered(box, self._pictures)}
        white = {at for at, box in self._white.items() if not _covered(box, papers)}
        return self._tiny | undrawn | white

    def _look_at(self, kind: int, thing: PageObject, placed: PageObject) -> None:
        raw = self._raw
        if kind == raw.FPDF_PAGEOBJ_TEXT:
            mode = raw.FPDFTextObj_GetTextRenderMode(thing)
            red, green, blue, opacity = self._colour(thing) if mode in _FILLS else _BLACK
            if mode in _UNSEEN or opacity <= _NEARLY_CLEAR:
                self._undrawn[_address(thing)] = _box(placed)
            elif red >= _NEARLY_WHITE and green >= _NEARLY_WHITE and blue >= _NEARLY_WHITE:
                self._white[_address(thing)] = _box(placed)
            raw.FPDFTextObj_GetFontSize(thing, self._size_at)
            if self._size.value < _SMALL and thing is placed and self._is_tiny(thing):
                self._tiny.add(_address(thing))
        elif kind == raw.FPDF_PAGEOBJ_IMAGE:
            self._pictures.append(_box(placed))
        elif kind != raw.FPDF_PAGEOBJ_PATH or self._is_paper(thing):
            self._papers.append(_box(placed))

    def _is_tiny(self, thing: PageObject) -> bool:
        raw = self._raw
        matrix = raw.FS_MATRIX()
        raw.FPDFPageObj_GetMatrix(thing, ctypes.byref(matrix))
        return self._size.value * math.hypot(matrix.c, matrix.d) < _TINY

    def _is_paper(self, path: PageObject) -> bool:
        """Whether a path is filled with something on which white is seen."""
        raw = self._raw
        fill, stroke = ctypes.c_int(), ctypes.c_int()
        raw.FPDFPath_GetDrawMode(path, ctypes.byref(fill), ctypes.byref(stroke))
        return bool(fill.value) and min(self._colour(path)[:3]) < _NEARLY_WHITE

    def _colour(self, thing: PageObject) -> tuple[int, int, int, int]:
        """Red, green, blue and opacity of 255; black where it is a pattern."""
        if not self._raw.FPDFPageObj_GetFillColor(thing, *self._parts_at):
            return _BLACK
        red, green, blue, opacity = self._parts
        return red.value, green.value, blue.value, opacity.value


def _objects(page: PdfPage) -> Iterator[tuple[int, PageObject, PageObject]]:
    """The kinds and objects of a page; those inside a form, with the form that is on the page."""
    from pypdfium2 import raw

    kind_of, form = raw.FPDFPageObj_GetType, raw.FPDF_PAGEOBJ_FORM
    for at in range(raw.FPDFPage_CountObjects(page)):
        thing = raw.FPDFPage_GetObject(page, at)
        kind = kind_of(thing)
        if kind != form:
            yield kind, thing, thing
        else:
            for inner_kind, inner in _inside(thing, _DEEPEST_FORM):
                yield inner_kind, inner, thing


def _inside(form: PageObject, depth: int) -> Iterator[tuple[int, PageObject]]:
    from pypdfium2 import raw

    for at in range(raw.FPDFFormObj_CountObjects(form)):
        thing = raw.FPDFFormObj_GetObject(form, at)
        kind = raw.FPDFPageObj_GetType(thing)
        if kind != raw.FPDF_PAGEOBJ_FORM:
            yield kind, thing
        elif depth:
            yield from _inside(thing, depth - 1)


def _covered(box: Box, others: list[Box]) -> bool:
    """Whether the middle of a box lies in another."""
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    return any(left <= x <= right and bottom <= y <= top for left, bottom, right, top in others)


def _box(thing: PageObject) -> Box:
    from pypdfium2 import raw

    sides = [ctypes.c_float() for _ in range(4)]
    raw.FPDFPageObj_GetBounds(thing, *map(ctypes.byref, sides))
    left, bottom, right, top = (side.value for side in sides)
    return left, bottom, right, top


def _address(thing: PageObject) -> int:
    return ctypes.cast(thing, ctypes.c_void_p).value or 0
