"""Evidence that two documents report the same story: what they share, and the templates, which are no evidence."""
