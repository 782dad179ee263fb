"""Render results for people: text in a terminal, HTML pages."""
