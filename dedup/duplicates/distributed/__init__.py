"""Run `clean` and `scan` on Spark: the corpus is divided into pieces, and each component of similar units is compared
in one task, by the code that compares a whole corpus on one machine."""
