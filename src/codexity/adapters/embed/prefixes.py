"""What embedding models want to read before a question and before a text, by their names."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Prefixes:
    """What stands before a question, and before a text that may answer one."""

    question: str = ""
    text: str = ""

    def before(self, text: str, *, asks: bool) -> str:
        """The text as the model wants it."""
        return f"{self.question if asks else self.text}{text}"


_INSTRUCTED: Final = "Instruct: Given a question, retrieve passages that answer it\nQuery: "
_REPRESENTED: Final = "Represent this sentence for searching relevant passages: "

# Source: the model cards of these families; a model that is not told so ranks far worse.
_FAMILIES: Final = (
    (r"\be5\b.*instruct|qwen3-embedding", Prefixes(question=_INSTRUCTED)),
    (r"\be5\b", Prefixes(question="query: ", text="passage: ")),
    (r"nomic-embed", Prefixes(question="search_query: ", text="search_document: ")),
    (r"mxbai-embed|arctic-embed|\bbge-(?:small|base|large)-en", Prefixes(question=_REPRESENTED)),
    (
        r"embeddinggemma",
        Prefixes(question="task: search result | query: ", text="title: none | text: "),
    ),
)


def prefixes_of(model: str) -> Prefixes:
    """Those of the model's family; none for families that want none."""
    spelled = model.lower().replace("_", "-")
    return next((one for name, one in _FAMILIES if re.search(name, spelled)), Prefixes())
