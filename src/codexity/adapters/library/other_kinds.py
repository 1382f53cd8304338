"""Files that are not read: of which kind they are, and what can be done about it."""

from __future__ import annotations

from typing import Final

_OFFICE: Final = "save it as DOCX, XLSX or PDF"
_MARKS: Final = (
    (b"\x89PNG", "a picture", "letters in pictures are not read"),
    (b"GIF8", "a picture", "letters in pictures are not read"),
    (b"\xff\xd8\xff", "a picture", "letters in pictures are not read"),
    (b"RIFF", "sound, video or a picture", "none of them is read"),
    (b"ID3", "sound", "it is not heard"),
    (b"OggS", "sound or video", "neither is read"),
    (b"\x7fELF", "a program", "programs are not read"),
    (b"MZ", "a program", "programs are not read"),
    (b"PK\x03\x04", "a ZIP archive", "unpack it"),
    (b"PK\x05\x06", "an empty ZIP archive", "nothing is in it"),
    (b"\x1f\x8b", "a gzip archive", "unpack it"),
    (b"BZh", "a bzip2 archive", "unpack it"),
    (b"\xfd7zXZ", "an xz archive", "unpack it"),
    (b"7z\xbc\xaf", "a 7z archive", "unpack it"),
    (b"Rar!", "a RAR archive", "unpack it"),
    (b"{\\rtf", "RTF", _OFFICE),
    (b"\xd0\xcf\x11\xe0", "of an old Office, or locked with a password", _OFFICE),
    (b"SQLite format 3", "a database of SQLite", "save its tables as CSV"),
)
_OPEN: Final = "application/vnd.oasis.opendocument"
PACKED: Final = tuple(
    (f"mimetype{kind}".encode(), kind)
    for kind in (
        "application/epub+zip",
        f"{_OPEN}.text",
        f"{_OPEN}.spreadsheet",
        f"{_OPEN}.presentation",
    )
)
"""How documents begin that are archives, behind the 30 bytes of the first entry's head."""


def packed_type(body: bytes) -> str | None:
    """The media type of a document that is an archive, by its first entry; None for others."""
    inner = body[30:120]
    return next((kind for mark, kind in PACKED if inner.startswith(mark)), None)


def is_other(body: bytes) -> bool:
    """Whether a file begins as one of a kind that is not read."""
    return any(body.startswith(mark) for mark, _, _ in _MARKS)


def why_not(body: bytes) -> str:
    """Why a file is not read that is no document: its kind, and what can be done."""
    for mark, what, mend in _MARKS:
        if body.startswith(mark):
            return f"It is {what}: {mend}."
    return "It is neither text nor a document of a kind that is read."
