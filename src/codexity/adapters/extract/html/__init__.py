"""HTML pages: their main text as blocks, their title and their dates."""
