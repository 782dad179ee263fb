"""Find names, and compare them in different spellings."""
