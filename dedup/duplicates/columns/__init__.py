"""What other columns than the text decide, and where they differ."""
