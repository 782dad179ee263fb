"""Parse numbers with their units and the nouns they count."""
