"""Citations in an answer: the numbers that name a source, and nothing that only looks like one."""

from codexity.citations.cleaner import CitationCleaner
from codexity.citations.foreign import apart, foreign

__all__ = ["CitationCleaner", "apart", "foreign"]
