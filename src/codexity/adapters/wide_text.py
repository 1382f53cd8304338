"""UTF-16 without its mark, told by its NULs and by what it decodes to."""

from __future__ import annotations

import unicodedata
from typing import Final

_LOOKED_AT: Final = 4_096
_FEWEST_NULS: Final = 0.02
_MOST_STRANGE: Final = 0.05
_LEAST_PLAIN: Final = 0.4
"""Of the NULs: some Chinese characters have one too."""
_NULS_OF_LATIN: Final = 0.3
_OTHER_SCRIPTS: Final = 0.05
"""The share of bytes that no Latin text in eight bits has, and any other script in sixteen."""
_EIGHT_BITS: Final = bytes(range(32, 127)) + b"\t\n\f\r\0"
_STRANGE: Final = frozenset({"Cc", "Cn", "Co", "Cs"})


def wide_charset(body: bytes) -> str | None:
    """`utf-16-le` or `utf-16-be` where that is what bytes without a mark are, else None.

    No other text holds a NUL; in UTF-16 spaces, digits and markup have one each, in any script.
    What decodes to hardly any of these, or to characters that stand in no text, is something else.
    """
    head = body[:_LOOKED_AT]
    head = head[: len(head) // 2 * 2]
    nuls = head.count(0)
    if nuls < max(1, _FEWEST_NULS * len(head) / 2):
        return None
    others = len(head.translate(None, _EIGHT_BITS))
    if nuls < _NULS_OF_LATIN * len(head) and others < _OTHER_SCRIPTS * len(head):
        return None  # text in eight bits, with NULs strewn in
    return next((one for one in ("utf-16-le", "utf-16-be") if _is_text(head, one, nuls)), None)


def _is_text(head: bytes, charset: str, nuls: int) -> bool:
    # The last character may be cut.
    text = head.decode(charset, "replace")[:-1]
    plain = sum(one.isascii() and (one.isprintable() or one.isspace()) for one in text)
    strange = sum(
        one == "\ufffd" or (not one.isspace() and unicodedata.category(one) in _STRANGE)
        for one in text
    )
    return plain >= max(2, _LEAST_PLAIN * nuls) and strange <= _MOST_STRANGE * len(text)
