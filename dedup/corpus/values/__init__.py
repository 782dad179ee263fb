"""Read the values of columns: numbers, dates, and marks of a missing value."""

from dedup.corpus.values.instants import Instant, parse_instant
from dedup.corpus.values.missing import is_no_value
from dedup.corpus.values.numbers import parse_number

__all__ = ["Instant", "is_no_value", "parse_instant", "parse_number"]
