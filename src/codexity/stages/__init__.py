"""The steps a question goes through, one file a step."""
