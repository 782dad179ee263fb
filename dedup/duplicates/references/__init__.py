"""References: documents and paragraphs that new ones are compared with, and that are always kept."""
