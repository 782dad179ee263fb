"""The files by which the stages of a run pass data to each other."""
