"""Parse dates in text."""
