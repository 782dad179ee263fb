"""Read files, folders, standard input and tables as one corpus of documents in a fixed order."""

from typing import TYPE_CHECKING

from dedup.runtime.lazy import lazy_names

if TYPE_CHECKING:
    from dedup.corpus.corpus import Corpus, open_corpus
    from dedup.corpus.inputs import ArrowStreamExporter
    from dedup.corpus.report import Columns, ReadReport, Skipped

__all__ = ["ArrowStreamExporter", "Columns", "Corpus", "ReadReport", "Skipped", "open_corpus"]

if not TYPE_CHECKING:
    # Some modules of the package are used alone, and a corpus needs Arrow.
    __getattr__ = lazy_names(__name__, __all__, ["dedup.corpus.report", "dedup.corpus.corpus", "dedup.corpus.inputs"])
