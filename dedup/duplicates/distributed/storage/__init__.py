"""The files in which the stages of a run leave what other stages need."""
