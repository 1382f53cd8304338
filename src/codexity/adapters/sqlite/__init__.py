"""What the SQLite files that are kept have in common."""
