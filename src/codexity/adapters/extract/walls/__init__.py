"""Pages that are no content, and layers over those that are."""
