"""Find the documents of a corpus that report the same story."""
