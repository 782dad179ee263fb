"""Find the facts of a text (numbers, dates, names, quotations) in a normal form, and compare them."""
