"""A lasting index of the documents that have been seen: additions, queries, and its use as a reference."""
