"""ZIP archives that hold one document: what of them is unpacked is bounded, and no archive in them.

Source: APPNOTE.TXT of PKWARE; ISO/IEC 29500-2 (OPC) allows no document type declarations.
"""

from __future__ import annotations

import zlib
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import IO, TYPE_CHECKING, Final
from zipfile import BadZipFile, LargeZipFile, ZipFile, ZipInfo

from codexity.errors import Unreadable

if TYPE_CHECKING:
    from lxml.etree import (
        _Element as Element,  # pyright: ignore[reportPrivateUsage]  it has no public name
    )

_MOST_ENTRIES: Final = 20_000
_MOST_BYTES: Final = 200_000_000
"""Unpacked and read through, piece by piece; what is held at once is bounded by `_MOST_HELD`."""
_MOST_HELD: Final = 20_000_000
_MOST_TIMES: Final = 250
"""Text packs to a tenth, tables of one value to a hundredth; a bomb to a thousandth."""
_HARMLESS: Final = 2_000_000
_OLE: Final = b"\xd0\xcf\x11\xe0"
_FAULTS: Final = (
    BadZipFile, LargeZipFile, zlib.error, NotImplementedError, EOFError, OSError, RuntimeError,
)  # fmt: skip


class Archive:
    """An archive, opened; `what` it is to be names it in refusals."""

    def __init__(self, body: bytes, what: str) -> None:
        """Raises `Unreadable`: `bad_content`, and `too_large` where it has too many entries."""
        self._what = what
        self._left = _MOST_BYTES
        if body.startswith(_OLE):
            message = f"It is locked with a password, or of a format older than {what}'s."
            raise Unreadable(f"{message} Save it again as {what}.", code="bad_content")
        try:
            with _told(what):
                self._zip = ZipFile(BytesIO(body))
        except ValueError as error:
            raise _damaged(what, error) from error
        self._names = {one.filename: one for one in self._zip.infolist()}
        if len(self._zip.infolist()) > _MOST_ENTRIES:
            message = f"It holds more than {_MOST_ENTRIES:,} files, which no {what} document does."
            raise Unreadable(message, code="too_large")

    @property
    def names(self) -> tuple[str, ...]:
        """What is in it."""
        return tuple(self._names)

    def __contains__(self, name: str) -> bool:
        return name in self._names

    def read(self, name: str) -> bytes:
        """One of its files.

        Raises:
            Unreadable: there is none of this name, it is damaged or locked, or `too_large`.
        """
        with self.opened(name) as file:
            body = file.read(_MOST_HELD + 1)
            if len(body) > _MOST_HELD:
                raise self._too_large()
            return body

    @contextmanager
    def opened(self, name: str) -> Generator[IO[bytes]]:
        """One of its files, to be read piece by piece.

        Raises:
            Unreadable: as `read`; also what reads it further may.
        """
        about = self._names.get(name)
        if about is None:
            message = f"It is no {self._what} document: it holds no {name}."
            raise Unreadable(message, code="bad_content")
        if about.flag_bits & 1:
            raise Unreadable("It is locked with a password.", code="bad_content")
        allowed = max(_HARMLESS, about.compress_size * _MOST_TIMES)
        with _told(self._what), self._opened(about) as file:
            yield _Bounded(file, self, allowed)

    def _opened(self, about: ZipInfo) -> IO[bytes]:
        try:
            return self._zip.open(about)
        except ValueError as error:  # it is said to stand before the file's beginning
            raise _damaged(self._what, error) from error

    def spend(self, count: int) -> None:
        """Notes that so many bytes were unpacked; raises `Unreadable` when they are too many."""
        self._left -= count
        if self._left < 0:
            raise self._too_large()

    def _too_large(self) -> Unreadable:
        return Unreadable("Unpacked it is too large to be read.", code="too_large")


class _Bounded(BytesIO):
    """A file of an archive that gives no more than it may."""

    def __init__(self, file: IO[bytes], archive: Archive, allowed: int) -> None:
        super().__init__()
        self._file = file
        self._archive = archive
        self._allowed = allowed

    def read(self, size: int | None = -1) -> bytes:
        wanted = self._allowed + 1 if size is None or size < 0 else size
        found = self._file.read(wanted)
        self._allowed -= len(found)
        self._archive.spend(len(found))
        if self._allowed < 0:
            message = "It is packed a hundred times denser than a document is: it is not unpacked."
            raise Unreadable(message, code="too_large")
        return found


def root_of(body: bytes) -> Element:
    """The tree of an XML file; entities stay as they are, and nothing is loaded for it.

    Raises:
        Unreadable: `bad_content`.
    """
    from lxml.etree import XMLParser, XMLSyntaxError, fromstring

    parser = XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_pis=True,
        remove_comments=True,
    )  # fmt: skip
    try:
        root = fromstring(body, parser=parser)
    except XMLSyntaxError as error:
        raise _broken(error) from error
    if root is None:
        raise _broken(ValueError("it has no root"))
    return root


def elements_of(file: IO[bytes], tag: tuple[str, ...]) -> Iterator[Element]:
    """The elements of these tags as they end; who takes them empties them.

    Raises:
        Unreadable: `bad_content`.
    """
    from lxml.etree import XMLSyntaxError, iterparse

    walk = iterparse(
        file, events=("end",), tag=tag, resolve_entities=False, no_network=True, load_dtd=False,
        huge_tree=False, remove_pis=True, remove_comments=True,
    )  # fmt: skip
    try:
        for _, element in walk:
            yield element
    except XMLSyntaxError as error:
        raise _broken(error) from error


def free(element: Element) -> None:
    """Empties an element that was taken, and forgets those before it in its parent."""
    element.clear()
    parent = element.getparent()
    while parent is not None and parent[0] is not element:
        del parent[0]


def local(element: Element) -> str:
    """The name of an element without its namespace; empty for what is none."""
    tag: object = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def attribute(element: Element | None, name: str) -> str:
    """The value of an attribute by its name without a namespace; empty where there is none."""
    if element is None:
        return ""
    for key, value in element.attrib.items():
        if str(key).rpartition("}")[2] == name:
            return str(value)
    return ""


@contextmanager
def _told(what: str) -> Generator[None]:
    try:
        yield
    except _FAULTS as error:
        raise _damaged(what, error) from error


def _damaged(what: str, error: Exception) -> Unreadable:
    message = f"It is no {what} document, or a damaged one."
    return Unreadable(message, code="bad_content", detail=f"{type(error).__name__}: {error}")


def _broken(error: Exception) -> Unreadable:
    return Unreadable("Its XML is damaged.", code="bad_content", detail=str(error))
