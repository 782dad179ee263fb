"""What tasks do with a piece of the corpus, or with some components of similar units."""
