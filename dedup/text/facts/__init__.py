"""A text to its facts: numbers, dates, names and quotations, in a normal form; and names in two spellings."""
