"""A text to the sources that its clauses credit."""
