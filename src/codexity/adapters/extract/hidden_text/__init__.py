"""Text that nobody sees is taken out of a page's tree before anything reads it."""
