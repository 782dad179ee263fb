"""Find which documents of a corpus report the same story."""
