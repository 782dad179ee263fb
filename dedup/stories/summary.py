"""Summarise a run of `align`."""

from importlib.metadata import version
from typing import Any

from dedup.context import count_inputs, describe_inputs
from dedup.corpus import Corpus
from dedup.results import Run
from dedup.settings import fingerprint

ALIGNING = ("dedup-text", "anyascii", "duckdb", "numpy", "py3langid", "pyarrow", "rapidfuzz", "snowballstemmer")


def summarise_alignment(
    corpus: Corpus, settings: dict[str, Any], counts: dict[str, int], seconds: dict[str, float]
) -> Run:
    """Say what happened in an alignment."""
    return Run(
        command="align",
        settings=settings,
        fingerprint=fingerprint(settings),
        versions={name: version(name) for name in ALIGNING},
        counts={"documents": corpus.rows, **counts, **count_inputs(corpus)},
        removed={},
        seconds=seconds,
        expected_recall=None,
        **describe_inputs(corpus),
    )
