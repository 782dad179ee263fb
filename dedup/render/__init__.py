"""Results for people: text in a terminal, progress, messages."""
