"""An index of documents across runs: additions, queries, and its use as a reference."""
