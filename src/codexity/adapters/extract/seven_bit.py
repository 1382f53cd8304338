"""Charsets that write other scripts in seven bits, with escapes between."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from codexity.errors import Unreadable

_JAPANESE: Final = re.compile(rb"\x1b(\$[@B]|\$\([QO]|\([BJI])")
_SHIFTS: Final = re.compile(rb"\x1b\$[@B]|\x1b\$\([QO]|\x1b\(I")
_OTHER_SHIFT: Final = re.compile(rb"\x1b\$[(-/]?[A-Z]")
_HZ: Final = re.compile(rb"~\{(?:[\x21-\x77][\x21-\x7e]){2,}+~\}")
_UTF_7: Final = re.compile(rb"\+(?![0-9]+\b)[A-Za-z0-9+/]{3}")
_SHARE_UNNAMED: Final = 0.1
"""Texts about HZ have samples of it."""
_NAMED: Final = {"utf-7": _UTF_7, "unicode-1-1-utf-7": _UTF_7, "hz-gb-2312": _HZ, "hz": _HZ}
_SET_HIGH: Final = bytes(one | 0x80 if 0x21 <= one <= 0x7E else one for one in range(256))


def seven_bit(body: bytes, names: tuple[str, ...]) -> str | None:
    """The text of a document in ISO-2022-JP, whatever it says that it is in; None for others.

    Browsers read ISO-2022-JP alone of these charsets: what they would show as escapes is refused.
    Source: WHATWG Encoding, "replacement" and "ISO-2022-JP".

    Raises:
        Unreadable: `bad_content` for HZ, UTF-7, and the Korean and Chinese ISO-2022.
    """
    if not body.isascii():
        return None
    if _SHIFTS.search(body):
        return "".join(_pieces(body))
    written = next((name for name in names if name in _NAMED and _NAMED[name].search(body)), "")
    if not written and _OTHER_SHIFT.search(body):
        written = "iso-2022"
    if not written and sum(map(len, _HZ.findall(body))) > _SHARE_UNNAMED * len(body):
        written = "hz"
    if written:
        message = (
            f"The document is written in {written.upper()}, which browsers do not read either."
        )
        raise Unreadable(message, code="bad_content")
    return None


def _pieces(body: bytes) -> Iterator[str]:
    """Python's own codecs lose the rest of a line behind one character that they do not know."""
    first, *others = _JAPANESE.split(body)
    yield first.decode("ascii")
    for shift, piece in zip(others[::2], others[1::2], strict=True):
        match shift:
            case b"(B" | b"(J":
                yield piece.decode("ascii")
            case b"(I":
                yield piece.translate(_SET_HIGH).decode("shift_jis", "replace")
            case _:
                yield piece.translate(_SET_HIGH).decode("euc_jis_2004", "replace")
