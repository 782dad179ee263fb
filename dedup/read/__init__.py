"""Reading: files, folders, streams and tables become one corpus of documents in a fixed order."""

from dedup.read.corpus import Corpus, open_corpus
from dedup.read.inputs import ArrowStream
from dedup.read.report import Columns, ReadReport, Skipped

__all__ = ["ArrowStream", "Columns", "Corpus", "ReadReport", "Skipped", "open_corpus"]
