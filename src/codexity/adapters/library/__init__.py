"""The user's own documents and the starter collection."""
