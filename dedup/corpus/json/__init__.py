"""Parse JSON in the layouts that files have."""
