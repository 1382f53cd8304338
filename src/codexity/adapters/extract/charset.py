"""Bytes to text, whatever the headers claim."""

from __future__ import annotations

import codecs
import re
from collections.abc import Sequence
from typing import Final

from codexity.adapters.extract.seven_bit import seven_bit
from codexity.adapters.wide_text import wide_charset
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
_COMMENT = re.compile(rb"<!--.*?-->", re.DOTALL)
_OF_TEXT: Final = b"\t\n\v\f\r\x1a\x1b\x1c\x1d\x1e\x1f"
"""Controls that texts have: the end of one of DOS (1A), escapes, and the separators of ASCII, with
which JSON text sequences (RFC 7464) and exports of catalogues part their records."""
_JUNK: Final = bytes((*(one for one in range(1, 0x20) if one not in _OF_TEXT), 0x7F))
_LOST: Final = "\ufffd"
_REPLACED: Final = _LOST.encode()
_MOST_JUNK = 0.03
_WIDER: Final = {
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "gbk": "gb18030",
    "big5": "big5hkscs",
    "iso8859-11": "cp874",
}
"""What browsers mean by a name is more than Python does. Source: WHATWG Encoding, "Indexes"."""
_WESTERN = frozenset({"cp1252", "iso8859-15", "cp1254"})
_HANGUL: Final = re.compile("[\uac00-\ud7a3]")
_HIGH = bytes(range(0x80, 0x100))
_RUN = re.compile(rb"[\x80-\xff]{4,}")
_MOST_IN_RUNS = 0.5
_MOSTLY = 0.8
"""Of the bytes of Chinese in UTF-16 a little over half look like ASCII."""
_WHOLE_FOR_A_LOST: Final = 3
"""In a text of Windows-1252 hardly any two bytes make a character of UTF-8: they are capitals with
an accent before a mark."""
_WHOLE_FOR_A_LOST_OF_OTHERS: Final = 10


def decoded(body: bytes, charset: str | None, *, html: bool = False) -> str:
    """The text of a document, which is an HTML page's source or other text.

    A byte order mark decides, then the escapes of seven-bit charsets, then bytes that are UTF-8 but
    for a few, then the header's charset, the page's own, and a detector. One that does not fit the
    bytes is passed over, and so is a Western one where most of what is not ASCII stands in runs, as
    it does in other scripts. Names mean what they do to browsers: what these do not know (UTF-7,
    EBCDIC, Python's own codecs) is no charset.

    Raises:
        Unreadable: `bad_content` when the outcome is not text; as `seven_bit` does.
    """
    text = _best(body, charset, html=html)
    written = text.encode("utf-8", "replace")
    junk = len(written) - len(written.translate(None, _JUNK)) + written.count(_REPLACED)
    if junk > _MOST_JUNK * len(text):
        raise Unreadable("The document is not text.", code="bad_content")
    return text


def _best(body: bytes, charset: str | None, *, html: bool) -> str:
    for mark, name in _MARKS:
        if body.startswith(mark):
            return body.decode(name, "replace")
    wide = wide_charset(body)
    if wide is not None:
        return body.decode(wide, "replace")
    named = _named(body) if html else None
    names = tuple(name.lower() for name in (charset, named) if name)
    text = seven_bit(body, names)
    if text is not None:
        return text
    return _named_or_detected(body, [_codec(name) for name in names], is_told=charset is not None)


def _named_or_detected(body: bytes, named: Sequence[str | None], *, is_told: bool) -> str:
    """By the first name that fits; only a header can tell of UTF-16, whose names take no ASCII."""
    text = _unicode(body, is_named="utf-8" in named)
    if text is None and is_told:
        text = _told_wide(body, named[0])
    if text is not None:
        return text
    fitting = (_fitting(body, codec) for codec in named)
    text = next((one for one in fitting if one is not None), None)
    return _detected(body) if text is None else text


def _named(body: bytes) -> str | None:
    meta = _META.search(_COMMENT.sub(b"", body[:_META_WITHIN]))
    return meta.group(1).decode("ascii", "ignore") if meta else None


def _codec(name: str) -> str | None:
    """Python's codec for what browsers mean by the name of a charset; None where they know none."""
    from resiliparse.parse.encoding import map_encoding_to_html5

    found = map_encoding_to_html5(name, fallback_utf8=False)
    return _WIDER.get(found, found) if found else None


def _unicode(body: bytes, *, is_named: bool) -> str | None:
    """The text, where the bytes are UTF-8 but for few that were lost, or for a cut at the end."""
    try:
        return body.decode()
    except UnicodeDecodeError:
        text = codecs.getincrementaldecoder("utf-8")("replace").decode(body)
    lost = text.count(_LOST) - body.count(_REPLACED)
    whole = _beyond_ascii(text) - lost
    return text if whole and whole >= lost * (1 if is_named else _WHOLE_FOR_A_LOST) else None


def _told_wide(body: bytes, codec: str | None) -> str | None:
    """UTF-16 in which no NUL stands: it has no space, no digit and no markup."""
    if codec is None or not codec.startswith("utf-16") or _is_mostly_ascii(body):
        return None
    try:
        text = body.decode(codec)
    except UnicodeDecodeError:
        return None
    return text if all(map(str.isprintable, text.split())) else None


def _fitting(body: bytes, codec: str | None) -> str | None:
    if codec is None or codec.startswith("utf"):
        return None
    if codec in _WESTERN and _speaks_other(body):
        return None
    try:
        return body.decode(codec)
    except UnicodeDecodeError:
        text = body.decode(codec, "replace")
    lost = text.count(_LOST)
    return text if _beyond_ascii(text) - lost >= _WHOLE_FOR_A_LOST_OF_OTHERS * lost else None


def _beyond_ascii(text: str) -> int:
    return len(text) - len(text.encode("ascii", "ignore"))


def _speaks_other(body: bytes) -> bool:
    """Whether bytes that fit any Western charset can hardly be of one: in these, accents are rare.

    Servers that name Latin-1 for every page they have make mush of Russian and Chinese ones.
    """
    runs = sum(map(len, _RUN.findall(body)))
    return runs > _MOST_IN_RUNS * (len(body) - len(body.translate(None, _HIGH)))


def _is_mostly_ascii(body: bytes) -> bool:
    return len(body.translate(None, _HIGH)) > _MOSTLY * len(body)


def _detected(body: bytes) -> str:
    from resiliparse.parse.encoding import bytes_to_str, detect_encoding

    found = detect_encoding(body) or "utf-8"
    if _codec(found) in {*_WESTERN, "utf-8"} and _speaks_other(body):
        # Words between spaces hide Korean from the detector.
        text = body.decode("cp949", "replace")
        if len(_HANGUL.findall(text)) > _MOSTLY * _beyond_ascii(text):
            return text
    return bytes_to_str(body, found, errors="replace")
