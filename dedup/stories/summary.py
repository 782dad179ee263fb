"""Summarise a run of `align`."""

from importlib.metadata import version
from typing import Any

from dedup.context import count_inputs, describe_inputs
from dedup.corpus import Corpus
from dedup.results import Run
from dedup.settings import fingerprint

# Packages that the result depends on.
ALIGN_PACKAGES = ("dedup-text", "anyascii", "duckdb", "numpy", "py3langid", "pyarrow", "rapidfuzz", "snowballstemmer")


def summarise_alignment(
    corpus: Corpus, settings: dict[str, Any], counts: dict[str, int], seconds: dict[str, float]
) -> Run:
    """Return the summary of a run of `align`.

    Args:
        corpus: The corpus that was read.
        settings: Options that determine the result, by name.
        counts: Further counts, such as the number of stories, by name.
        seconds: Duration of each step, by name.
    """
    return Run(
        command="align",
        settings=settings,
        fingerprint=fingerprint(settings),
        versions={name: version(name) for name in ALIGN_PACKAGES},
        counts={"documents": corpus.rows, **counts, **count_inputs(corpus)},
        removed={},
        seconds=seconds,
        expected_recall=None,
        **describe_inputs(corpus),
    )
