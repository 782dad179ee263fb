"""Align the words of two corresponding sentences."""
