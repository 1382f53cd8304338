"""Files that programs keep values in, read as rows and pairs."""
