"""Describe stories: their documents, facts, sources, headlines and roles."""
