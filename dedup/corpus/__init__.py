"""Read files, folders, standard input and tables as one corpus of documents in a fixed order."""

from dedup.corpus.corpus import Corpus, open_corpus
from dedup.corpus.inputs import ArrowStreamExporter
from dedup.corpus.report import Columns, ReadReport, Skipped

__all__ = ["ArrowStreamExporter", "Columns", "Corpus", "ReadReport", "Skipped", "open_corpus"]
