"""Saying how well passages fit a question."""
