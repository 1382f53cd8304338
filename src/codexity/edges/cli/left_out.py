"""What `library add` did not look at, in a line: how much of what, and what can be done."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from codexity.compose import AddReport
from codexity.text import counted

_MOST_NAMES: Final = 5
_MOST_KINDS: Final = 12
_LONGEST_KIND: Final = 16
_KNOWN: Final = (
    (
        "pictures",
        "letters in pictures are not read",
        ".png .jpg .jpeg .gif .webp .bmp .tif .tiff .heic .svg .ico .psd",
    ),
    (
        "recordings",
        "neither is heard",
        ".mp3 .wav .ogg .flac .m4a .aac .mp4 .m4v .mov .mkv .avi .webm",
    ),
    ("archives", "unpack them", ".zip .gz .tgz .bz2 .xz .zst .7z .rar .tar .iso"),
    ("an old Office", "save them as DOCX, XLSX or PPTX", ".doc .dot .xls .xlt .ppt .pps"),
    ("other word processors", "save them as DOCX or PDF", ".rtf .pages .wpd .wps .one .pub .vsdx"),
    ("Numbers and Keynote", "save them as XLSX, PPTX or PDF", ".numbers .key"),
    ("other e-books", "save them as EPUB or PDF", ".mobi .azw .azw3 .fb2 .djvu .lit"),
    (
        "databases",
        "save their tables as CSV",
        ".db .sqlite .sqlite3 .mdb .accdb .parquet .feather .dbf",
    ),
    (
        "programs",
        "they hold no text",
        ".exe .dll .so .dylib .pyc .class .o .a .jar .whl .bin .msi .apk .dmg .deb .rpm",
    ),
)
"""Kinds that are not read: what they are, what can be done about it, and their suffixes."""


def left_out(report: AddReport) -> str:
    """The folders, files and kinds that were left out; empty where there are none."""
    return "; ".join((*_ignored(report), *_of_other_kinds(report)))


def _ignored(report: AddReport) -> Iterator[str]:
    left = report.left_out
    counts: list[str] = []
    if left.folders:
        names = list(dict.fromkeys(left.folders))
        more = ", ..." if len(names) > _MOST_NAMES else ""
        counts.append(
            f"{counted(len(left.folders), 'folder')} ({', '.join(names[:_MOST_NAMES])}{more})"
        )
    if left.hidden:
        counts.append(counted(left.hidden, "hidden file"))
    if left.empty:
        counts.append(counted(left.empty, "empty file"))
    if left.by_rules:
        counts.append(f"{left.by_rules:,} by .gitignore")
    if counts:
        yield ", ".join(counts)


def _of_other_kinds(report: AddReport) -> Iterator[str]:
    """What there is of kinds that are not read: for those that are known, what can be done."""
    counts = dict(report.left_out.kinds)
    told = 0
    for name, mend, suffixes in _KNOWN:
        found = {suffix: counts.pop(suffix) for suffix in suffixes.split() if suffix in counts}
        if found:
            told += sum(found.values())
            said = ", ".join(f"{count:,} {suffix}" for suffix, count in sorted(found.items()))
            yield f"{said} ({name}: {mend})"
    often = sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    named = [(kind, count) for kind, count in often if 0 < len(kind) <= _LONGEST_KIND]
    rest = report.ignored - told - sum(count for _, count in named[:_MOST_KINDS])
    others = [f"{count:,} {kind}" for kind, count in sorted(named[:_MOST_KINDS])]
    others += [counted(rest, "other file")] if rest else []
    if others:
        yield (
            f"{', '.join(others)} (kinds that are not read: save them as PDF, HTML, Markdown or"
            " text; a text file of another kind is read when it is named itself)"
        )
