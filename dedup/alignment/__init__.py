"""Align two texts: links between their sentences, shared and conflicting facts, word alignment."""
