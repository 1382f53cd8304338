"""What of a prompt a model repeats: marks go, special tokens and headers become what they were."""

from __future__ import annotations

import re
from typing import Final

from codexity.prompt_injection.headers import COLON
from codexity.prompt_injection.special_tokens import ESCAPES, escaped

_RARE: Final = re.compile(f"[<⟨⟦{COLON}]")
_MARK: Final = re.compile(r"</?source \d{1,3}(?: [0-9a-f]{8})?>")
_INNER: Final = r"[^⟨⟩⟦⟧\n]"
_ESCAPED: Final = re.compile(rf"⟨⟨{_INNER}{{1,66}}⟩⟩|⟨{_INNER}{{1,66}}⟩|⟦{_INNER}{{1,66}}⟧")
_BEGUN: Final = re.compile(
    r"(?:</?(?:s|so|sou|sour|sourc|source(?: \d{0,3}(?: [0-9a-f]{0,8})?)?)?"
    rf"|⟨⟨?{_INNER}{{0,66}}|⟨⟨{_INNER}{{1,66}}⟩|⟦{_INNER}{{0,66}})\Z"
)
_COLON: Final = re.compile(rf"(?<!\d)(?<!\d\s){COLON}")
_BACK: Final = {there: here for here, there in ESCAPES.items()}


class EchoFilter:
    """Passes an answer on, piece by piece, as if its prompt had held what its sources do.

    The marks of `Delimiters` go; what `escaped` and `neutral` wrote otherwise is written as it was.
    The result does not depend on where the input was cut; at most 72 characters are held back, and
    only from a character on that begins such a mark or token.
    """

    def __init__(self) -> None:
        self._held = ""
        self._said = ""

    def feed(self, text: str) -> str:
        """What may be said now that the answer has gone on with this text."""
        if not self._held and not _RARE.search(text):
            self._said = text if len(text) > 1 else self._said[-1:] + text
            return text
        text = self._held + text
        begun = _BEGUN.search(text)
        cut = begun.start() if begun else len(text)
        self._held = text[cut:]
        return self._clean(text[:cut])

    def close(self) -> str:
        """What was held back, now that the answer is over."""
        held, self._held = self._held, ""
        return self._clean(held)

    def _clean(self, text: str) -> str:
        if not text:
            return ""
        before = self._said[-2:]
        self._said = _COLON.sub(":", before + _tokens(_MARK.sub("", text)))
        return self._said[len(before) :]


def restored(text: str) -> str:
    """A model's words with the special tokens and headers that `neutral` wrote otherwise."""
    return _COLON.sub(":", _tokens(text))


def _tokens(text: str) -> str:
    return _ESCAPED.sub(_original, text)


def _original(found: re.Match[str]) -> str:
    plain = found.group().translate(_BACK)
    return plain if escaped(plain) == found.group() else found.group()
