"""Embedders: what turns texts into vectors, and how near those are to a question's."""
