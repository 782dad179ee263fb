"""Summarise a run of `align`."""

from collections import Counter
from importlib.metadata import version
from typing import Any

from dedup.context import count_inputs, describe_inputs
from dedup.corpus import Corpus
from dedup.results import Run
from dedup.settings import fingerprint

# Pairs of languages that a note lists.
MAX_LISTED_LANGUAGES = 5
# Packages that the result depends on.
ALIGN_PACKAGES = ("dedup-text", "anyascii", "duckdb", "numpy", "py3langid", "pyarrow", "pystemmer", "rapidfuzz")


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


def credits_note(languages: Counter[str]) -> str:
    """Return the remark on documents whose credits are unknown.

    Args:
        languages: Number of documents of stories by their language, in which credits are not read.

    >>> credits_note(Counter({"it": 3, "tr": 1}))
    'credits are not read in it (3), tr (1), so the sources that 4 documents of stories credit are unknown'
    """
    listed = ", ".join(f"{language} ({number:,})" for language, number in languages.most_common(MAX_LISTED_LANGUAGES))
    more = ", …" if len(languages) > MAX_LISTED_LANGUAGES else ""
    documents = (
        "1 document of a story credits"
        if (total := languages.total()) == 1
        else f"{total:,} documents of stories credit"
    )
    return f"credits are not read in {listed}{more}, so the sources that {documents} are unknown"


def language_note(languages: Counter[tuple[str, str]]) -> str:
    """Return the remark on pairs of documents that were not compared, since their languages differ.

    Args:
        languages: Number of such pairs by their languages, ascending.

    >>> language_note(Counter({("en", "fr"): 3, ("de", "en"): 1}))
    '4 pairs of documents in different languages (guessed) were compared only for sentences with the same words: 3 en \
and fr, 1 de and en; if all are in one language, name it with --language'
    """
    ordered = sorted(languages.items(), key=lambda item: (-item[1], item[0]))
    parts = [f"{count:,} {left} and {right}" for (left, right), count in ordered[:MAX_LISTED_LANGUAGES]]
    if rest := sum(count for _, count in ordered[MAX_LISTED_LANGUAGES:]):
        parts.append(f"{rest:,} others")
    total = languages.total()
    pairs = "1 pair of documents" if total == 1 else f"{total:,} pairs of documents"
    were = "was" if total == 1 else "were"
    return (
        f"{pairs} in different languages (guessed) {were} compared only for sentences with the same words: "
        f"{', '.join(parts)}; if all are in one language, name it with --language"
    )
