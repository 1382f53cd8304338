"""The languages of documents, as far as they are stemmed apart from English."""

from __future__ import annotations

from codexity.analysis import told
from codexity.analysis.stemming import has_stemmer


def language_to_stem(text: str, detected: str | None) -> str:
    """The language whose stems a document is to have; empty where English's are enough.

    `detected` is what the extractor is sure of; short texts are told by their function words.
    """
    if detected is not None:
        return detected if has_stemmer(detected) else ""
    return told(text) or ""
