"""Keeping runs."""
