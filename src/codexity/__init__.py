"""Codexity: an answer engine that searches, reads, and cites what it read."""
