"""Reaching runs, and letting them begin."""
