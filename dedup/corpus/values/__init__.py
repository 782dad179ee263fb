"""Read the values of columns: numbers, dates, and marks of a missing value."""

from typing import TYPE_CHECKING

from dedup.runtime.lazy import lazy_names

if TYPE_CHECKING:
    from dedup.corpus.values.instants import Instant, parse_instant
    from dedup.corpus.values.missing import is_no_value
    from dedup.corpus.values.numbers import parse_number

__all__ = ["Instant", "is_no_value", "parse_instant", "parse_number"]

if not TYPE_CHECKING:
    # The patterns of dates take long to compile, and most corpora need none of them.
    __getattr__ = lazy_names(
        __name__, __all__, [f"dedup.corpus.values.{name}" for name in ("missing", "numbers", "instants")]
    )
