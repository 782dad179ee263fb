"""Find names, and compare their spellings."""
