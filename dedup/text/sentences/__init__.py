"""A text to its sentences."""
