"""Bringing public documents here, safely."""
