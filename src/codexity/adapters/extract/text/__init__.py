"""Markdown, plain text, Org and mail as blocks."""
