"""Containment: which documents contain a document of a reference, a test item, that is shorter than they are."""
