"""Analyse one text: tokens, sentences, facts and credited sources."""
