"""PDF documents: the lines of their pages in the order in which a person reads them."""
