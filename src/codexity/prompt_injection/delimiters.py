"""The marks between which sources stand in a prompt: drawn anew, so that no page knows them."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass

_KEY_BYTES = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Delimiters:
    """Marks that carry a key: `<source 3 1f60a9c2>` and `</source 3 1f60a9c2>`.

    Source: Hines et al., "Defending Against Indirect Prompt Injection Attacks With Spotlighting"
    (2024), "Delimiting".
    """

    key: str

    @classmethod
    def drawn(cls, texts: Iterable[str]) -> Delimiters:
        """Marks with a key of 32 random bits that none of the texts holds."""
        taken = "\n".join(texts).lower()
        while (key := secrets.token_hex(_KEY_BYTES)) in taken:
            pass
        return cls(key=key)

    def around(self, number: int, text: str) -> str:
        """The text of this source between its marks, each on a line of its own."""
        return f"<source {number} {self.key}>\n{text}\n</source {number} {self.key}>"
