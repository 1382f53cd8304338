"""Finding the readable text in documents."""
