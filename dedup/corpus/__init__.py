"""Reading: files, folders, streams and tables become one corpus of documents in a fixed order."""

from dedup.corpus.corpus import Corpus, open_corpus
from dedup.corpus.inputs import ArrowStream
from dedup.corpus.report import Columns, ReadReport, Skipped

__all__ = ["ArrowStream", "Columns", "Corpus", "ReadReport", "Skipped", "open_corpus"]
