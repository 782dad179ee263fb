"""Render results as text for a terminal."""
