"""What bounds a run."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Every number that bounds a run. Durations are in seconds."""

    max_queries: int = 4
    max_hits_per_query: int = 10
    max_hits_per_site: int = 3
    max_pages: int = 32
    enough_pages: int = 5
    max_reads_at_once: int = 32
    max_sources: int = 5
    max_passages_per_source: int = 5
    passage_words: int = 150
    evidence_tokens: int = 3_000
    answer_tokens: int = 1_024
    answer_sentences: int = 5
    rewrite_seconds: float = 3.0
    search_seconds: float = 6.0
    read_seconds: float = 8.0
    gather_seconds: float = 20.0
    patience_seconds: float = 3.0
    first_token_seconds: float = 120.0
    write_seconds: float = 300.0
    run_seconds: float = 360.0
    max_page_chars: int = 400_000
    max_answer_chars: int = 100_000
    max_run_bytes: int = 4_000_000
    max_unread_events: int = 1_000
