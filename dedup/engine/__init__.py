"""Run the grouping and joining of rows that detection needs."""
