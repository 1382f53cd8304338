"""Bytes to text, whatever the headers claim."""

from __future__ import annotations

import codecs
import re
from typing import Final

from codexity.errors import Unreadable

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_META = re.compile(
    rb"""<(?:meta|\?xml)\b[^>]{0,300}?(?:charset|encoding)\s*=\s*["']?\s*([\w:.-]+)""",
    re.IGNORECASE,
)
_META_WITHIN = 4_096
_JUNK: Final = bytes((*(one for one in range(1, 0x20) if one not in b"\t\n\v\f\r\x1b"), 0x7F))
_REPLACED: Final = "\ufffd".encode()
_MOST_JUNK = 0.03
_WESTERN = frozenset({"cp1252", "windows-1252", "iso-8859-15", "cp1254"})
_HIGH = bytes(range(0x80, 0x100))
_RUN = re.compile(rb"[\x80-\xff]{4,}")
_MOST_IN_RUNS = 0.5


def decoded(body: bytes, charset: str | None) -> str:
    """The text of a document.

    A byte order mark decides, then bytes that can only be UTF-8, then the header's charset, the
    document's own, and a detector; one that does not fit the bytes is passed over, and so is a
    Western one where most of what is not ASCII stands in runs, as it does in other scripts.

    Raises:
        Unreadable: `bad_content` when the outcome is not text.
    """
    text = _best(body, charset)
    written = text.encode("utf-8", "replace")
    junk = len(written) - len(written.translate(None, _JUNK)) + written.count(_REPLACED)
    if junk > _MOST_JUNK * len(text):
        raise Unreadable("The document is not text.", code="bad_content")
    return text


def _best(body: bytes, charset: str | None) -> str:
    for mark, name in _MARKS:
        if body.startswith(mark):
            return body.decode(name, "replace")
    wide = _wide(body)
    if wide is not None:
        return body.decode(wide, "replace")
    meta = _META.search(body[:_META_WITHIN])
    named = meta.group(1).decode("ascii", "ignore") if meta else None
    for name in ("utf-8", charset, named):
        text = _fitting(body, name)
        if text is not None:
            return text
    return _detected(body)


def _wide(body: bytes) -> str | None:
    """UTF-16 without its mark: nearly every second byte of mostly Western text is NUL."""
    head = body[:512]
    half = len(head) // 2
    if half and head[1::2].count(0) > 0.8 * half:
        return "utf-16-le"
    return "utf-16-be" if half and head[::2].count(0) > 0.8 * half else None


def _fitting(body: bytes, name: str | None) -> str | None:
    if name is None:
        return None
    # What calls itself Latin-1 is Windows-1252. Source: WHATWG Encoding, "Names and labels".
    spelt = {"iso-8859-1": "cp1252", "latin1": "cp1252", "latin-1": "cp1252", "us-ascii": "cp1252",
             "ascii": "cp1252", "gb2312": "gb18030", "gbk": "gb18030", "shift_jis": "cp932",
             "euc-kr": "cp949", "ks_c_5601-1987": "cp949", "iso-8859-9": "cp1254"}  # fmt: skip
    name = name.lower()
    codec = spelt.get(name, name)
    if codec in _WESTERN and _speaks_other(body):
        return None
    try:
        return body.decode(codec)
    except (LookupError, ValueError):
        return None


def _speaks_other(body: bytes) -> bool:
    """Whether bytes that fit any Western charset can hardly be of one: in these, accents are rare.

    Servers that name Latin-1 for every page they have make mush of Russian and Chinese ones.
    """
    runs = sum(map(len, _RUN.findall(body)))
    return runs > _MOST_IN_RUNS * (len(body) - len(body.translate(None, _HIGH)))


def _detected(body: bytes) -> str:
    from resiliparse.parse.encoding import bytes_to_str, detect_encoding

    found = detect_encoding(body) or "utf-8"
    return bytes_to_str(body, found, errors="replace")
