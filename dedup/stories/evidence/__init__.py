"""Evidence that two documents report the same story: what they share, and the templates that say nothing."""
