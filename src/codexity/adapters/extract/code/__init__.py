"""Source code: what its authors say of it in docstrings, comments and signatures."""
