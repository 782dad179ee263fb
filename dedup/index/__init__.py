"""A lasting index of kept documents and paragraphs: segments, manifest, lookups, add, query."""
