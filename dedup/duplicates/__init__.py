"""Find duplicate documents and paragraphs, and decide which to keep."""
