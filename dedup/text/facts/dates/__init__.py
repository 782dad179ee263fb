"""Find dates."""
