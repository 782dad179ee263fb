"""Two sentences that say the same to the words that correspond."""
