"""Columns other than the text: those that options name, and differences in them."""
