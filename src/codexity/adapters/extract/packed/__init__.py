"""Documents that are ZIP archives of XML: of offices, and books."""
