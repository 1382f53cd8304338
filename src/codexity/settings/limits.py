"""The numbers that bound a run, as settings; their defaults are the core's own."""

from __future__ import annotations

from pydantic import Field

from codexity.model import Limits
from codexity.settings.values import Group, HarmlessNumber, HarmlessWhole

_OWN = Limits()


class LimitsGroup(Group):
    """What one question may cost. Durations are in seconds."""

    max_queries: HarmlessWhole = Field(
        default=_OWN.max_queries,
        ge=1,
        le=20,
        description="How many queries a question becomes at most.",
    )
    max_hits_per_query: HarmlessWhole = Field(
        default=_OWN.max_hits_per_query,
        ge=1,
        le=100,
        description="How many results of one provider are looked at for each query.",
    )
    max_hits_per_site: HarmlessWhole = Field(
        default=_OWN.max_hits_per_site,
        ge=1,
        le=100,
        description="How many pages of one site are read while other sites have results left.",
    )
    max_pages: HarmlessWhole = Field(
        default=_OWN.max_pages, ge=1, le=100, description="How many pages are read at most."
    )
    enough_pages: HarmlessWhole = Field(
        default=_OWN.enough_pages,
        ge=1,
        le=100,
        description="With so many pages read and all queries asked, slow pages are waited for "
        "`patience_seconds` at most.",
    )
    max_reads_at_once: HarmlessWhole = Field(
        default=_OWN.max_reads_at_once,
        ge=1,
        le=64,
        description="How many pages are read at the same time.",
    )
    max_sources: HarmlessWhole = Field(
        default=_OWN.max_sources,
        ge=1,
        le=50,
        description="How many sources an answer has at most.",
    )
    max_passages_per_source: HarmlessWhole = Field(
        default=_OWN.max_passages_per_source,
        ge=1,
        le=50,
        description="How many passages of one source are given to the writer.",
    )
    passage_words: HarmlessWhole = Field(
        default=_OWN.passage_words,
        ge=20,
        le=2_000,
        description="About how many words a passage has.",
    )
    evidence_tokens: HarmlessWhole = Field(
        default=_OWN.evidence_tokens,
        ge=200,
        le=1_000_000,
        description="How many tokens of passages are given to the model; less when its context "
        "is small.",
    )
    answer_tokens: HarmlessWhole = Field(
        default=_OWN.answer_tokens,
        ge=16,
        le=100_000,
        description="How many tokens the model may write.",
    )
    answer_sentences: HarmlessWhole = Field(
        default=_OWN.answer_sentences,
        ge=1,
        le=50,
        description="How many sentences an answer without a model has at most.",
    )
    rewrite_seconds: HarmlessNumber = Field(
        default=_OWN.rewrite_seconds,
        gt=0,
        le=600,
        description="How long the model may take to word further queries. The search does not "
        "wait for it.",
    )
    search_seconds: HarmlessNumber = Field(
        default=_OWN.search_seconds,
        gt=0,
        le=600,
        description="How long a search provider may take.",
    )
    read_seconds: HarmlessNumber = Field(
        default=_OWN.read_seconds, gt=0, le=600, description="How long a page may take to arrive."
    )
    gather_seconds: HarmlessNumber = Field(
        default=_OWN.gather_seconds,
        gt=0,
        le=3_600,
        description="How long searching and reading may take together.",
    )
    patience_seconds: HarmlessNumber = Field(
        default=_OWN.patience_seconds,
        ge=0,
        le=3_600,
        description="How long slow pages are waited for once enough are read; shorter where few "
        "are out, or a page speaks of what is asked.",
    )
    first_token_seconds: HarmlessNumber = Field(
        default=_OWN.first_token_seconds,
        gt=0,
        le=3_600,
        description="How long the model may take until its first word.",
    )
    write_seconds: HarmlessNumber = Field(
        default=_OWN.write_seconds,
        gt=0,
        le=3_600,
        description="How long the model may take to write the whole answer.",
    )
    run_seconds: HarmlessNumber = Field(
        default=_OWN.run_seconds,
        gt=0,
        le=7_200,
        description="How long a question may take in all.",
    )
    max_page_chars: HarmlessWhole = Field(
        default=_OWN.max_page_chars,
        ge=1_000,
        le=10_000_000,
        description="How many characters of a page are used: those that fit the question.",
    )
    max_answer_chars: HarmlessWhole = Field(
        default=_OWN.max_answer_chars,
        ge=1_000,
        le=1_000_000,
        description="How many characters an answer may have.",
    )
    max_run_bytes: HarmlessWhole = Field(
        default=_OWN.max_run_bytes,
        ge=10_000,
        le=1_000_000_000,
        description="How many bytes one run may say; a run that says more is ended.",
    )
    max_unread_events: HarmlessWhole = Field(
        default=_OWN.max_unread_events,
        ge=1,
        le=1_000_000,
        description="A reader further behind than this is dropped and may come back; while even "
        "the fastest is, the run waits.",
    )

    def values(self) -> Limits:
        """The same numbers, as the core takes them."""
        return Limits(**self.model_dump())
