"""The work of tasks on a piece of the corpus, or on some components of similar units."""
